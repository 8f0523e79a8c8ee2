// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// Prints u32 filters and tables.
enum U32Printer {
    @Sendable
    static func print(_ filter: Filter, _ session: inout Session) {
        guard let kind = filter.kind?.as(U32Filter.self) else { return }
        printNames(U32Handle(rawValue: filter.handle), kind, &session)
        printTarget(kind, &session)
        let counters = session.options.statistics > 0 ? kind.counters : nil
        if let counters {
            session.output.number("rule_hit", counters.asked, prefix: "(rule hit ")
            session.output.number("success", counters.found, prefix: " success ", suffix: ")")
        }
        if let mark = kind.mark { print(mark, &session) }
        if let selector = kind.selector {
            for (index, key) in selector.keys.enumerated() {
                print(key, filter.protocolType, &session)
                if let counters {
                    let count = index < counters.keys.count ? counters.keys[index] : 0
                    session.output.number("success", count, prefix: " (success ", suffix: " ) ")
                }
            }
            printOffsets(selector, &session)
        }
        if let police = kind.police {
            session.output.newline()
            PoliceWords.print(police, &session)
        }
        if let name = kind.inputName {
            session.output.newline()
            session.output.string("input_dev", name.bytes, prefix: "  input dev ")
            session.output.newline()
        }
        ActionPrinter.print(kind.actions, &session)
    }

    private static func printNames(_ handle: U32Handle, _ kind: U32Filter, _ session: inout Session) {
        if handle.rawValue != 0 {
            session.output.string("fh", text(handle, &session), prefix: "fh ", suffix: " ")
        }
        if handle.filter != 0 {
            session.output.number("order", handle.filter, prefix: "order ", suffix: " ")
        }
        if let divisor = kind.divisor {
            session.output.number("ht_divisor", divisor, prefix: "ht divisor ", suffix: " ")
        } else if let table = kind.hashTable {
            session.output.string("key_ht", String(table.table, radix: 16), prefix: "key ht ", suffix: " ")
            session.output.string("bkt", String(table.bucket, radix: 16), prefix: "bkt ", suffix: " ")
        } else {
            session.output.text("??? ")
        }
    }

    /// A handle, with `-r` also as the kernel's number.
    private static func text(_ handle: U32Handle, _ session: inout Session) -> String {
        session.options.raw ? "\(handle)[\(padded(handle.rawValue, 8))]" : handle.description
    }

    private static func printTarget(_ kind: U32Filter, _ session: inout Session) {
        let isTerminal = kind.selector?.flags.contains(.terminal) ?? false
        if let classID = kind.classID {
            if isTerminal {
                session.output.string("flowid", session.text(of: classID), prefix: "flowid ", suffix: " ")
            } else {
                session.output.string("flowid", session.text(of: classID), prefix: "*flowid ", suffix: " ")
            }
        } else if isTerminal {
            session.output.text("terminal flowid ")
        }
        if let link = kind.link {
            session.output.string("link", text(link, &session), prefix: "link ", suffix: " ")
        }
        guard let flags = kind.flags else { return }
        if flags.contains(.skipHardware) { session.output.flag("skip_hw", text: "skip_hw ") }
        if flags.contains(.skipSoftware) { session.output.flag("skip_sw", text: "skip_sw ") }
        if flags.contains(.inHardware) {
            session.output.flag("in_hw", text: "in_hw ")
        } else if flags.contains(.notInHardware) {
            session.output.flag("not_in_hw", text: "not_in_hw ")
        }
    }

    private static func print(_ mark: U32Filter.Mark, _ session: inout Session) {
        session.output.newline()
        if session.output.isJSON {
            session.output.hex("fwmark_value", mark.value)
            session.output.hex("fwmark_mask", mark.mask)
        } else {
            session.output.text("  mark 0x")
            session.output.text(padded(mark.value, 4))
            session.output.text(" 0x")
            session.output.text(padded(mark.mask, 4))
        }
        session.output.number("fwmark_success", mark.successCount, prefix: " (success ", suffix: ")")
    }

    // MARK: Words

    private static func print(_ key: U32Key, _ type: EthernetProtocol, _ session: inout Session) {
        session.output.beginObject("match")
        let isPretty = session.options.pretty && (type == .ipv4 || type == .ipv6)
        if isPretty { printHeader(key, isIPv6: type == .ipv6, &session) } else { printWord(key, &session) }
        session.output.endObject()
    }

