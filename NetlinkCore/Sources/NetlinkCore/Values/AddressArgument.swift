// SPDX-License-Identifier: Apache-2.0

/// An address as `ip` reads it from its command line.
///
/// Unlike `inet_pton`, `ip` takes short IPv4 addresses, whose missing octets are zeros at the end (`10.1` is
/// 10.1.0.0), octets in octal and hexadecimal (`010.0x1`), and the words `default`, `any` and `all`.
public enum AddressArgument: Hashable, Sendable {
    /// `any` or `all`: no address, in requests an attribute left out.
    case any
    /// `default` where no family was asked for: zeros of whichever family the place has.
    case `default`
    /// One address.
    case address(IPAddress)

    /// Reads a word.
    ///
    /// - Parameters:
    ///   - text: The word as the user wrote it.
    ///   - family: The family that belongs here, nil where the text decides.
    /// - Throws: ``AddressSyntaxError`` with form ``AddressSyntaxError/Form/address``.
    public init(parsing text: String, family: AddressFamily? = nil) throws(AddressSyntaxError) {
        do throws(AddressSyntaxError.Problem) {
            self = try Self.read(text.utf8.span, family: family == .unspecified ? nil : family)
        } catch {
            throw AddressSyntaxError(.address, text, family: family == .unspecified ? nil : family, problem: error)
        }
    }

    /// The address as the place where it stands has it.
    ///
    /// - Parameter family: The family of the place, of which `default` is made.
    /// - Returns: The address, zeros for `default` and nil for `any`.
    public func address(in family: AddressFamily) -> IPAddress? {
        switch self {
        case .any: nil
        case .default: IPAddress(anyOf: family)
        case .address(let address): address
        }
    }

    static func read(
        _ text: Span<UInt8>, family: AddressFamily?
    ) throws(AddressSyntaxError.Problem) -> AddressArgument {
        // A packet address is a hardware address and an MPLS one a label; the three words name neither.
        if family == .packet || family == .mpls { throw .wrongFamily }
        if text.isEqual(to: "default") {
            guard let family, let zeros = IPAddress(anyOf: family) else { return .default }
            return .address(zeros)
        }
        if text.isEqual(to: "any") || text.isEqual(to: "all") { return .any }
        var isIPv6 = false
        for index in text.indices where text[index] == ASCII.colon { isIPv6 = true }
        if isIPv6 {
            guard let address = IPv6Address(ascii: text) else { throw .malformed }
            if let family, family != .ipv6 { throw .wrongFamily }
            return .address(.v6(address))
        }
        let address = try IPv4Address(abbreviated: text)
        if let family, family != .ipv4 { throw .wrongFamily }
        return .address(.v4(address))
    }
}

extension AddressSyntaxError.Problem: Error {}

extension IPv4Address {
    /// Reads one to four octets in any base; what is missing at the end is zero.
    init(abbreviated text: Span<UInt8>) throws(AddressSyntaxError.Problem) {
        var value: UInt32 = 0
        var index = 0
        var octets: UInt32 = 0
        while true {
            guard let octet = text.number(at: &index) else { throw .malformed }
            guard octet <= 255 else { throw .octetOutOfRange }
            value |= UInt32(truncatingIfNeeded: octet) << (24 - 8 * octets)
            octets += 1
            guard index < text.count else { break }
            guard octets < 4, text[index] == ASCII.dot else { throw .malformed }
            index += 1
        }
        self.init(rawValue: value)
    }
}

extension Span<UInt8> {
    /// Whether the bytes are those of a literal.
    @inline(__always)
    func isEqual(to text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = text.description.utf8.span
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Reads a number as `strtoul` does with base 0, spaces and a plus sign before it included.
    ///
    /// - Returns: The number, at most `UInt32.max` for whatever is greater; nil where no digit comes.
    func number(at index: inout Int) -> UInt64? {
        while index < count, ASCII.isSpace(self[index]) { index += 1 }
        if index < count, self[index] == ASCII.plus { index += 1 }
        var base: UInt64 = 10
        if index < count, self[index] == ASCII.zero {
            base = 8
            if index + 2 < count, self[index + 1] | 0x20 == UInt8(ascii: "x"), ASCII.digit(self[index + 2]) != nil {
                base = 16
                index += 2
            }
        }
        let start = index
        var value: UInt64 = 0
        while index < count, let digit = ASCII.digit(self[index]), digit < base {
            value = Swift.min(value * base + UInt64(digit), UInt64(UInt32.max))
            index += 1
        }
        return index > start ? value : nil
    }
}
