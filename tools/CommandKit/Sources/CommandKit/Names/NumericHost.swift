// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Addresses in the forms that the C library takes: `10.1` and `0x7f000001` for IPv4, a scope behind IPv6.
public enum NumericHost {
    /// The address's bytes, and the text of its scope; nil where the text is no address.
    public static func parse(_ text: [UInt8]) -> (address: [UInt8], scope: [UInt8]?)? {
        if let address = ipv4(text) { return (address, nil) }
        let parts = text.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = ipv6(Array(first)) else { return nil }
        return (address, parts.count > 1 ? Array(parts[1]) : nil)
    }

    private static func ipv4(_ text: [UInt8]) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = number(part) else { return nil }
            let isLast = index == parts.count - 1
            let limit: UInt64 = isLast ? 1 << (8 * UInt64(5 - parts.count)) : 256
            guard number < limit else { return nil }
            value |= number << (isLast ? 0 : 8 * UInt64(3 - index))
        }
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        var digits = text
        var base: UInt64 = 10
        if digits.first == 0x30, digits.count > 1 {
            digits = digits.dropFirst()
            base = 8
            if digits.first.map({ $0 | 0x20 }) == UInt8(ascii: "x") {
                digits = digits.dropFirst()
                base = 16
            }
        }
        guard !digits.isEmpty, digits.count <= 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let number: UInt64
            switch digit {
            case 0x30...0x39: number = UInt64(digit - 0x30)
            case 0x41...0x46, 0x61...0x66: number = UInt64((digit | 0x20) - 0x61) + 10
            default: return nil
            }
            guard number < base, value < 1 << 40 else { return nil }
            value = value * base + number
        }
        return value
    }

    private static func ipv6(_ text: [UInt8]) -> [UInt8]? {
        guard let address = IPv6Address(ascii: text.span) else { return nil }
        return (0..<16).map {
            UInt8(truncatingIfNeeded: ($0 < 8 ? address.high : address.low) >> (56 - 8 * UInt64($0 % 8)))
        }
    }
}
