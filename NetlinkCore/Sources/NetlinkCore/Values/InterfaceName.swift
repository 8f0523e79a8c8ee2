// SPDX-License-Identifier: Apache-2.0

/// The name of a link: 1 to 15 bytes.
///
/// A name that a program makes has none of `/`, `:`, white space and NUL in it and is neither `.` nor `..`. The kernel
/// counts the byte 0xa0 as white space, so that a name may not have a character such as `à` whose UTF-8 form has
/// it. What the kernel sends is taken as it is, valid UTF-8 or not, and goes back unchanged.
///
/// Kernel: `IFLA_IFNAME`, at most `IFNAMSIZ` bytes with the NUL.
public struct InterfaceName: TextValue {
    // The bytes from the most significant one on, zeros behind the end: comparing numbers compares names.
    private var high: UInt64
    private var low: UInt64

    /// How many bytes a name has at most.
    public static let maximumByteCount = terminatedByteCount - 1
    private static let terminatedByteCount = 16  // IFNAMSIZ

    /// Checks a name; nil where the kernel would refuse it.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumByteCount, !text.utf8.contains(0) else { return nil }
        self.init(kernelBytes: text.utf8)
        guard isValid else { return nil }
    }

    /// Takes bytes from the kernel, up to the first NUL and at most 15 of them.
    public init(kernelBytes bytes: RawSpan) {
        high = 0
        low = 0
        for index in 0..<min(bytes.byteCount, Self.maximumByteCount) {
            let byte = bytes.loadChecked(index, as: UInt8.self)
            guard byte != 0 else { break }
            set(byte, at: index)
        }
    }

    /// Takes bytes from the kernel, up to the first NUL and at most 15 of them.
    public init(kernelBytes bytes: some Sequence<UInt8>) {
        high = 0
        low = 0
        var index = 0
        for byte in bytes {
            guard byte != 0, index < Self.maximumByteCount else { break }
            set(byte, at: index)
            index += 1
        }
    }

    /// How many bytes it has; zero only for what the kernel sent so.
    public var byteCount: Int {
        low == 0 ? 8 - high.trailingZeroBitCount / 8 : 16 - low.trailingZeroBitCount / 8
    }

    /// A copy of the bytes, without a NUL.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// Whether the kernel would take it as a new link's name; what the kernel sent may be otherwise.
    public var isValid: Bool {
        guard high != 0, !isDots else { return false }
        for index in 0..<byteCount {
            let byte = UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
            if byte == ASCII.slash || byte == ASCII.colon || byte == 0xa0 || ASCII.isSpace(byte) { return false }
        }
        return true
    }

    /// Whether it is `.` or `..`.
    private var isDots: Bool { high == 0x2e << 56 || high == 0x2e2e << 48 }

    private mutating func set(_ byte: UInt8, at index: Int) {
        let shift = UInt64(56 - index % 8 * 8)
        if index < 8 { high |= UInt64(byte) << shift } else { low |= UInt64(byte) << shift }
    }

    /// Appends the bytes as the kernel has them.
    public func write(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: 16) { (out: inout OutputSpan<UInt8>) in
            var rest = high
            while rest != 0 {
                out.append(UInt8(truncatingIfNeeded: rest >> 56))
                rest <<= 8
            }
            rest = low
            while rest != 0 {
                out.append(UInt8(truncatingIfNeeded: rest >> 56))
                rest <<= 8
            }
        }
    }
}

extension InterfaceName: Comparable {
    /// Orders by the bytes.
    public static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
}

extension InterfaceName: ExpressibleByStringLiteral {
    /// Takes a literal; one that the kernel would refuse traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not an interface name: \(text)")
        self = value ?? Self(kernelBytes: text.utf8)
    }
}
