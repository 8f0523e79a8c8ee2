// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// Prints classes.
enum ClassPrinter {
    /// Prints a class; `isShort` leaves the queueing discipline out of its numbers, which was asked for.
    static func print(
        _ trafficClass: TrafficClass, _ session: inout Session, deleted: Bool = false, showsDevice: Bool = true,
        isShort: Bool = false
    ) {
        session.output.beginObject()
        if deleted { session.output.flag("deleted", text: "deleted ") }
        let name = trafficClass.kind?.name ?? ""
        session.output.string("class", name, prefix: "class ", suffix: " ")
        printPlace(trafficClass, isShort, showsDevice, &session)
        let entry = ClassTable.entry(name)
        if let kind = trafficClass.kind {
            if let entry, kind.value != nil {
                entry.print(kind, &session)
            } else if let data = kind.data, !data.isEmpty {
                QdiscPrinter.printUnknown(data, &session)
            }
        }
        session.output.newline()
        if session.options.statistics > 0 {
            session.output.beginObject("stats")
            if let statistics = trafficClass.state?.statistics {
                StatisticsText.print(statistics, " ", &session)
                // A line's end even with -o, as in iproute2.
                session.output.endLine()
                if statistics.kindData != nil, let entry, entry.printStatistics(statistics, &session) {
                    session.output.endLine()
                }
            }
            session.output.endObject()
        }
        session.output.endObject()
    }

    private static func printPlace(
        _ trafficClass: TrafficClass, _ isShort: Bool, _ showsDevice: Bool, _ session: inout Session
    ) {
        if trafficClass.handle != .unspecified {
            let text = session.text(of: isShort ? TCHandle(0, trafficClass.handle.minor) : trafficClass.handle)
            session.output.string("handle", text, suffix: " ")
        }
        if showsDevice {
            session.output.string(
                "dev", session.links.name(of: trafficClass.index), prefix: "dev ", suffix: " ", color: .interfaceName)
        }
        if trafficClass.parent == .root {
            session.output.flag("root", text: "root ")
        } else {
            let text = session.text(of: isShort ? TCHandle(0, trafficClass.parent.minor) : trafficClass.parent)
            session.output.string("parent", text, prefix: "parent ", suffix: " ")
        }
        if let leaf = trafficClass.state?.leaf, leaf != .unspecified {
            let number = String(leaf.major, radix: 16)
            session.output.string(
                "leaf", session.output.isJSON ? "0x\(number)" : number, prefix: "leaf ", suffix: ": ")
        }
    }
}
