// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

/// Keeps what it is told, as text.
final class EventLog: ConnectionObserver {
    let events = Shared<[String]>([])
    func sent(_ datagram: [UInt8], on wire: ObservedWire) {
        events.change { $0.append("sent \(datagram.count) on \(wire.protocolNumber) \(wire.port)") }
    }
    func received(_ datagram: [UInt8], on wire: ObservedWire) {
        events.change { $0.append("received \(datagram.count) on \(wire.protocolNumber) \(wire.port)") }
    }
    func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {
        let words = duration >= .zero && duration < .seconds(20) ? "in time" : "\(duration)"
        events.change { $0.append("finished \(operation) \(words) \(error?.description ?? "well")") }
    }
}

@Suite("Observers") struct ObserverTests {
    typealias Connection = BlockingConnection<ItemFamily>
    private let log = EventLog()
    private let port = 0xfa00_0001 as UInt32

    private func connection(_ kernel: FakeKernel) throws -> Connection {
        try Connection(opening: kernel.source, timeout: .milliseconds(20), observer: log)
    }

    @Test("see what is sent, what is received, and how it ended") func command() throws {
        try connection(FakeKernel { $0.acknowledge() }).perform(RemoveItem(index: 1))
        #expect(
            log.events.value == [
                "sent 24 on 31 \(port)", "received 36 on 31 \(port)", "finished remove item in time well",
            ])
    }

    @Test("see every datagram of a dump, and each try of an interrupted one") func dump() throws {
        let tries = Shared(0)
        let kernel = FakeKernel { request in
            tries.change { $0 += 1 }
            return request.dump(items(3).map(\.message), interruptedAt: tries.value == 1 ? 0 : nil)
        }
        _ = try connection(kernel).dump(ListItems())
        let once = [
            "sent 24 on 31 \(port)", "received 64 on 31 \(port)", "received 32 on 31 \(port)",
            "received 20 on 31 \(port)", "finished list items in time well",
        ]
        #expect(log.events.value == once + once)
    }

    @Test("see the kernel's errors, once each, complete") func error() throws {
        let kernel = FakeKernel { $0.error(.exists, message: "there already", offset: 24) }
        let connection = try connection(kernel)
        _ = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1, value: 1))) }
        #expect(
            log.events.value.last
                == "finished add item in time add item item 1: File exists: there already (attribute ITEM_VALUE)")
        #expect(log.events.value.count { $0.hasPrefix("finished") } == 1)
    }

    @Test("see deadlines, lost data, refusals to send and limits, once each") func otherEnds() throws {
        let answers = Shared<[FakeAnswer]>([.silence, .receiveFailure(.noBufferSpace), .sendFailure(.notPermitted)])
        let kernel = FakeKernel { request in
            let next = answers.value.first
            answers.change { _ = $0.popLast() }
            return next ?? request.dump(items(9).map(\.message), perDatagram: 1)
        }
        let connection = try connection(kernel)
        for _ in 0..<3 { _ = netlinkError { () throws(NetlinkError) in try connection.perform(RemoveItem(index: 1)) } }
        _ = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems().limited(bytes: 40)) }
        let ends = log.events.value.filter { $0.hasPrefix("finished") }
        #expect(ends.count == 4)
        #expect(ends.last == "finished list items in time list items: Limit exceeded")
    }

    @Test("see the windows of a batch end") func batch() throws {
        let connection = try connection(FakeKernel { $0.acknowledge() })
        var batch = Batch<ItemFamily>()
        for index in 0..<130 { try batch.append(RemoveItem(index: UInt32(index))) }
        _ = try connection.perform(&batch)
        #expect(
            log.events.value == [
                "sent \(128 * 24) on 31 \(port)", "received 36 on 31 \(port)", "finished batch in time well",
                "sent 48 on 31 \(port)", "received 36 on 31 \(port)", "finished batch in time well",
            ])
    }

    @Test("see a batch fail, once") func batchFailure() throws {
        let connection = try connection(FakeKernel { _ in .silence })
        var batch = Batch<ItemFamily>()
        try batch.append(RemoveItem(index: 1))
        _ = try connection.perform(&batch)
        #expect(log.events.value.last == "finished batch in time batch: \(NetlinkError.Code.timedOut)")
        #expect(log.events.value.count { $0.hasPrefix("finished") } == 1)
    }

    @Test("an encoding failure reaches the wire nowhere") func encodingFailure() throws {
        var refusing = AddItem(Item(1))
        refusing.isRefusing = true
        let connection = try connection(FakeKernel { $0.acknowledge() })
        _ = netlinkError { [refusing] () throws(NetlinkError) in try connection.perform(refusing) }
        #expect(log.events.value.isEmpty)
    }
}

@Suite("Traces") struct TraceTests {
    @Test("show messages decoded, marked by direction, and the end") func trace() throws {
        let text = Shared("")
        let observer = TraceObserver { piece in text.change { $0 += piece } }
        let kernel = FakeKernel { $0.object(Item(2, value: 7).message) }
        let connection = try BlockingConnection<ItemFamily>(opening: kernel.source, observer: observer)
        _ = try connection.query(GetItem(index: 2))
        let lines = text.value.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 9)
        #expect(lines[0] == "> ITEM_GET request|ack seq 1 port 0 length 24")
        #expect(lines[1].hasPrefix("      header "))
        #expect(lines[2] == "< ITEM_NEW - seq 1 port \(0xfa00_0001 as UInt32) length 32")
        #expect(lines[4] == "      ITEM_VALUE 7")
        #expect(lines[5].hasPrefix("< NLMSG_ERROR capped "))
        #expect(lines[6] == "      no error")
        #expect(lines[7].hasPrefix("= get item: "))
        #expect(lines[7].hasSuffix(" ms"))
    }

    @Test("show errors at the end") func traceError() throws {
        let text = Shared("")
        let observer = TraceObserver { piece in text.change { $0 += piece } }
        observer.finished("add item", after: .microseconds(1_234_567), error: NetlinkError(.exists))
        #expect(text.value == "= add item: 1234.567 ms, File exists\n")
        observer.finished("x", after: .microseconds(4), error: nil)
        #expect(text.value.hasSuffix("= x: 0.004 ms\n"))
    }

    @Test("the environment variable names the observer") func environment() throws {
        func kind(_ value: String?) throws(NetlinkError) -> String {
            guard let observer = try TraceObserver.observer(for: value) else { return "none" }
            return observer is TraceObserver ? "trace" : observer is PacketCapture ? "capture" : "other"
        }
        #expect(try kind(nil) == "none")
        #expect(try kind("") == "none")
        #expect(try kind("0") == "none")
        #expect(try kind("1") == "trace")
        let path = "/tmp/netlink-trace-\(currentProcess()).pcap"
        defer { try? removeFile(path) }
        #expect(try kind(path) == "capture")
        #expect(try readFile(path) == PacketCapture.fileHeader)
        #expect(netlinkError { () throws(NetlinkError) in try kind("/nowhere/at/all.pcap") }?.code == .notFound)
        #expect(netlinkError { () throws(NetlinkError) in try kind("yes") }?.code == .invalidArgument)
    }
}
