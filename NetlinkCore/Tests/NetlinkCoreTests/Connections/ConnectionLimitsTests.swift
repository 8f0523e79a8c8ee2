// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Limits") struct ConnectionLimitsTests {
    @Test("have defaults, and least values") func defaults() {
        let limits = ConnectionLimits()
        #expect(limits.receiveByteCount == 1 << 20)
        #expect(limits.messageByteCount == 1 << 20)
        #expect(limits.waitingRequests == 1024)
        let none = ConnectionLimits(receiveByteCount: 0, messageByteCount: -1, waitingRequests: -1)
        #expect(none == ConnectionLimits(receiveByteCount: 4096, messageByteCount: 64, waitingRequests: 0))
    }

    @Test("a datagram larger than the receive buffer is an error; one that fills it is read", arguments: [4096, 8192])
    func receive(byteCount: Int) async throws {
        let size = Shared(0)
        let kernel = FakeKernel { request in
            let payload = [UInt8](repeating: 0, count: size.value - 16)
            return request.object(FakeMessage(type: ItemFamily.newItem, payload: payload))
        }
        let limits = ConnectionLimits(receiveByteCount: byteCount)
        let blocking = try BlockingConnection<ItemFamily>(opening: kernel.source, limits: limits)
        let connection = try Connection<ItemFamily>(opening: kernel.source, limits: limits)
        #expect(blocking.limits == limits)
        #expect(connection.limits == limits)
        for (count, code) in [(byteCount, .malformedReply), (byteCount + 4, .messageTooLong)]
            as [(Int, NetlinkError.Code)]
        {
            // What fits is read: its attributes of length zero are what is wrong then.
            size.change { $0 = count }
            let error = netlinkError { () throws(NetlinkError) in try blocking.query(GetItem(index: 1)) }
            #expect(error?.code == code)
            let later = await asyncError { () async throws(NetlinkError) in
                try await connection.query(GetItem(index: 1))
            }
            #expect(later?.code == code)
        }
    }

    @Test("a message over the limit is not sent") func send() async throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let limits = ConnectionLimits(messageByteCount: 1000)
        let blocking = try BlockingConnection<ItemFamily>(opening: kernel.source, limits: limits)
        let connection = try Connection<ItemFamily>(opening: kernel.source, limits: limits)
        var command = AddItem(Item(1))
        command.blobByteCount = 1000 - 16 - 8 - 4
        try blocking.perform(command)
        try await connection.perform(command)
        command.blobByteCount += 1
        let large = command
        let error = netlinkError { () throws(NetlinkError) in try blocking.perform(large) }
        #expect(error?.code == .messageTooLong)
        let later = await asyncError { () async throws(NetlinkError) in try await connection.perform(large) }
        #expect(later?.code == .messageTooLong)
        #expect(kernel.requests.count == 2)
    }

    @Test("a connection made beside another has its settings") func beside() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let limits = ConnectionLimits(receiveByteCount: 5000, messageByteCount: 600, waitingRequests: 7)
        let recorder = Recorder()
        let blocking = try BlockingConnection<ItemFamily>(
            opening: kernel.source, timeout: .seconds(3), limits: limits, observer: recorder)
        blocking.dumpRetries = 5
        let other = try blocking.makeConnection(of: ItemFamily.self)
        #expect(other.timeout == .seconds(3))
        #expect(other.limits == limits)
        #expect(other.dumpRetries == 5)
        let connection = try Connection<ItemFamily>(
            opening: kernel.source, timeout: nil, sending: .inline, limits: limits, dumpRetries: 6, observer: recorder)
        let second = try connection.makeConnection(of: ItemFamily.self)
        #expect(second.timeout == nil)
        #expect(second.limits == limits)
        #expect(second.dumpRetries == 6)
        #expect(second.sending == .inline)
        try other.perform(AddItem(Item(1)))
        #expect(recorder.recording.datagrams.count == 2, "it tells the same observer")
    }

    @Test("a file is read whole or not at all") func file() throws {
        let path = "/proc/self/status"
        let whole = try readFile(path)
        #expect(whole.count > 100)
        let error = #expect(throws: SystemError.self) { try readFile(path, limit: 100) }
        #expect(error?.call == "read")
        #expect(error.map { NetlinkError($0).code.rawValue } == 27)
        #expect(throws: SystemError.self) { try readFile("/dev/zero", limit: 1 << 16) }
    }
}
