// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The statistics of a link (`-s`, in full `-s -s`) as a table whose columns are as wide as the numbers need.
struct LinkCounters {
    private let counters: LinkStatistics
    private let changes: UInt32?

    init(_ counters: LinkStatistics, changes: UInt32?) {
        self.counters = counters
        self.changes = changes
    }

    func print(in session: inout Session) {
        if session.output.isJSON {
            printJSON(inFull: session.options.statistics > 1, &session.output)
        } else {
            printTable(&session)
        }
    }

    // MARK: JSON

    private func printJSON(inFull: Bool, _ output: inout Output) {
        let counters = counters
        output.beginObject("stats64")
        output.beginObject("rx")
        output.number("bytes", counters.receivedBytes)
        output.number("packets", counters.receivedPackets)
        output.number("errors", counters.receiveErrors)
        output.number("dropped", counters.receiveDropped)
        output.number("over_errors", counters.receiveOverErrors)
        output.number("multicast", counters.multicast)
        if counters.receivedCompressed > 0 { output.number("compressed", counters.receivedCompressed) }
        if inFull {
            output.number("length_errors", counters.receiveLengthErrors)
            output.number("crc_errors", counters.receiveCRCErrors)
            output.number("frame_errors", counters.receiveFrameErrors)
            output.number("fifo_errors", counters.receiveFIFOErrors)
            output.number("missed_errors", counters.receiveMissed)
            if counters.receiveNoHandler > 0 { output.number("nohandler", counters.receiveNoHandler) }
        }
        output.endObject()
        output.beginObject("tx")
        output.number("bytes", counters.sentBytes)
        output.number("packets", counters.sentPackets)
        output.number("errors", counters.sendErrors)
        output.number("dropped", counters.sendDropped)
        output.number("carrier_errors", counters.sendCarrierErrors)
        output.number("collisions", counters.collisions)
        if counters.sentCompressed > 0 { output.number("compressed", counters.sentCompressed) }
        if inFull {
            output.number("aborted_errors", counters.sendAborted)
            output.number("fifo_errors", counters.sendFIFOErrors)
            output.number("window_errors", counters.sendWindowErrors)
            output.number("heartbeat_errors", counters.sendHeartbeatErrors)
            if let changes { output.number("carrier_changes", changes) }
        }
        output.endObject()
        output.endObject()
    }

    // MARK: The table

    private struct Row {
        let label: StaticString
        let titles: [StaticString]
        let values: [UInt64]
    }

    private var received: Row {
        Row(
            label: "    RX: ", titles: ["bytes", "packets", "errors", "dropped", "missed", "mcast", "compressed"],
            values: [
                counters.receivedBytes, counters.receivedPackets, counters.receiveErrors, counters.receiveDropped,
                counters.receiveMissed, counters.multicast, counters.receivedCompressed,
            ])
    }

    private var receiveErrors: Row {
        Row(
            label: "    RX errors:", titles: ["", "length", "crc", "frame", "fifo", "overrun", "nohandler"],
            values: [
                0, counters.receiveLengthErrors, counters.receiveCRCErrors, counters.receiveFrameErrors,
                counters.receiveFIFOErrors, counters.receiveOverErrors, counters.receiveNoHandler,
            ])
    }

    private var sent: Row {
        Row(
            label: "    TX: ", titles: ["bytes", "packets", "errors", "dropped", "carrier", "collsns", "compressed"],
            values: [
                counters.sentBytes, counters.sentPackets, counters.sendErrors, counters.sendDropped,
                counters.sendCarrierErrors, counters.collisions, counters.sentCompressed,
            ])
    }

    private var sendErrors: Row {
        Row(
            label: "    TX errors:", titles: ["", "aborted", "fifo", "window", "heartbt", "transns"],
            values: [
                0, counters.sendAborted, counters.sendFIFOErrors, counters.sendWindowErrors,
                counters.sendHeartbeatErrors, UInt64(changes ?? 0),
            ])
    }

    private func printTable(_ session: inout Session) {
        let inFull = session.options.statistics > 1
        var widths = [10, 7, 6, 7, 7, 7, 10]
        var rows = [received]
        if inFull { rows.append(receiveErrors) }
        rows.append(sent)
        if inFull { rows.append(sendErrors) }
        for row in rows {
            for (column, value) in row.values.enumerated() { widths[column] = max(widths[column], Self.digits(value)) }
        }
        for (number, row) in rows.enumerated() {
            if number > 0 { session.output.newline() }
            let isErrors = row.titles[0].utf8CodeUnitCount == 0
            printTitles(row, isErrors: isErrors, widths, &session.output)
            session.output.newline()
            printValues(row, isErrors: isErrors, widths, &session)
        }
    }

    private func printTitles(_ row: Row, isErrors: Bool, _ widths: [Int], _ output: inout Output) {
        output.text(row.label)
        for (column, title) in row.titles.enumerated() {
            if column == 0 {
                // The label stands in the first column, or takes four letters of it.
                if isErrors {
                    output.text("" as StaticString, width: widths[0] - 10)
                } else {
                    output.text(title, width: widths[0] - 4)
                }
                continue
            }
            if isLeftOut(column, row, isErrors) {
                if isErrors { continue }
                output.text(" ")
                output.text(Blanks(), width: widths[column])
            } else {
                output.text(" ")
                output.text(title, width: widths[column])
            }
        }
    }

    private func printValues(_ row: Row, isErrors: Bool, _ widths: [Int], _ session: inout Session) {
        session.output.text("    ")
        for (column, value) in row.values.enumerated() {
            if column == 0, isErrors {
                session.output.text(Blanks(), width: widths[0])
                session.output.text(" ")
            } else if !isLeftOut(column, row, isErrors) {
                printNumber(value, width: widths[column], &session)
            }
        }
    }

    // The last columns are there when their counter is not zero, or the kernel sent it.
    private func isLeftOut(_ column: Int, _ row: Row, _ isErrors: Bool) -> Bool {
        if column == 6 { return row.values[6] == 0 }
        return isErrors && column == 5 && row.values.count == 6 && changes == nil
    }

    private func printNumber(_ value: UInt64, width: Int, _ session: inout Session) {
        if session.options.human {
            session.output.text(HumanNumber(value, iec: session.options.iec), width: width)
        } else {
            session.output.text(number: value, width: width)
        }
        session.output.text(" ")
    }

    private static func digits(_ value: UInt64) -> Int {
        var digits = 1
        var rest = value / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }

    private struct Blanks: TextWritable {
        func write(to bytes: inout [UInt8]) {}
    }
}
