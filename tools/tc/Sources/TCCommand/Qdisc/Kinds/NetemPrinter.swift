// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

extension NetemOptions {
    static func print(_ netem: NetemQdisc, _ session: inout Session) {
        session.output.number("limit", netem.limit, prefix: "limit ")
        if netem.delay != .zero {
            session.output.beginObject("delay")
            printTime("delay", netem.delay, prefix: " delay ", &session)
            if session.output.isJSON || netem.jitter != .zero {
                printTime("jitter", netem.jitter, prefix: "  ", &session)
                printCorrelation(netem.delayCorrelation, &session)
            }
            session.output.endObject()
        }
        if let loss = netem.loss { print(loss, &session) }
        printDamage("duplicate", " duplicate ", netem.duplication, netem.duplicationCorrelation, &session)
        printDamage("reorder", " reorder ", netem.reordering, netem.reorderingCorrelation, &session)
        printDamage("corrupt", " corrupt ", netem.corruption, netem.corruptionCorrelation, &session)
        if let rate = netem.rate { print(rate, &session) }
        if let slot = netem.slot { print(slot, &session) }
        if let seed = netem.seed { session.output.number("seed", seed, prefix: " seed ") }
        session.output.bool("ecn", netem.marksECN, on: " ecn ", off: "")
        if session.output.isJSON || netem.gap != 0 { session.output.number("gap", netem.gap, prefix: " gap ") }
    }

    private static func printTime(
        _ key: StaticString, _ time: Duration, prefix: StaticString, _ session: inout Session
    ) {
        let count = time.wholeNanoseconds
        if session.output.isJSON { return session.output.general(key, Double(count) / 1_000_000_000) }
        session.output.text(prefix)
        session.output.text(TimeText.nanoseconds(count))
    }

    private static func print(
        _ key: StaticString, _ value: Percentage, prefix: StaticString, _ session: inout Session
    ) {
        if session.output.isJSON { return session.output.general(key, value.fraction) }
        session.output.general(nil, value.percent, prefix: prefix, suffix: "%")
    }

    private static func printCorrelation(_ value: Percentage, _ session: inout Session) {
        if session.output.isJSON || value != .zero { print("correlation", value, prefix: " ", &session) }
    }

    private static func printDamage(
        _ key: StaticString, _ prefix: StaticString, _ value: Percentage, _ correlation: Percentage,
        _ session: inout Session
    ) {
        guard value != .zero else { return }
        session.output.beginObject(key)
        print(key, value, prefix: prefix, &session)
        printCorrelation(correlation, &session)
        session.output.endObject()
    }

    private static func print(_ loss: NetemLoss, _ session: inout Session) {
        switch loss {
        case .random(let probability, let correlation):
            guard probability != .zero else { return }
            session.output.beginObject("loss-random")
            print("loss", probability, prefix: " loss ", &session)
            printCorrelation(correlation, &session)
        case .states(let states):
            session.output.beginObject("loss-state")
            print("p13", states.p13, prefix: " loss state p13 ", &session)
            print("p31", states.p31, prefix: " p31 ", &session)
            print("p32", states.p32, prefix: " p32 ", &session)
            print("p23", states.p23, prefix: " p23 ", &session)
            print("p14", states.p14, prefix: " p14 ", &session)
        case .gilbertElliott(let model):
            session.output.beginObject("loss-gemodel")
            print("p", model.p, prefix: " loss gemodel p ", &session)
            print("r", model.r, prefix: " r ", &session)
            print("1-h", model.h.rest, prefix: " 1-h ", &session)
            print("1-k", model.k1, prefix: " 1-k ", &session)
        @unknown default: return
        }
        session.output.endObject()
    }

    private static func print(_ rate: NetemRate, _ session: inout Session) {
        guard rate.rate.bytesPerSecond != 0 else { return }
        session.output.beginObject("rate")
        session.rate("rate", rate.rate, prefix: " rate ")
        let isJSON = session.output.isJSON
        if isJSON || rate.packetOverhead != 0 {
            session.output.number("packetoverhead", rate.packetOverhead, prefix: " packetoverhead ")
        }
        if isJSON || rate.cellSize != 0 { session.output.number("cellsize", rate.cellSize, prefix: " cellsize ") }
        if isJSON || rate.cellOverhead != 0 {
            session.output.number("celloverhead", rate.cellOverhead, prefix: " celloverhead ")
        }
        session.output.endObject()
    }

    private static func print(_ slot: NetemSlot, _ session: inout Session) {
        session.output.beginObject("slot")
        if slot.distributionJitter > .zero {
            printTime("distribution", slot.distributionDelay, prefix: " slot distribution ", &session)
            printTime("jitter", slot.distributionJitter, prefix: " ", &session)
        } else {
            printTime("min-delay", slot.minimumDelay, prefix: " slot ", &session)
            printTime("max-delay", slot.maximumDelay, prefix: " ", &session)
        }
        let isJSON = session.output.isJSON
        if isJSON || slot.packetCount != 0 { session.output.number("packets", slot.packetCount, prefix: " packets ") }
        if isJSON || slot.byteCount != 0 { session.output.number("bytes", slot.byteCount, prefix: " bytes ") }
        session.output.endObject()
    }
}
