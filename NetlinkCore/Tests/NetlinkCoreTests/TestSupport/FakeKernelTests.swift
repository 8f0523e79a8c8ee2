// SPDX-License-Identifier: Apache-2.0

import Testing

@_spi(System) @testable import NetlinkCore
@testable import NetlinkTestSupport

@Suite("Fake kernel") struct FakeKernelTests {
    private func received(_ transport: any Transport) throws(SystemError) -> [UInt8]? {
        var buffer = ReceiveBuffer(byteCount: 4096)
        guard let count = try transport.receive(into: &buffer) else { return nil }
        return buffer.withReceived(count) { $0.array }
    }

    private func isReadable(_ transport: any Transport) throws -> Bool {
        try waitReadable(transport.descriptor, until: .now)
    }

    private func send(_ bytes: [UInt8], _ transport: any Transport) throws(SystemError) {
        try transport.send(bytes.rawSpan)
    }

    private let request = FakeMessage(type: 16, flags: [.request, .acknowledge], payload: [1, 2, 3, 4])

    @Test("a socket polls readable exactly while it has something to give") func readiness() throws {
        let kernel = FakeKernel { .nothing(times: 2) + $0.acknowledge() + .held + $0.acknowledge() }
        let socket = try kernel.source.open()
        #expect(try !isReadable(socket))
        #expect(try received(socket) == nil)
        try send(request.bytes(sequence: 5, port: 0), socket)
        for _ in 0..<2 {
            #expect(try isReadable(socket))
            #expect(try received(socket) == nil)
        }
        #expect(try isReadable(socket))
        #expect(try received(socket)?.count == 36)
        #expect(try !isReadable(socket))
        #expect(try received(socket) == nil)
        kernel.release()
        #expect(try isReadable(socket))
        #expect(try received(socket)?.count == 36)
        #expect(try !isReadable(socket))
    }

