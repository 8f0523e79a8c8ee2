// SPDX-License-Identifier: Apache-2.0

/// An IPv6 address.
///
/// Kernel: sixteen bytes in network byte order (`struct in6_addr`).
public struct IPv6Address: TextValue {
    /// The first eight bytes as a number: of 2001:db8::1 it is 0x20010db8_00000000.
    public var high: UInt64
    /// The last eight bytes as a number: of 2001:db8::1 it is 1.
    public var low: UInt64

    /// How many bytes an address has on the wire.
    @inlinable public static var byteCount: Int { 16 }

    /// Makes an address of the numbers of its halves.
    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an address of its eight groups, as they are written.
    @inlinable public init(
        _ first: UInt16, _ second: UInt16, _ third: UInt16, _ fourth: UInt16,
        _ fifth: UInt16, _ sixth: UInt16, _ seventh: UInt16, _ eighth: UInt16
    ) {
        high = UInt64(first) << 48 | UInt64(second) << 32 | UInt64(third) << 16 | UInt64(fourth)
        low = UInt64(fifth) << 48 | UInt64(sixth) << 32 | UInt64(seventh) << 16 | UInt64(eighth)
    }

    /// Makes an address of sixteen bytes from the wire that were loaded as two integers.
    @inlinable @inline(__always)
    public init(networkOrder high: UInt64, _ low: UInt64) {
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// The integers whose bytes in memory, one after the other, are those of the wire.
    @inlinable public var networkOrder: (high: UInt64, low: UInt64) {
        @inline(__always) get { (high.bigEndian, low.bigEndian) }
    }

    /// Makes an address of its bytes on the wire.
    @inlinable public init(octets: [16 of UInt8]) {
        self.init(high: 0, low: 0)
        for index in 0..<8 {
            high = high << 8 | UInt64(octets[index])
            low = low << 8 | UInt64(octets[index + 8])
        }
    }

    /// The bytes on the wire.
    @inlinable public var octets: [16 of UInt8] {
        [16 of UInt8] { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
        }
    }

    /// ::, which stands for no address or all of them.
    @inlinable public static var any: Self { Self(high: 0, low: 0) }
    /// ::1.
    @inlinable public static var loopback: Self { Self(high: 0, low: 1) }

    /// Whether it is ::.
    @inlinable public var isUnspecified: Bool { high | low == 0 }
    /// Whether it is ::1.
    @inlinable public var isLoopback: Bool { high == 0 && low == 1 }
    /// Whether it lies in ff00::/8.
    @inlinable public var isMulticast: Bool { high >> 56 == 0xff }
    /// Whether it lies in fe80::/10.
    @inlinable public var isLinkLocal: Bool { high >> 54 == 0x3fa }
    /// Whether it lies in ::ffff:0:0/96.
    @inlinable public var isIPv4Mapped: Bool { high == 0 && low >> 32 == 0xffff }

    /// Maps an IPv4 address into ::ffff:0:0/96.
    @inlinable public init(mapping address: IPv4Address) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(address.rawValue))
    }

    /// The IPv4 address inside one that lies in ::ffff:0:0/96.
    @inlinable public var mappedIPv4: IPv4Address? {
        isIPv4Mapped ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)) : nil
    }

    /// The mask of a prefix: the length's number of leading ones.
    ///
    /// - Parameter maskLength: At most 128; nil for anything else.
    @inlinable public init?(maskLength: Int) {
        guard maskLength >= 0, maskLength <= 128 else { return nil }
        self.init(
            high: maskLength == 0 ? 0 : maskLength >= 64 ? .max : .max << UInt64(64 - maskLength),
            low: maskLength <= 64 ? 0 : .max << UInt64(128 - maskLength))
    }
}

extension IPv6Address: Comparable {
    /// Orders by number.
    @inlinable public static func < (a: Self, b: Self) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }
}

extension IPv6Address: ExpressibleByStringLiteral {
    /// Takes a literal; one that is not an address traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not an IPv6 address: \(text)")
        self = value ?? .any
    }
}
