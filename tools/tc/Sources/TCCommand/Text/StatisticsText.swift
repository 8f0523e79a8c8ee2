// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// Prints what a queueing discipline, class or action has counted.
enum StatisticsText {
    /// Prints the counters; `indent` stands in front of each line.
    ///
    /// The last line is not ended.
    static func print(_ statistics: TCStatistics, _ indent: some TextWritable, _ session: inout Session) {
        if let basic = statistics.basic {
            session.output.text(indent)
            session.output.number("bytes", basic.bytes, prefix: "Sent ", suffix: " bytes")
            session.output.number("packets", basic.packets, prefix: " ", suffix: " pkt")
        }
        if let queue = statistics.queue {
            session.output.number("drops", queue.drops, prefix: " (dropped ")
            session.output.number("overlimits", queue.overlimits, prefix: ", overlimits ")
            session.output.number("requeues", queue.requeues, prefix: " requeues ", suffix: ") ")
        }
        if let hardware = statistics.hardware, hardware.bytes > 0 || hardware.packets > 0 {
            session.output.newline()
            session.output.text(indent)
            session.output.number("hw_bytes", hardware.bytes, prefix: "Sent hardware ", suffix: " bytes")
            session.output.number("hw_packets", hardware.packets, prefix: " ", suffix: " pkt")
        }
        if let rate = statistics.rate {
            // A line's end even with -o, as in iproute2.
            session.output.endLine()
            session.output.text(indent)
            session.rate("rate", rate.rate, prefix: "rate ")
            session.output.number("pps", rate.packetsPerSecond, prefix: " ", suffix: "pps")
        }
        guard let queue = statistics.queue else { return }
        if statistics.rate == nil { session.output.newline() }
        session.output.text(indent)
        session.size("backlog", ByteCount(queue.backlog), prefix: "backlog ")
        session.output.number("qlen", queue.length, prefix: " ", suffix: "p")
        session.output.text(" requeues ")
        session.output.text(number: queue.requeues)
    }
}
