// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address.
///
/// Kernel: four bytes in network byte order.
public struct IPv4Address: TextValue {
    /// The address as a number: 192.0.2.1 is 0xc0000201.
    public var rawValue: UInt32

    /// How many bytes an address has on the wire.
    @inlinable public static var byteCount: Int { 4 }

    /// Makes an address of its number.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Makes an address of its four octets, as they are written.
    @inlinable public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// Makes an address of four bytes from the wire that were loaded as one integer.
    @inlinable @inline(__always)
    public init(networkOrder: UInt32) { rawValue = UInt32(bigEndian: networkOrder) }

    /// The integer whose bytes in memory are those of the wire.
    @inlinable public var networkOrder: UInt32 {
        @inline(__always) get { rawValue.bigEndian }
    }

    /// Makes an address of its bytes on the wire.
    @inlinable public init(octets: [4 of UInt8]) { self.init(octets[0], octets[1], octets[2], octets[3]) }

    /// The bytes on the wire.
    @inlinable public var octets: [4 of UInt8] {
        [
            UInt8(truncatingIfNeeded: rawValue >> 24), UInt8(truncatingIfNeeded: rawValue >> 16),
            UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue),
        ]
    }

    /// 0.0.0.0, which stands for no address or all of them.
    @inlinable public static var any: Self { Self(rawValue: 0) }
    /// 127.0.0.1.
    @inlinable public static var loopback: Self { Self(127, 0, 0, 1) }
    /// 255.255.255.255.
    @inlinable public static var broadcast: Self { Self(rawValue: .max) }

    /// Whether it is 0.0.0.0.
    @inlinable public var isUnspecified: Bool { rawValue == 0 }
    /// Whether it lies in 127.0.0.0/8.
    @inlinable public var isLoopback: Bool { rawValue >> 24 == 127 }
    /// Whether it lies in 224.0.0.0/4.
    @inlinable public var isMulticast: Bool { rawValue >> 28 == 0xe }
    /// Whether it lies in 169.254.0.0/16.
    @inlinable public var isLinkLocal: Bool { rawValue >> 16 == 0xa9fe }

    /// The mask of a prefix: the length's number of leading ones.
    ///
    /// - Parameter maskLength: At most 32; nil for anything else.
    @inlinable public init?(maskLength: Int) {
        guard maskLength >= 0, maskLength <= 32 else { return nil }
        rawValue = maskLength == 0 ? 0 : .max << (32 - UInt32(truncatingIfNeeded: maskLength))
    }

    /// The prefix length that this address is the mask of, nil where a zero comes before a one.
    @inlinable public var maskLength: Int? {
        let ones = (~rawValue).leadingZeroBitCount
        return rawValue << ones == 0 ? ones : nil
    }
}

extension IPv4Address: Comparable {
    /// Orders by number.
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension IPv4Address: ExpressibleByStringLiteral {
    /// Takes a literal; one that is not an address traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not an IPv4 address: \(text)")
        self = value ?? .any
    }
}

extension IPv4Address {
    /// Reads four decimal octets, exactly as `inet_pton` does: no abbreviation, no leading zeros, no spaces.
    public init?(_ text: String) { self.init(ascii: text.utf8.span) }

    /// Reads text in place, by the rules of `init?(_:)`.
    public init?(ascii text: Span<UInt8>) { self.init(ascii: text, from: 0) }

    /// Reads the text from an index to the end.
    init?(ascii text: Span<UInt8>, from start: Int) {
        guard text.count - start <= 15 else { return nil }
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in start..<text.count {
            let byte = text[index]
            let digit = UInt32(byte &- ASCII.zero)
            if digit <= 9 {
                guard digits == 0 || octet != 0 else { return nil }
                octet = octet * 10 + digit
                digits += 1
                guard octet <= 255 else { return nil }
            } else if byte == ASCII.dot, digits > 0, dots < 3 {
                value = value << 8 | octet
                octet = 0
                digits = 0
                dots += 1
            } else {
                return nil
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        self.init(rawValue: value << 8 | octet)
    }

    /// Appends four decimal octets.
    public func write(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: 15) { (out: inout OutputSpan<UInt8>) in write(into: &out) }
    }

    /// Writes at most 15 bytes.
    @inline(__always)
    func write(into out: inout OutputSpan<UInt8>) {
        out.append(decimal: UInt8(truncatingIfNeeded: rawValue >> 24))
        out.append(ASCII.dot)
        out.append(decimal: UInt8(truncatingIfNeeded: rawValue >> 16))
        out.append(ASCII.dot)
        out.append(decimal: UInt8(truncatingIfNeeded: rawValue >> 8))
        out.append(ASCII.dot)
        out.append(decimal: UInt8(truncatingIfNeeded: rawValue))
    }
}
