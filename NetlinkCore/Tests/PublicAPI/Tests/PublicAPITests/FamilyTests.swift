// SPDX-License-Identifier: Apache-2.0

import ClientFamily
import NetlinkCore
import NetlinkTestSupport
import Testing

/// Bytes written as hexadecimal numbers with spaces.
func hex(_ text: String) -> [UInt8] {
    text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
}

@Suite("A family defined with public API only") struct FamilyTests {
    /// The reply of Linux 7.2 to CTRL_CMD_GETFAMILY for `nlctrl`, behind its header.
    static let reply = hex(
        """
        01 02 00 00 0b 00 02 00 6e 6c 63 74 72 6c 00 00 06 00 01 00 10 00 00 00 08 00 03 00 02 00 00 00
        08 00 04 00 00 00 00 00 08 00 05 00 00 00 00 00 2c 00 06 00 14 00 01 00 08 00 01 00 03 00 00 00
        08 00 02 00 0e 00 00 00 14 00 02 00 08 00 01 00 0a 00 00 00 08 00 02 00 0c 00 00 00 1c 00 07 00
        18 00 01 00 08 00 02 00 10 00 00 00 0b 00 01 00 6e 6f 74 69 66 79 00 00
        """)

    static let kernel = FakeKernel { request in
        if request.isDump {
            return request.dump([
                FakeMessage(type: 16, payload: reply),
                FakeMessage(type: 16, payload: reply + hex("06 00 0a 00 01 02 00 00")),
            ])
        }
        var attributes = request.attributes(of: RawAttributeID.self, after: 4)
        var name = ""
        if let attribute = try? attributes.next() { name = attribute.string() }
        return name == "nlctrl"
            ? request.object(FakeMessage(type: 16, payload: reply))
            : request.error(.notFound, message: "no such family", offset: 20)
    }

    private func check(_ family: GenericFamily) {
        #expect(family.name == "nlctrl")
        #expect(family.id == 16)
        #expect(family.version == 2)
        #expect(family.greatestAttribute == 0)
        #expect(family.operations == [3: 14, 10: 12])
        #expect(family.groups == ["notify": 16])
        #expect(family.unknown.isEmpty)
    }

    @Test("its request is that of the reference tool") func request() throws {
        // `genl ctrl get name nlctrl`, iproute2 6.15, with sequence number 0.
        let captured = hex(
            "20 00 00 00 10 00 05 00 00 00 00 00 00 00 00 00 03 00 00 00 0b 00 02 00 6e 6c 63 74 72 6c 00 00")
        #expect(try FamilyQuery("nlctrl").messageBytes() == captured)
        #expect(
            FamilyQuery("nlctrl").description
                == "GENL_ID_CTRL request|ack seq 0 port 0 length 32\n    header 03000000\n    CTRL_ATTR_FAMILY_NAME \"nlctrl\"\n"
        )
    }

    @Test("a query is answered on both kinds of connection") func query() async throws {
        check(try BlockingConnection<ClientProtocol>(opening: Self.kernel.source).query(.family("nlctrl")))
        let connection = try ClientConnection(opening: Self.kernel.source)
        check(try await connection.query(.family("nlctrl")))
    }

    @Test("its errors name its attributes") func error() async throws {
        let connection = try ClientConnection(opening: Self.kernel.source)
        do throws(NetlinkError) {
            _ = try await connection.query(.family("nosuch"))
            Issue.record("no error")
        } catch {
            #expect(error.isNotFound)
            #expect(error.object == "nosuch")
            #expect(error.message == "no such family")
            #expect(error.path?.description == "CTRL_ATTR_FAMILY_NAME")
        }
    }

    @Test("a dump comes as an array, as a stream and in chunks, and keeps what it does not know") func dump()
        async throws
    {
        let connection = try ClientConnection(opening: Self.kernel.source)
        let families = try await connection.families()
        #expect(families.count == 2)
        check(families[0])
        #expect(families[1].unknown.elements.map(\.number) == [10])
        var count = 0
        for try await family in connection.stream(.families) {
            #expect(family.id == 16)
            count += 1
        }
        for try await chunk in connection.stream(.families).chunks() {
            if case .elements(let families) = chunk { count += families.count }
        }
        #expect(count == 4)
        #expect(try BlockingConnection<ClientProtocol>(opening: Self.kernel.source).dump(.families) == families)
    }

    @Test("commands go alone and in batches") func commands() async throws {
        let kernel = FakeKernel { request in
            request.payload[0] == 9 ? request.error(.notSupported) : request.acknowledge()
        }
        var command = FamilyCommand(7, of: 20)
        command.port = 0x1234
        command.weight = 5
        command.labels = ["a"]
        command.bits = Bitfield32(value: 1, selector: 3)
        let connection = try ClientConnection(opening: kernel.source)
        try await connection.perform(command)
        #expect(kernel.requests[0].type == 20)
        #expect(
            kernel.requests[0].payload
                == hex(
                    """
                    07 01 00 00 06 00 01 00 12 34 00 00 08 00 02 00 05 00 00 00 0c 00 03 00 01 00 00 00 03 00 00 00
                    10 00 04 80 0c 00 01 00 06 00 01 00 61 00 00 00
                    """))
        var batch = Batch<ClientProtocol>()
        for number in [1, 9, 2] as [UInt8] { try batch.append(FamilyCommand(number, of: 20)) }
        let results = try await connection.perform(batch)
        let failures = results.indices.filter { if case .failure = results[$0] { true } else { false } }
        #expect(failures == [1])
    }

    @Test("hostile kernels never trap its decoder", arguments: HostileScript.objects(of: 16, after: 4))
    func hostile(script: HostileScript) throws {
        let connection = try BlockingConnection<ClientProtocol>(
            opening: script.kernel().source, timeout: .milliseconds(20))
        do throws(NetlinkError) { _ = try connection.dump(.families) } catch {
            #expect(error.code == .malformedReply)
            #expect(error.operation == "list families")
        }
    }

    @Test("an observer of a client's own sees decoded messages, a recording plays back") func observers() throws {
        final class Words: ConnectionObserver {
            let recorder = Recorder()
            func sent(_ datagram: [UInt8], on wire: ObservedWire) {
                #expect(wire.describe(datagram).hasPrefix("GENL_ID_CTRL request|dump"))
                recorder.sent(datagram, on: wire)
            }
            func received(_ datagram: [UInt8], on wire: ObservedWire) { recorder.received(datagram, on: wire) }
            func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {
                #expect(operation == "list families")
            }
        }
        let words = Words()
        let families = try BlockingConnection<ClientProtocol>(opening: Self.kernel.source, observer: words).dump(
            .families)
        let recording = try #require(Recording(words.recorder.recording.description))
        let replayer = Replayer(recording)
        #expect(try BlockingConnection<ClientProtocol>(opening: replayer.source).dump(.families) == families)
        #expect(replayer.remainingCount == 0)
    }
}
