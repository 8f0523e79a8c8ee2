// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `fq_codel`.
enum FQCodelOptions: QdiscOptions {
    static let help: StaticString = """
        Usage: ... fq_codel [ limit PACKETS ] [ flows NUMBER ] [ target TIME ] [ interval TIME ] [ quantum BYTES ]
                            [ ecn | noecn ] [ ce_threshold TIME ] [ ce_threshold_selector VALUE/MASK ]
                            [ memory_limit BYTES ] [ drop_batch PACKETS ]
          limit         packets that may wait {10240}
          flows         queues of flows {1024}
          target        how long packets may wait {5ms}
          interval      for how long they must have waited too long {100ms}
          quantum       what a flow sends in its turn {the largest packet}
          ecn           mark packets instead of dropping them {ecn}
          ce_threshold  mark packets that have waited so long {none}
          memory_limit  memory that may be used {32mb}
          drop_batch    packets dropped at once {64}
        """

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> FQCodelQdisc {
        var queue = FQCodelQdisc()
        while let word = words.next() {
            switch word {
            case "limit": queue.limit = unlessZero(try number(&words, "limit"))
            case "flows": queue.flowCount = unlessZero(try number(&words, "flows"))
            case "quantum": queue.quantum = unlessZero(try number(&words, "quantum"))
            case "target": queue.target = unlessZero(try time(&words, "target"))
            case "ce_threshold": queue.markThreshold = try time(&words, "ce_threshold")
            case "ce_threshold_selector": try takeSelector(&words, &queue)
            case "memory_limit":
                guard let size = try words.required().size32 else { throw illegal("memory_limit") }
                queue.memoryLimit = size
            case "drop_batch": queue.dropBatch = unlessZero(try number(&words, "drop_batch"))
            case "interval": queue.interval = unlessZero(try time(&words, "interval"))
            case "ecn": queue.marksECN = true
            case "noecn": queue.marksECN = false
            case "help": throw CommandError(help, status: 1)
            default: throw unknown(word)
            }
        }
        return queue
    }

    // iproute2 leaves these out when they are 0, so that the kernel's default stays.
    private static func unlessZero(_ value: UInt32) -> UInt32? { value == 0 ? nil : value }

    private static func number(_ words: inout Words, _ name: String) throws(CommandError) -> UInt32 {
        guard let value = try words.required().number(UInt32.self) else { throw illegal(name) }
        return value
    }

    private static func time(_ words: inout Words, _ name: String) throws(CommandError) -> UInt32 {
        guard let value = try words.required().microseconds else { throw illegal(name) }
        return value
    }

    private static func takeSelector(_ words: inout Words, _ queue: inout FQCodelQdisc) throws(CommandError) {
        let (value, mask) = try words.required().split(at: "/")
        guard let mask else {
            throw CommandError("Missing mask for \"ce_threshold_selector\"", status: 1)
        }
        guard let selector = value.number(UInt8.self) else { throw illegal("ce_threshold_selector") }
        guard let bits = mask.number(UInt8.self) else {
            throw CommandError("Illegal mask for \"ce_threshold_selector\"", status: 1)
        }
        queue.markSelector = selector
        queue.markMask = bits
    }

    private static func illegal(_ name: String) -> CommandError { CommandError("Illegal \"\(name)\"", status: 1) }

    static func print(_ queue: FQCodelQdisc, _ session: inout Session) {
        if let limit = queue.limit { session.output.number("limit", limit, prefix: "limit ", suffix: "p ") }
        if let count = queue.flowCount { session.output.number("flows", count, prefix: "flows ", suffix: " ") }
        if let quantum = queue.quantum { session.output.number("quantum", quantum, prefix: "quantum ", suffix: " ") }
        if let target = queue.target { session.microseconds("target", target, prefix: "target ", suffix: " ") }
        if let threshold = queue.markThreshold {
            session.microseconds("ce_threshold", threshold, prefix: "ce_threshold ", suffix: " ")
        }
        // A mask of 0 chooses all packets, which the kernel tells too.
        let isSelective = queue.markMask ?? 0 != 0
        if isSelective, let selector = queue.markSelector {
            printHexadecimal("ce_threshold_selector", selector, prefix: "ce_threshold_selector 0x", &session)
        }
        if isSelective, let mask = queue.markMask {
            printHexadecimal("ce_threshold_mask", mask, prefix: "/0x", suffix: " ", &session)
        }
        if let interval = queue.interval {
            session.microseconds("interval", interval, prefix: "interval ", suffix: " ")
        }
        if let limit = queue.memoryLimit {
            session.size("memory_limit", ByteCount(limit), prefix: "memory_limit ", suffix: " ")
        }
        if queue.marksECN == true { session.output.flag("ecn", text: "ecn ") }
        if let batch = queue.dropBatch {
            session.output.number("drop_batch", batch, prefix: "drop_batch ", suffix: " ")
        }
    }

    private static func printHexadecimal(
        _ key: StaticString, _ value: UInt8, prefix: StaticString, suffix: StaticString = "", _ session: inout Session
    ) {
        if session.output.isJSON { return session.output.jsonNumber(key, value) }
        session.output.text(prefix)
        session.output.text(String(value, radix: 16))
        session.output.text(suffix)
    }

    static func print(statistics: TCStatistics, _ session: inout Session) -> Bool {
        guard let counted = statistics.of(FQCodelStatistics.self) else { return false }
        session.output.number("maxpacket", counted.maximumPacketSize, prefix: "  maxpacket ")
        session.output.number("drop_overlimit", counted.dropsOverLimit, prefix: " drop_overlimit ")
        session.output.number("new_flow_count", counted.newFlows, prefix: " new_flow_count ")
        session.output.number("ecn_mark", counted.ecnMarks, prefix: " ecn_mark ")
        if counted.thresholdMarks != 0 {
            session.output.number("ce_mark", counted.thresholdMarks, prefix: " ce_mark ")
        }
        if counted.memoryUsage != 0 {
            session.output.number("memory_used", counted.memoryUsage, prefix: " memory_used ")
        }
        if counted.dropsOverMemory != 0 {
            session.output.number("drop_overmemory", counted.dropsOverMemory, prefix: " drop_overmemory ")
        }
        session.output.newline()
        session.output.number("new_flows_len", counted.newFlowLength, prefix: "  new_flows_len ")
        session.output.number("old_flows_len", counted.oldFlowLength, prefix: " old_flows_len ")
        return true
    }
}
