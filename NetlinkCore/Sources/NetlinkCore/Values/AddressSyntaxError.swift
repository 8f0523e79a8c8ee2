// SPDX-License-Identifier: Apache-2.0

/// A word of a command line that is not the address it should be.
///
/// `description` is the line that `ip` prints behind `Error: `, ``problem`` says more exactly what is wrong.
public struct AddressSyntaxError: Error, Hashable, Sendable {
    /// What was to be read.
    @nonexhaustive public enum Form: String, Hashable, Sendable {
        /// An address.
        case address
        /// An address with a prefix length.
        case prefix
        /// A hardware address.
        case hardwareAddress
    }

    /// What is wrong with the text.
    @nonexhaustive public enum Problem: String, Hashable, Sendable {
        /// It is no address at all.
        case malformed = "not an address"
        /// An octet is not a number from 0 to 255.
        case octetOutOfRange = "an octet is not a number from 0 to 255"
        /// It is an address, but not of the family that belongs here.
        case wrongFamily = "an address of another family"
        /// There is no number and no mask behind the slash.
        case malformedLength = "neither a prefix length nor a mask behind the slash"
        /// The prefix length exceeds the address's bits.
        case lengthOutOfRange = "the prefix length is out of range"
        /// A zero comes before a one in the mask behind the slash.
        case maskHasGaps = "the mask behind the slash has gaps"
        /// The family has no prefixes.
        case notAllowed = "this family has no prefixes"
        /// More bytes than any hardware address has.
        case tooLong = "longer than 32 bytes"
    }

    /// What was to be read.
    public let form: Form
    /// The offending text: the word, or of a hardware address the group.
    public let text: String
    /// The family that was asked for.
    public let family: AddressFamily?
    /// What is wrong with the text.
    public let problem: Problem

    /// Describes a wrong word.
    public init(_ form: Form, _ text: String, family: AddressFamily? = nil, problem: Problem) {
        self.form = form
        self.text = text
        self.family = family
        self.problem = problem
    }
}

extension AddressSyntaxError: CustomStringConvertible {
    /// The line that `ip` prints behind `Error: `.
    public var description: String {
        switch form {
        case .hardwareAddress: "\"\(text)\" is invalid lladdr."
        case .prefix where problem == .notAllowed:
            "\"\(text)\" may be inet prefix, but it is not allowed in this context."
        case .address, .prefix:
            "\(family?.description ?? "any valid") \(form.rawValue) is expected rather than \"\(text)\"."
        }
    }
}
