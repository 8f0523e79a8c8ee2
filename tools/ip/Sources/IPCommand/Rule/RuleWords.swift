// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Reads the values that selectors of rules have, when rules are added and when they are listed.
enum RuleWords {
    /// A mark, and behind a slash its mask.
    static func mark(_ word: Word, _ name: String, _ maskName: String) throws(CommandError) -> RuleMark {
        let (first, second) = word.split(at: "/")
        guard let value = first.number(UInt32.self) else { throw .invalid(first, "\(name) value is invalid\n") }
        guard let second else { return RuleMark(value) }
        guard let mask = second.number(UInt32.self) else { throw .invalid(second, "\(maskName) value is invalid\n") }
        return RuleMark(value, mask: mask)
    }

    /// A flow label, and behind a slash its mask.
    static func flowLabel(_ word: Word) throws(CommandError) -> RuleMark {
        let (first, second) = word.split(at: "/")
        guard let value = first.number(UInt32.self) else { throw .invalid(first, "invalid flowlabel") }
        guard let second else { return RuleMark(value, mask: 0xf_ffff) }
        guard let mask = second.number(UInt32.self) else { throw .invalid(second, "invalid flowlabel mask") }
        return RuleMark(value, mask: mask)
    }

    /// A code point by name or number, and behind a slash its mask.
    static func codePoint(_ word: Word, _ session: inout Session) throws(CommandError) -> RuleCodePoint {
        let (first, second) = word.split(at: "/")
        guard let value = codePointNumber(first, &session) else { throw .invalid(first, "invalid dscp") }
        guard let second else { return RuleCodePoint(value) }
        guard let mask = second.number(UInt8.self) else { throw .invalid(second, "invalid dscp mask") }
        return RuleCodePoint(value, mask: mask)
    }

    private static func codePointNumber(_ word: Word, _ session: inout Session) -> UInt8? {
        if let number = word.number(UInt8.self) { return number }
        // Names are those of whole octets, of which a code point is the upper six bits.
        guard let octet = session.names.dsfields.number(word), octet < 256, octet & 3 == 0 else { return nil }
        return UInt8(octet >> 2)
    }

    /// `FIRST-LAST`, one port, or `PORT/MASK`.
    static func ports(_ word: Word) throws(CommandError) -> RulePorts {
        let (first, last) = word.split(at: "-")
        if let last {
            guard let from = first.number(UInt16.self) else { throw .invalid(first, "invalid port range start") }
            guard let to = last.number(UInt16.self) else { throw .invalid(last, "invalid port range end") }
            return RulePorts(from, through: to)
        }
        let (port, mask) = word.split(at: "/")
        guard let number = port.number(UInt16.self) else { throw .invalid(port, "invalid port") }
        guard let mask else { return RulePorts(number) }
        guard let bits = mask.number(UInt16.self) else { throw .invalid(mask, "invalid mask") }
        return RulePorts(number, mask: bits)
    }

    /// `FIRST-LAST`.
    static func users(_ word: Word) throws(CommandError) -> RuleUsers {
        let (first, last) = word.split(at: "-")
        guard let from = first.number(UInt32.self, base: 10), let to = last?.number(UInt32.self, base: 10) else {
            throw .invalid(word, "invalid UID range\n")
        }
        return RuleUsers(from, through: to)
    }

    /// A transport protocol by name or number.
    static func ipProtocol(_ word: Word) throws(CommandError) -> UInt8 {
        guard let number = word.number(UInt8.self, base: 10) ?? SystemNames().ipProtocol(named: word) else {
            throw .invalid(word, "Invalid \"ipproto\" value\n")
        }
        return number
    }

    /// The name of a link, which need not exist.
    static func interface(_ word: Word, _ keyword: String) throws(CommandError) -> InterfaceName {
        guard let name = InterfaceName(word.string), name.isValid else {
            throw .invalid(word, "\(keyword) not a valid ifname")
        }
        return name
    }

    /// A type of service.
    static func typeOfService(_ word: Word, _ session: inout Session) throws(CommandError) -> UInt8 {
        guard let value = session.names.dsfields.number(word), value < 256 else {
            throw .invalid(word, "TOS value is invalid\n")
        }
        return UInt8(value)
    }
}
