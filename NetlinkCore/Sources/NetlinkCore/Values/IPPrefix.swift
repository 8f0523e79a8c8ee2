// SPDX-License-Identifier: Apache-2.0

/// An address and how many of its leading bits count: `10.0.0.1/24`.
///
/// Bits behind the length are kept, as an interface's own address needs them; ``network`` clears them.
public struct IPPrefix: TextValue {
    /// The address, with all its bits.
    public let address: IPAddress
    /// How many leading bits count: at most 32 or 128.
    public let length: UInt8

    /// Makes a prefix; nil where the length is negative or exceeds the address's bits.
    @inlinable public init?(_ address: IPAddress, length: Int) {
        guard length >= 0, length <= address.bitCount else { return nil }
        self.address = address
        self.length = UInt8(truncatingIfNeeded: length)
    }

    /// Makes a prefix; nil where the length is negative or above 32.
    @inlinable public init?(_ address: IPv4Address, length: Int) { self.init(.v4(address), length: length) }
    /// Makes a prefix; nil where the length is negative or above 128.
    @inlinable public init?(_ address: IPv6Address, length: Int) { self.init(.v6(address), length: length) }

    /// Makes the prefix of one single address.
    @inlinable public init(_ address: IPAddress) {
        self.address = address
        length = UInt8(truncatingIfNeeded: address.bitCount)
    }

    /// 0.0.0.0/0.
    @inlinable public static var anyIPv4: Self { Self(checked: .v4(.any), length: 0) }
    /// ::/0.
    @inlinable public static var anyIPv6: Self { Self(checked: .v6(.any), length: 0) }

    @usableFromInline init(checked address: IPAddress, length: UInt8) {
        self.address = address
        self.length = length
    }

    /// Which kind of address it has.
    @inlinable public var family: AddressFamily { address.family }
    /// Whether all bits count.
    @inlinable public var isHost: Bool { Int(length) == address.bitCount }
    /// Whether no bit counts, as in a default route.
    @inlinable public var isAny: Bool { length == 0 }

    /// The length as an address: of /24 it is 255.255.255.0.
    @inlinable public var mask: IPAddress {
        switch address {
        case .v4: .v4(IPv4Address(maskLength: Int(length)) ?? .any)
        case .v6: .v6(IPv6Address(maskLength: Int(length)) ?? .any)
        }
    }

    /// The same prefix with the bits behind its length cleared.
    @inlinable public var network: Self { Self(checked: masking(address), length: length) }

    /// Whether a bit behind the length is set, which the kernel refuses in a route's destination.
    @inlinable public var hasHostBits: Bool { masking(address) != address }

    /// The highest address of an IPv4 prefix shorter than 31 bits, which is its broadcast address.
    @inlinable public var broadcast: IPv4Address? {
        guard case (.v4(let address), .v4(let mask)) = (address, mask), length < 31 else { return nil }
        return IPv4Address(rawValue: address.rawValue | ~mask.rawValue)
    }

    /// Whether an address has this prefix; one of the other family never has.
    @inlinable public func contains(_ other: IPAddress) -> Bool {
        other.family == family && masking(other) == masking(address)
    }

    /// Whether every address of another prefix has this one.
    @inlinable public func contains(_ other: Self) -> Bool { other.length >= length && contains(other.address) }

    /// An address of the same family with the bits behind the length cleared.
    @usableFromInline func masking(_ other: IPAddress) -> IPAddress {
        switch (other, mask) {
        case (.v4(let other), .v4(let mask)): .v4(IPv4Address(rawValue: other.rawValue & mask.rawValue))
        case (.v6(let other), .v6(let mask)): .v6(IPv6Address(high: other.high & mask.high, low: other.low & mask.low))
        default: other
        }
    }
}

extension IPPrefix: Comparable {
    /// Orders by address, then the shorter first.
    @inlinable public static func < (a: Self, b: Self) -> Bool {
        a.address != b.address ? a.address < b.address : a.length < b.length
    }
}

extension IPPrefix: ExpressibleByStringLiteral {
    /// Takes a literal; one that is not a prefix traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not an IP prefix: \(text)")
        self = value ?? .anyIPv4
    }
}

extension IPPrefix {
    /// Reads an address as `inet_pton` does and a decimal length behind `/`; without one all bits count.
    public init?(_ text: String) { self.init(ascii: text.utf8.span) }

    /// Reads text in place, by the rules of `init?(_:)`.
    public init?(ascii text: Span<UInt8>) {
        var slash = 0
        while slash < text.count, text[slash] != ASCII.slash { slash += 1 }
        guard let address = IPAddress(ascii: text.extracting(first: slash)) else { return nil }
        guard slash < text.count else {
            self.init(address)
            return
        }
        let digits = text.count - slash - 1
        guard digits >= 1, digits <= 3, digits == 1 || text[slash + 1] != ASCII.zero else { return nil }
        var length = 0
        for index in (slash + 1)..<text.count {
            let digit = text[index] &- ASCII.zero
            guard digit <= 9 else { return nil }
            length = length * 10 + Int(digit)
        }
        self.init(address, length: length)
    }

    /// Appends the address, a slash and the length.
    public func write(to bytes: inout [UInt8]) {
        address.write(to: &bytes)
        bytes.append(addingCapacity: 4) { (out: inout OutputSpan<UInt8>) in
            out.append(ASCII.slash)
            out.append(decimal: length)
        }
    }

    /// Appends the text as `ip` prints destinations: without the length where all bits count.
    public func writeAbbreviated(to bytes: inout [UInt8]) {
        if isHost { address.write(to: &bytes) } else { write(to: &bytes) }
    }
}
