// SPDX-License-Identifier: Apache-2.0

extension IPv6Address {
    /// Reads the text form of RFC 4291, exactly as `inet_pton` does: no zone, no brackets.
    public init?(_ text: String) { self.init(ascii: text.utf8.span) }

    /// Reads text in place, by the rules of `init?(_:)`.
    public init?(ascii text: Span<UInt8>) {
        let count = text.count
        guard count >= 2, count <= 45 else { return nil }
        var groups = Groups()
        var gap: Int?
        var index = 0
        if text[0] == ASCII.colon {
            guard text[1] == ASCII.colon else { return nil }
            gap = 0
            index = 2
        }
        while index < count {
            let start = index
            var group: UInt16 = 0
            while index < count, let digit = ASCII.digit(text[index]) {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt16(digit)
                index += 1
            }
            if index < count, text[index] == ASCII.dot {
                guard groups.count <= 6, let address = IPv4Address(ascii: text, from: start) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: address.rawValue >> 16))
                groups.append(UInt16(truncatingIfNeeded: address.rawValue))
                break
            }
            guard index > start, groups.count < 8 else { return nil }
            groups.append(group)
            guard index < count else { break }
            guard text[index] == ASCII.colon, index + 1 < count else { return nil }
            index += 1
            if text[index] == ASCII.colon {
                guard gap == nil else { return nil }
                gap = groups.count
                index += 1
            }
        }
        guard let address = groups.address(gap: gap) else { return nil }
        self = address
    }

    /// The groups read so far, the last one in the lowest bits.
    private struct Groups {
        var value = IPv6Address.any
        var count = 0

        @inline(__always)
        mutating func append(_ group: UInt16) {
            value.high = value.high << 16 | value.low >> 48
            value.low = value.low << 16 | UInt64(group)
            count += 1
        }

        /// The address, with zeros put in after the first `gap` groups.
        func address(gap: Int?) -> IPv6Address? {
            guard let gap else { return count == 8 ? value : nil }
            guard count < 8 else { return nil }
            let mask = IPv6Address(maskLength: 128 - 16 * (count - gap)) ?? .any
            var head = IPv6Address(high: value.high & mask.high, low: value.low & mask.low)
            for _ in count..<8 {
                head.high = head.high << 16 | head.low >> 48
                head.low <<= 16
            }
            return IPv6Address(high: head.high | value.high & ~mask.high, low: head.low | value.low & ~mask.low)
        }
    }

    /// Appends the text that `inet_ntop` makes.
    public func write(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: 45) { (out: inout OutputSpan<UInt8>) in write(into: &out) }
    }

    /// Writes at most 45 bytes, in the C library's form.
    ///
    /// The first of the longest runs of two or more zero groups becomes `::`, and the last two groups are written as
    /// an IPv4 address where that run is the first six groups, or the first five followed by ffff.
    func write(into out: inout OutputSpan<UInt8>) {
        let run = longestZeroRun
        let hasIPv4Tail =
            run.start == 0 && (run.count == 6 || (run.count == 5 && UInt16(truncatingIfNeeded: low >> 32) == 0xffff))
        var index = 0
        while index < (hasIPv4Tail ? 6 : 8) {
            if run.count > 0, index == run.start {
                out.append(ASCII.colon)
                index += run.count
                if index == 8 { out.append(ASCII.colon) }
                continue
            }
            if index > 0 { out.append(ASCII.colon) }
            out.append(hex: group(index))
            index += 1
        }
        if hasIPv4Tail {
            out.append(ASCII.colon)
            IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)).write(into: &out)
        }
    }

    @inline(__always)
    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64((3 - index & 3) &* 16))
    }

    /// The first of the longest runs of at least two zero groups; its count is 0 where there is none.
    private var longestZeroRun: (start: Int, count: Int) {
        var best = (start: -1, count: 1)
        var count = 0
        for index in 0..<8 {
            count = group(index) == 0 ? count + 1 : 0
            if count > best.count { best = (index - count + 1, count) }
        }
        return best.start < 0 ? (-1, 0) : best
    }
}
