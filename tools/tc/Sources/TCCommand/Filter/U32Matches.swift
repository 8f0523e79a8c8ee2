// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// What u32 compares, in words: `u32 V M at N`, `ip src A`, `tcp dst P M`, `mark V M` and their like.
enum U32Matches {
    /// Where a value stands, and which bits of an offset found before are added.
    private struct Place {
        var offset: Int32
        var offsetMask: Int32 = 0
    }

    /// Reads one comparison; false where it is wrong.
    static func parse(
        _ words: inout Words, _ selector: inout U32Selector, _ mark: inout U32Filter.Mark?
    ) throws(CommandError) -> Bool {
        guard let kind = words.next() else { return false }
        let isKnown: Bool =
            switch kind {
            case prefix("u32"), prefix("u16"), prefix("u8"), prefix("ip"), prefix("ip6"), prefix("udp"), prefix("tcp"),
                prefix("icmp"), prefix("mark"), prefix("ether"):
                true
            default: false
            }
        guard isKnown else { return false }
        if words.isEmpty { throw .incomplete }
        // The order decides what an abbreviation means.
        switch kind {
        case prefix("u32"): return word(&words, Place(offset: 0), &selector)
        case prefix("u16"): return half(&words, Place(offset: 0), &selector)
        case prefix("u8"): return byte(&words, Place(offset: 0), &selector)
        case prefix("ip"): return ipv4(&words, &selector)
        case prefix("ip6"): return ipv6(&words, &selector)
        case prefix("udp"), prefix("tcp"): return ports(&words, &selector)
        case prefix("icmp"): return icmp(&words, &selector)
        case prefix("mark"): return try parseMark(&words, &mark)
        default: return ethernet(&words, &selector)
        }
    }

    // MARK: Words of the packet

    /// A value and a mask, and perhaps `at`.
    private static func valueAndMask(
        _ words: inout Words, _ place: inout Place
    ) -> (value: UInt32, mask: UInt32)? {
        guard words.count >= 2, let value = words.next()?.number(UInt32.self),
            let mask = words.next()?.number(UInt32.self, base: 16), at(&words, &place)
        else { return nil }
        return (value, mask)
    }

    /// `at [nexthdr+]N`; false where it is wrong.
    private static func at(_ words: inout Words, _ place: inout Place) -> Bool {
        guard words.take("at") else { return true }
        guard var word = words.next() else { return false }
        if word.hasPrefix("nexthdr+"), word.count > 8 {
            place.offsetMask = -1
            word = word.dropFirst(8)
        }
        guard let offset = word.number(Int32.self) else { return false }
        place.offset = offset
        return true
    }

    private static func insert(
        _ value: UInt32, _ mask: UInt32, _ place: Place, _ selector: inout U32Selector
    ) -> Bool {
        guard place.offset & 3 == 0 else { return false }
        var key = U32Key(value, mask: mask, at: place.offset)
        key.offsetMask = place.offsetMask
        return selector.insert(key)
    }

    private static func word(_ words: inout Words, _ place: Place, _ selector: inout U32Selector) -> Bool {
        var place = place
        guard let (value, mask) = valueAndMask(&words, &place) else { return false }
        return insert(value, mask, place, &selector)
    }

    private static func half(_ words: inout Words, _ place: Place, _ selector: inout U32Selector) -> Bool {
        var place = place
        guard let (value, mask) = valueAndMask(&words, &place) else { return false }
        return insert(half: value, mask, place, &selector)
    }

    private static func insert(
        half value: UInt32, _ mask: UInt32, _ place: Place, _ selector: inout U32Selector
    ) -> Bool {
        guard value <= 0xffff, mask <= 0xffff else { return false }
        let shift: UInt32 = place.offset & 3 == 0 ? 16 : 0
        let whole = Place(offset: place.offset & ~3, offsetMask: place.offsetMask)
        return insert(value << shift, mask << shift, whole, &selector)
    }

    private static func byte(_ words: inout Words, _ place: Place, _ selector: inout U32Selector) -> Bool {
        var place = place
        guard let (value, mask) = valueAndMask(&words, &place), value <= 0xff, mask <= 0xff else { return false }
        let shift = UInt32(24 - 8 * (place.offset & 3))
        let whole = Place(offset: place.offset & ~3, offsetMask: place.offsetMask)
        return insert(value << shift, mask << shift, whole, &selector)
    }

    private static func address(
        _ words: inout Words, _ family: AddressFamily, _ start: Int32, _ selector: inout U32Selector
    ) -> Bool {
        var place = Place(offset: start)
        guard let word = words.next(), let prefix = addressPrefix(word, family), at(&words, &place) else {
            return false
        }
        // Of IPv4 even a prefix without bits is compared.
        if family == .ipv4, prefix.length == 0 { return insert(0, 0, place, &selector) }
        for key in U32Key.address(prefix, at: place.offset) {
            let part = Place(offset: key.offset, offsetMask: place.offsetMask)
            guard insert(key.value, key.mask, part, &selector) else { return false }
        }
        return true
    }

    private static func addressPrefix(_ word: Word, _ family: AddressFamily) -> IPPrefix? {
        guard let argument = try? PrefixArgument(parsing: word.string, family: family) else { return nil }
        if let prefix = argument.prefix(in: family) { return prefix }
        return IPAddress(anyOf: family).flatMap { IPPrefix($0, length: 0) }
    }