    private static func printWord(_ key: U32Key, _ session: inout Session) {
        session.output.newline()
        if session.output.isJSON {
            session.output.jsonString("value", String(key.value, radix: 16))
            session.output.jsonString("mask", String(key.mask, radix: 16))
            session.output.jsonString("offmask", key.offsetMask != 0 ? "nexthdr+" : "")
            session.output.jsonNumber("off", key.offset)
            return
        }
        session.output.text("  match ")
        session.output.text(padded(key.value, 8))
        session.output.text("/")
        session.output.text(padded(key.mask, 8))
        session.output.text(" at ")
        if key.offsetMask != 0 { session.output.text("nexthdr+") }
        session.output.text(number: key.offset)
    }

    /// A word as the field of a header that it looks like; nothing where it looks like none.
    private static func printHeader(_ key: U32Key, isIPv6: Bool, _ session: inout Session) {
        switch (key.offset, key.mask) {
        case (0, 0x0f00_0000):
            session.output.newline()
            session.output.number("ip_ihl", key.value >> 24, prefix: "  match IP ihl ")
        case (0, 0x00ff_0000):
            session.output.newline()
            session.output.hex("ip_dsfield", key.value >> 16, prefix: "  match IP dsfield ")
        case (8, 0x00ff_0000):
            session.output.newline()
            session.output.number("ip_protocol", key.value >> 16, prefix: "  match IP protocol ")
        case (12, _), (16, _):
            guard (~key.mask &+ 1) & ~key.mask == 0 else { return }
            session.output.newline()
            let address = IPv4Address(rawValue: key.value)
            let isSource = key.offset == 12
            session.output.text(isSource ? "  match IP src " : "  match IP dst ")
            session.output.beginObject(isSource ? "src" : "dst")
            session.output.string("address", address)
            session.output.number("prefixlen", key.mask.nonzeroBitCount, prefix: "/")
            session.output.endObject()
        case (20, 0x0000_ffff), (20, 0xffff_0000), (20, .max): printPorts(key, isIPv6: isIPv6, &session)
        default: break
        }
    }

    // The order and the line breaks are those of iproute2.
    private static func printPorts(_ key: U32Key, isIPv6: Bool, _ session: inout Session) {
        let high = key.value >> 16
        let low = key.value & 0xffff
        switch key.mask {
        case 0x0000_ffff:
            if isIPv6 {
                session.output.newline()
                session.output.number("sport", low, prefix: "  match sport ")
            } else {
                session.output.number("dport", low, prefix: "match dport ")
            }
        case 0xffff_0000:
            if isIPv6 {
                session.output.number("dport", high, prefix: "match dport ")
            } else {
                session.output.newline()
                session.output.number("sport", high, prefix: "  match sport ")
            }
        default:
            session.output.newline()
            if isIPv6 {
                session.output.number("sport", low, prefix: "  match sport ")
                session.output.number("dport", high, prefix: ", match dport ")
            } else {
                session.output.number("dport", low, prefix: "  match dport ")
                session.output.number("sport", high, prefix: ", match sport ")
            }
        }
    }

    private static func printOffsets(_ selector: U32Selector, _ session: inout Session) {
        if selector.flags.contains(.variableOffset) || selector.flags.contains(.offset) {
            session.output.newline()
            session.output.text("    offset ")
            if selector.flags.contains(.variableOffset) {
                if session.output.isJSON {
                    session.output.jsonString("offset_mask", String(selector.offsetMask, radix: 16))
                } else {
                    session.output.text(padded(UInt32(selector.offsetMask), 4))
                }
                session.output.number("offset_shift", selector.offsetShift, prefix: ">>")
                session.output.number("offset_off", selector.variableOffset, prefix: " at ", suffix: " ")
            }
            if selector.fixedOffset != 0 {
                session.output.number("plus", selector.fixedOffset, prefix: "plus ", suffix: " ")
            }
        }
        if selector.flags.contains(.eat) { session.output.string(nil, " eat ") }
        if selector.hashMask != 0 {
            session.output.newline()
            if session.output.isJSON {
                session.output.jsonString("hash_mask", String(selector.hashMask, radix: 16))
            } else {
                session.output.text("    hash mask ")
                session.output.text(padded(selector.hashMask, 8))
            }
            session.output.number("hash_off", selector.hashOffset, prefix: " at ", suffix: " ")
        }
    }

    private static func padded(_ number: UInt32, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
