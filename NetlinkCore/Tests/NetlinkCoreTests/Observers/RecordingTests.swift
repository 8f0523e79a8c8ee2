// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Recordings") struct RecordingTests {
    typealias Connection = BlockingConnection<ItemFamily>

    private func recorded(
        _ kernel: FakeKernel, timeout: Duration = .seconds(30), _ body: (Connection) throws -> Void
    ) throws -> Recording {
        let recorder = Recorder()
        try body(Connection(opening: kernel.source, timeout: timeout, observer: recorder))
        return recorder.recording
    }

    @Test("are text and come back from it") func text() throws {
        var recording = Recording(protocolNumber: 16)
        recording.datagrams = [
            Recording.Datagram(isRequest: true, port: 5, bytes: [0, 0xff, 0x1a]),
            Recording.Datagram(isRequest: false, port: 0xffff_ffff, bytes: []),
        ]
        let order = 1.littleEndian == 1 ? "little-endian" : "big-endian"
        #expect(recording.description == "netlink-recording 1 \(order) protocol 16\n> 5 00ff1a\n< 4294967295 \n")
        #expect(Recording(recording.description) == recording)
        #expect(Recording("# a comment\n\n" + recording.description + "\n# the end\n") == recording)
    }

    @Test(
        "refuse text that is none, and the other byte order",
        arguments: [
            "", "netlink-recording", "netlink-recording 2 ORDER protocol 0", "netlink-recording 1 OTHER protocol 0",
            "netlink-recording 1 ORDER protocol x", "netlink-recording 1 ORDER protocol 0\n> 5",
            "netlink-recording 1 ORDER protocol 0\n> 5 0", "netlink-recording 1 ORDER protocol 0\n> 5 0g",
            "netlink-recording 1 ORDER protocol 0\n= 5 00", "netlink-recording 1 ORDER protocol 0\n> -5 00",
            "netlink-recording 1 ORDER protocol 0\n> 5 ００",
        ])
    func refused(text: String) {
        let orders = ["little-endian", "big-endian"]
        let own = 1.littleEndian == 1 ? 0 : 1
        let named = text.split(separator: "ORDER", omittingEmptySubsequences: false).joined(separator: orders[own])
            .split(separator: "OTHER", omittingEmptySubsequences: false).joined(separator: orders[1 - own])
        #expect(Recording(named) == nil)
    }

    @Test("play back to another connection, through text") func playback() throws {
        let recording = try recorded(.withItems(5, noisy: true)) { connection in
            _ = try connection.query(GetItem(index: 2))
            _ = try connection.dump(ListItems())
            try connection.perform(AddItem(Item(9)))
            _ = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(9))) }
        }
        #expect(recording.protocolNumber == 31)
        let text = recording.description
        let replayer = Replayer(try #require(Recording(text)))
        #expect(replayer.remainingCount == 4)
        let connection = try Connection(opening: replayer.source)
        // Another order, other sequence numbers, and the two equal requests in theirs.
        try connection.perform(AddItem(Item(9)))
        #expect(try connection.dump(ListItems()) == items(5))
        #expect(netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(9))) }?.code == .exists)
        #expect(try connection.query(GetItem(index: 2)) == Item(2, value: 200))
        #expect(replayer.remainingCount == 0)
    }

    @Test("refuse what was not recorded, or not that often") func unrecorded() throws {
        let recording = try recorded(.withItems(5)) { _ = try $0.query(GetItem(index: 2)) }
        let connection = try Connection(opening: Replayer(recording).source)
        #expect(
            netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 3)) }?.code
                == .connectionRefused)
        #expect(try connection.query(GetItem(index: 2)) == Item(2, value: 200))
        #expect(
            netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 2)) }?.code
                == .connectionRefused)
    }

    @Test("play batches back, each answer to its command") func batch() throws {
        func results(_ connection: Connection) throws -> [NetlinkError.Code?] {
            var batch = Batch<ItemFamily>()
            for index in 1...9 { try batch.append(AddItem(Item(UInt32(index)))) }
            return try connection.perform(&batch).map { result in
                if case .failure(let error) = result { error.code } else { nil }
            }
        }
        let first = Shared<[NetlinkError.Code?]>([])
        let recording = try recorded(.withItems(5)) { connection in
            let codes = try results(connection)
            first.change { $0 = codes }
        }
        #expect(first.value == [.exists, .exists, .exists, .exists, .exists, nil, nil, nil, nil])
        let connection = try Connection(opening: Replayer(recording).source)
        _ = netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }
        #expect(try results(connection) == first.value)
    }

    @Test("keep the sockets of a connection apart") func sockets() throws {
        let recording = try recorded(FakeKernel { $0.isDump ? .silence : $0.acknowledge() }, timeout: .milliseconds(20))
        { connection in
            _ = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
            try connection.perform(RemoveItem(index: 1))
        }
        #expect(Set(recording.datagrams.map(\.port)).count == 2)
        let connection = try Connection(opening: Replayer(recording).source, timeout: .milliseconds(10))
        try connection.perform(RemoveItem(index: 1))
        #expect(netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }?.code == .timedOut)
    }

    @Test("play malformed answers as they were") func malformed() throws {
        let recording = try recorded(FakeKernel { _ in .datagram([1, 2, 3]) }) { connection in
            _ = netlinkError { () throws(NetlinkError) in try connection.perform(RemoveItem(index: 1)) }
        }
        let connection = try Connection(opening: Replayer(recording).source)
        #expect(
            netlinkError { () throws(NetlinkError) in try connection.perform(RemoveItem(index: 1)) }?.code
                == .malformedReply)
    }
}