    // MARK: Headers

    private static func ipv4(_ words: inout Words, _ selector: inout U32Selector) -> Bool {
        guard words.count >= 2, let field = words.next() else { return false }
        switch field {
        case "src": return address(&words, .ipv4, 12, &selector)
        case "dst": return address(&words, .ipv4, 16, &selector)
        case "tos", prefix("dsfield"), prefix("precedence"): return byte(&words, Place(offset: 1), &selector)
        case "ihl": return byte(&words, Place(offset: 0), &selector)
        case "protocol": return byte(&words, Place(offset: 9), &selector)
        case "nofrag": return insert(half: 0, 0x3fff, Place(offset: 6), &selector)
        case "firstfrag": return insert(half: 0x2000, 0x3fff, Place(offset: 6), &selector)
        case "df": return insert(half: 0x4000, 0x4000, Place(offset: 6), &selector)
        case "mf": return insert(half: 0x2000, 0x2000, Place(offset: 6), &selector)
        case "dport": return half(&words, Place(offset: 22), &selector)
        case "sport": return half(&words, Place(offset: 20), &selector)
        case "icmp_type": return byte(&words, Place(offset: 20), &selector)
        case "icmp_code": return byte(&words, Place(offset: 21), &selector)
        default: return false
        }
    }

    private static func ipv6(_ words: inout Words, _ selector: inout U32Selector) -> Bool {
        guard words.count >= 2, let field = words.next() else { return false }
        switch field {
        case "src": return address(&words, .ipv6, 8, &selector)
        case "dst": return address(&words, .ipv6, 24, &selector)
        case "priority":
            var place = Place(offset: 0)
            guard let (value, mask) = valueAndMask(&words, &place), value <= 0xff, mask <= 0xff else { return false }
            return insert(value << 20, mask << 20, place, &selector)
        case "protocol": return byte(&words, Place(offset: 6), &selector)
        case "flowlabel": return word(&words, Place(offset: 0), &selector)
        case "dport": return half(&words, Place(offset: 42), &selector)
        case "sport": return half(&words, Place(offset: 40), &selector)
        case "icmp_type": return byte(&words, Place(offset: 40), &selector)
        case "icmp_code": return byte(&words, Place(offset: 41, offsetMask: 1), &selector)
        default: return false
        }
    }

    private static func ports(_ words: inout Words, _ selector: inout U32Selector) -> Bool {
        guard words.count >= 2, let field = words.next() else { return false }
        switch field {
        case "src": return half(&words, Place(offset: 0, offsetMask: -1), &selector)
        case "dst": return half(&words, Place(offset: 2, offsetMask: -1), &selector)
        default: return false
        }
    }

    private static func icmp(_ words: inout Words, _ selector: inout U32Selector) -> Bool {
        guard words.count >= 2, let field = words.next() else { return false }
        switch field {
        case "type": return byte(&words, Place(offset: 0, offsetMask: -1), &selector)
        case "code": return byte(&words, Place(offset: 1, offsetMask: -1), &selector)
        default: return false
        }
    }

    private static func ethernet(_ words: inout Words, _ selector: inout U32Selector) -> Bool {
        guard words.count >= 2, let field = words.next(), let word = words.next() else { return false }
        guard field == "src" || field == "dst" else {
            CommandError("Unknown match: ether \(field.string)", status: 0).report()
            return false
        }
        guard let address = HardwareAddress(word.string), address.bytes.count == 6 else {
            CommandError("parse_ether_addr: improperly formed address '\(word.string)'", status: 0).report()
            return false
        }
        let bytes = address.bytes.map { UInt32($0) }
        // The addresses stand before the network header: the destination's 14, the source's 8 bytes.
        switch field {
        case "src":
            let high = bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]
            return insert(high, .max, Place(offset: -8), &selector)
                && insert(bytes[4] << 24 | bytes[5] << 16, 0xffff_0000, Place(offset: -4), &selector)
        case "dst":
            let low = bytes[2] << 24 | bytes[3] << 16 | bytes[4] << 8 | bytes[5]
            return insert(bytes[0] << 8 | bytes[1], 0xffff, Place(offset: -16), &selector)
                && insert(low, .max, Place(offset: -12), &selector)
        default: return false
        }
    }

    private static func parseMark(_ words: inout Words, _ mark: inout U32Filter.Mark?) throws(CommandError) -> Bool {
        guard words.count >= 2 else { throw .missing("mark") }
        guard let value = try words.required().number(UInt32.self) else {
            throw CommandError("Illegal \"mark\" value\nIllegal \"match\"", status: 1)
        }
        guard let mask = try words.required().number(UInt32.self) else {
            throw CommandError("Illegal \"mark\" mask\nIllegal \"match\"", status: 1)
        }
        if value & ~mask != 0 {
            throw CommandError("Illegal \"mark\" (impossible combination)\nIllegal \"match\"", status: 1)
        }
        // iproute2 wants another word behind it.
        if words.isEmpty { throw .incomplete }
        mark = U32Filter.Mark(value, mask: mask)
        return true
    }
}