    @Test("the bytes of a refusal are those of a real kernel") func realBytes() throws {
        // RTM_SETLINK with IFLA_GSO_IPV4_MAX_SIZE 1 and the answer of Linux 7.2, but for the order in which it writes
        // the policy's type.
        let sent = hex(
            """
            28 00 00 00 13 00 05 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00
            08 00 3f 00 01 00 00 00
            """)
        let answer = hex(
            """
            6c 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 de ff ff ff 28 00 00 00 13 00 05 00 01 00 00 00
            00 00 00 00 19 00 01 00 69 6e 74 65 67 65 72 20 6f 75 74 20 6f 66 20 72 61 6e 67 65 00 00 00 00
            08 00 02 00 20 00 00 00 24 00 04 80 08 00 01 00 04 00 00 00 0c 00 04 00 41 01 00 00 00 00 00 00
            0c 00 05 00 ff ff ff ff 00 00 00 00
            """)
        var policy = AttributePolicy()
        policy.type = .u32
        policy.minimum = 321
        policy.maximum = 0xffff_ffff
        let request = withMessage(sent) { message in
            FakeRequest(header: message.header, payload: message.payload.array, port: 72, socket: 0)
        }
        let refusal = try #require(request).error(
            .outOfRange, message: "integer out of range", offset: 32, policy: policy)
        #expect(refusal.datagrams == [answer])
    }

    @Test("an echoed request stands between the number and the attributes") func echoed() throws {
        // `ip link add d0 type nosuchkind`, iproute2 6.15, Linux 7.2.
        let sent = MessageReaderTests.request
        let answer = hex(
            """
            68 00 00 00 02 00 00 02 5e 4d 01 6b 58 00 00 00 a1 ff ff ff 3c 00 00 00 10 00 05 06 5e 4d 01 6b
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 03 00 64 30 00 00 14 00 12 00
            0e 00 01 00 6e 6f 73 75 63 68 6b 69 6e 64 00 00 18 00 01 00 55 6e 6b 6e 6f 77 6e 20 64 65 76 69
            63 65 20 74 79 70 65 00
            """)
        let request = withMessage(sent) { message in
            FakeRequest(header: message.header, payload: message.payload.array, port: 88, socket: 0)
        }
        var report = FaultReport(.notSupported)
        report.message = "Unknown device type"
        report.isCapped = false
        #expect(try #require(request).report(report).datagrams == [answer])
    }

    @Test("an acknowledgement comes only when it was asked for, with a kernel's bytes") func acknowledgement() {
        let asking = FakeRequestMaker.request(flags: [.request, .acknowledge])
        #expect(
            asking.acknowledge().datagrams == [
                hex("24 00 00 00 02 00 00 01 07 00 00 00 09 00 00 00 00 00 00 00")
                    + hex("10 00 00 00 10 00 05 00 07 00 00 00 00 00 00 00")
            ])
        #expect(FakeRequestMaker.request(flags: .request).acknowledge().datagrams.isEmpty)
    }

    @Test("requests are logged with their socket, port ids differ, sockets are counted") func log() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let first = try kernel.source.open()
        do {
            let second = try kernel.source.open()
            #expect(first.port != second.port)
            #expect(first.port != 0)
            #expect(kernel.openCount == 2)
            try send(request.bytes(sequence: 1, port: 0) + request.bytes(sequence: 2, port: 0), second)
        }
        try send(request.bytes(sequence: 3, port: 0), first)
        #expect(kernel.openCount == 1)
        #expect(kernel.openedCount == 2)
        #expect(kernel.datagramCount == 2)
        #expect(kernel.requests.map(\.sequence) == [1, 2, 3])
        #expect(kernel.requests.map(\.socket) == [1, 1, 0])
        #expect(kernel.requests[2].bytes == request.bytes(sequence: 3, port: 0))
        kernel.forgetRequests()
        #expect(kernel.requests.isEmpty)
    }

    @Test("what is no message is refused and counted") func malformed() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let socket = try kernel.source.open()
        #expect(throws: SystemError(22, call: "sendmsg")) { try send([1, 2, 3], socket) }
        #expect(kernel.malformedRequestCount == 1)
    }

    @Test("faults come where they were put") func faults() throws {
        let kernel = FakeKernel { _ in .receiveFailure(.noBufferSpace) + .truncated([1, 2], length: 9999) }
        let socket = try kernel.source.open()
        try send(request.bytes(sequence: 1, port: 0), socket)
        #expect(throws: SystemError(105, call: "recvmsg")) { try received(socket) }
        var buffer = ReceiveBuffer(byteCount: 4096)
        #expect(try socket.receive(into: &buffer) == 9999)
    }

    @Test("a datagram longer than the buffer tells its true length") func longDatagram() throws {
        let kernel = FakeKernel { _ in .datagram(Array(repeating: 1, count: 5000)) }
        let socket = try kernel.source.open()
        try send(request.bytes(sequence: 1, port: 0), socket)
        var buffer = ReceiveBuffer(byteCount: 4096)
        #expect(try socket.receive(into: &buffer) == 5000)
    }

    @Test("notifications reach all open sockets") func notifications() throws {
        let kernel = FakeKernel { _ in .silence }
        let sockets = [try kernel.source.open(), try kernel.source.open()]
        kernel.notify(Item(1).message, Item(2).message)
        for socket in sockets {
            let found = MessageReaderTests.read(try received(socket) ?? [])
            #expect(found.headers.map(\.sequence) == [0, 0])
            #expect(found.headers.map(\.port) == [0, 0])
        }
    }

    @Test("answers join and intersperse") func joining() {
        let one = FakeAnswer.datagram([1])
        let two = FakeAnswer.datagram([2])
        #expect((one + two).inOneDatagram.datagrams == [[1, 2]])
        #expect((one + .held + two).inOneDatagram.datagrams == [[1], [2]])
        #expect((one + two).interspersed(with: .datagram([9])).datagrams == [[9], [1], [9], [2]])
        #expect((one + .sendFailure(.busy)).sendFailure == 16)
    }

    @Test("a store adds, replaces, removes, finds and lists") func store() throws {
        let kernel = FakeKernel.withItems(2)
        let connection = try BlockingConnection<ItemFamily>(opening: kernel.source)
        func code(_ command: some Command<ItemFamily>) -> NetlinkError.Code? {
            do throws(NetlinkError) {
                try connection.perform(command)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(AddItem(Item(2))) == .exists)
        #expect(code(AddItem(Item(3, value: 1))) == nil)
        #expect(code(SetItem(Item(3, value: 2))) == nil)
        #expect(code(SetItem(Item(4))) == .notFound)
        #expect(try connection.query(GetItem(index: 3)) == Item(3, value: 2))
        #expect(code(RemoveItem(index: 1)) == nil)
        #expect(code(RemoveItem(index: 1)) == .notFound)
        #expect(try connection.dump(ListItems()) == [Item(2, value: 200), Item(3, value: 2)])
        #expect(netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }?.code == .notFound)
    }
}

/// Changes an item that is there.
struct SetItem: Command {
    typealias Family = ItemFamily
    var item: Item
    init(_ item: Item) { self.item = item }
    var messageType: UInt16 { ItemFamily.newItem }
    var operation: StaticString { "set item" }
    func encode(into writer: inout MessageWriter) { item.encode(into: &writer) }
}

extension FakeAnswer {
    var datagrams: [[UInt8]] {
        items.compactMap { item in
            if case .datagram(let bytes) = item { bytes } else { nil }
        }
    }
}
