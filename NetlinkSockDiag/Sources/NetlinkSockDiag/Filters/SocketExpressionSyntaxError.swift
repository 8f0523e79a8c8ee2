// SPDX-License-Identifier: Apache-2.0

/// Why `ss` text is not a filter.
public struct SocketExpressionSyntaxError: Error, Hashable, Sendable {
    /// What is wrong.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// The word cannot stand here, or with an empty ``word`` one is missing.
        case unexpectedWord
        /// The word stands for an address and is none.
        case notAnAddress
        /// A part of the word stands for a port and is none.
        case notAPort
        /// The port's name means one port of TCP and another one of UDP.
        case ambiguousPort
        /// The word stands for an address and is malformed as a whole.
        case malformedAddress
        /// The word names no link.
        case noSuchDevice
        /// The word is no mark.
        case notAMark
        /// The word is no control group.
        case noSuchCgroup
        /// Parentheses or negations are nested too deeply.
        case tooDeep
    }

    /// What is wrong.
    public var reason: Reason
    /// The word that is wrong; empty where one is missing.
    public var word: String
    /// The part of the word that is wrong, such as the port.
    public var part: String

    /// For a closure that finds ports: the name means one port of TCP and another one of UDP.
    public init(ambiguousPort name: String) { self.init(.ambiguousPort, name) }

    init(_ reason: Reason, _ word: String, part: String? = nil) {
        self.reason = reason
        self.word = word
        self.part = part ?? word
    }
}

extension SocketExpressionSyntaxError: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch reason {
        case .unexpectedWord where word.isEmpty: "the filter ends where a word is expected"
        case .unexpectedWord: "\"\(word)\" cannot stand here"
        case .notAnAddress: "an internet prefix is expected rather than \"\(part)\""
        case .notAPort: "\"\(part)\" does not look like a port"
        case .ambiguousPort: "the port \"\(part)\" is ambiguous"
        case .malformedAddress: "\"\(word)\" is not an address"
        case .noSuchDevice: "there is no device \"\(word)\""
        case .notAMark: "\"\(word)\" is not a mark"
        case .noSuchCgroup: "there is no control group \"\(word)\""
        case .tooDeep: "the filter is nested too deeply"
        }
    }
}
