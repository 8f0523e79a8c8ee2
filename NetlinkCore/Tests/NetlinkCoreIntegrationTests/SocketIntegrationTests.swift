// SPDX-License-Identifier: Apache-2.0

import Glibc
import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized) struct SocketIntegrationTests {
        /// Sends bytes to another process's socket, which takes a right that the kernel gives to few.
        private func send(_ bytes: [UInt8], from socket: NetlinkSocket, to port: UInt32) -> Bool {
            // struct sockaddr_nl: family, padding, port, groups.
            let address: [UInt32] = [UInt32(UInt16(AF_NETLINK).littleEndian), port, 0]
            return unsafe address.withUnsafeBytes { address in
                unsafe address.withMemoryRebound(to: sockaddr.self) { name in
                    unsafe sendto(socket.descriptor, bytes, bytes.count, 0, name.baseAddress, 12)
                } == bytes.count
            }
        }

        @Test func datagramsOfOtherProcessesAreDroppedOneByOne() throws {
            let fixture = try NamespaceFixture()
            let ours = try fixture.handle.openSocket(protocol: TestRoute.number)
            let other = try fixture.handle.openSocket(protocol: TestRoute.number)
            var buffer = ReceiveBuffer()
            let count = 20
            for _ in 0..<count { #expect(send(Array(repeating: 0x10, count: 16), from: other, to: ours.port)) }
            // Each counts as an empty one, so that who waits looks at the clock between them.
            var received: [Int?] = []
            for _ in 0...count { received.append(try ours.receive(into: &buffer)) }
            #expect(received == Array(repeating: 0, count: count) + [nil])
            #expect(ours.foreignDatagramCount == count)
        }

        @Test func aFloodOfOtherProcessesNeitherAnswersNorStopsARequest() async throws {
            let fixture = try NamespaceFixture()
            let ours = try fixture.handle.openSocket(protocol: TestRoute.number)
            let connection = try BlockingConnection<TestRoute>(
                opening: TransportSource { () throws(NetlinkError) in ours })
            let other = try fixture.handle.openSocket(protocol: TestRoute.number)
            // What pretends to be the acknowledgement of the first requests.
            for sequence in 1...8 as ClosedRange<UInt8> {
                let lie: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 0, sequence, 0, 0, 0] + Array(repeating: 0, count: 24)
                #expect(send(lie, from: other, to: ours.port))
            }
            for _ in 0..<4 {
                #expect(throws: NetlinkError.self) { try connection.query(TestLinkQuery(name: "none0")) }
                #expect(try connection.query(TestLinkQuery(index: 1)).name == "lo")
            }
            #expect(connection.foreignDatagramCount == 8)
        }

        @Test func whatAnOldKernelDoesNotKnowIsDoneWithout() throws {
            let socket = try NetlinkSocket(protocol: TestRoute.number)
            #expect(socket.isStrict)
            // As strict checking is to a kernel before 4.20: an option of a number that none has.
            #expect(!NetlinkSocket.enable(socket.descriptor, 2000))
            let error = #expect(throws: SystemError.self) {
                try NetlinkSocket.setOption(socket.descriptor, level: NetlinkSocket.netlinkLevel, option: 2000, 1)
            }
            #expect(error.map { NetlinkError($0).code } == .noProtocolOption)
            var buffer = ReceiveBuffer()
            let request = try TestLinkDump().messageBytes()
            try socket.send(request.rawSpan)
            let received = try socket.receive(into: &buffer)
            #expect((received ?? 0) > 16)
        }

        private func receiveBuffer(of socket: NetlinkSocket) -> Int32 {
            var size: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            guard unsafe getsockopt(socket.descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 else { return -1 }
            return size
        }

        @Test func aReceiveBufferIsAsLargeAsAskedForAndWithoutRightsAsTheSystemAllows() throws {
            let socket = try NetlinkSocket(protocol: TestRoute.number)
            // More than the system gives to everybody; the kernel counts its own upkeep besides.
            let allowed = try #require(
                Int32(String(decoding: try readFile("/proc/sys/net/core/rmem_max"), as: UTF8.self).dropLast()))
            let wanted = 2 * allowed
            try socket.setReceiveBuffer(Int(wanted))
            #expect(receiveBuffer(of: socket) == 2 * wanted)
            let size = try Thread.run { () throws(SystemError) -> Int32 in
                try Capabilities.dropAll()
                let socket = try NetlinkSocket(protocol: TestRoute.number)
                try socket.setReceiveBuffer(Int(wanted))
                return receiveBuffer(of: socket)
            }.get()
            #expect(size == 2 * allowed)
            try socket.setReceiveBuffer(.max)
            try socket.setReceiveBuffer(.min)
            #expect(receiveBuffer(of: socket) > 0)
        }

        @Test func groupsAboveThirtyTwoAreJoinedAndLeft() throws {
            let fixture = try NamespaceFixture()
            let socket = try fixture.handle.openSocket(protocol: TestRoute.number)
            func groups() -> [UInt32] {
                var mask: [UInt32] = [0, 0]
                var length = socklen_t(8)
                _ = unsafe getsockopt(socket.descriptor, 270, 9, &mask, &length)
                return mask
            }
            for (group, mask): (UInt32, [UInt32]) in [(1, [1, 0]), (32, [1 << 31, 0]), (33, [0, 1]), (36, [0, 8])] {
                try socket.join(group: group)
                #expect(groups() == mask)
                try socket.leave(group: group)
                #expect(groups() == [0, 0])
            }
            for group in [0, 10_000, .max] as [UInt32] {
                #expect(throws: SystemError.self) { try socket.join(group: group) }
            }
        }

        @Test func aRefusalNamesTheCapabilityThatIsMissingAndNoneThatIsThere() throws {
            let fixture = try NamespaceFixture()
            try fixture.addVeth("a", "b")
            try fixture.addLink("bond", kind: "bond")
            let first = try fixture.index(of: "a")
            let bond = try fixture.index(of: "bond")
            // A link that is up cannot become a part of a bond: EPERM, whoever asks.
            let enslave = TestLinkChange(index: first.rawValue) { $0.put(TestLinkAttribute.master, bond.rawValue) }
            @Sendable func refusals(_ connection: BlockingConnection<TestRoute>) throws(NetlinkError) -> [NetlinkError]
            {
                var errors: [NetlinkError] = []
                do throws(NetlinkError) { try connection.perform(enslave) } catch { errors.append(error) }
                var batch = Batch<TestRoute>()
                try batch.append(enslave)
                if case .failure(let error) = try connection.perform(&batch)[0] { errors.append(error) }
                return errors
            }
            let privileged = try refusals(try fixture.connect(TestRoute.self))
            #expect(privileged.map(\.code) == [.notPermitted, .notPermitted])
            #expect(privileged.map(\.message) == Array(repeating: "Device can not be enslaved while up", count: 2))
            #expect(privileged.allSatisfy { $0.missingCapability == nil && !$0.description.contains("CAP_") })

            let unprivileged = try Thread.run { () throws(NetlinkError) -> [NetlinkError] in
                let connection = try fixture.connect(TestRoute.self)
                do throws(SystemError) { try Capabilities.dropAll() } catch { throw NetlinkError(error) }
                return try refusals(connection)
            }.get()
            #expect(unprivileged.map(\.code) == [.notPermitted, .notPermitted])
            #expect(unprivileged.map(\.missingCapability) == Array(repeating: .networkAdministration, count: 2))
            #expect(unprivileged.allSatisfy { $0.description.contains("needs CAP_NET_ADMIN") })

            let namespaces = try Thread.run { () throws(SystemError) -> [NetlinkError?] in
                try Capabilities.dropAll()
                do throws(NetlinkError) { _ = try NamespaceHandle.anonymous() } catch { return [error] }
                return []
            }.get()
            #expect(namespaces.map { $0?.missingCapability } == [.systemAdministration])
        }

        @Test func theKernelChoosesPortIDs() throws {
            let sockets = try (0..<8).map { _ in try NetlinkSocket(protocol: TestRoute.number) }
            #expect(Set(sockets.map(\.port)).count == 8)
            #expect(!sockets.map(\.port).contains(0))
        }

        @Test func descriptorsAreClosedInOtherPrograms() throws {
            let socket = try NetlinkSocket(protocol: TestRoute.number)
            #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
            let handle = try NamespaceHandle(.current)
            #expect(fcntl(handle.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Suite(.serialized) struct ProbeIntegrationTests {
        private func connection(_ fixture: NamespaceFixture) throws -> BlockingConnection<TestRoute> {
            try fixture.connect(TestRoute.self)
        }

        /// A message type far above those that there are.
        private struct UnknownQuery: Query {
            typealias Family = TestRoute
            var messageType: UInt16 { 1022 }
            var operation: StaticString { "ask" }
            func encode(into writer: inout MessageWriter) { writer.structure(16) { _ in } }
            func decode(_ message: borrowing Message) throws(DecodeError) {}
        }

        @Test func theKernelSaysWhichMessagesAndAttributesItTakes() async throws {
            let fixture = try NamespaceFixture()
            let blocking = try connection(fixture)
            let tasks = try Connection<TestRoute>(in: fixture.namespace)
            #expect(try blocking.probe(TestLinkQuery(index: 1)).isSupported)
            #expect(try blocking.probe(TestLinkQuery(index: 999)).isSupported, "a link that is not there")
            let unknown = try await tasks.probe(UnknownQuery())
            #expect(unknown.refusal?.isNotSupported == true)
            #expect(try await tasks.probe(TestLinkDump()).isSupported)
            let filter = try await tasks.probe(TestLinkDump(mtu: 1500))
            #expect(filter.refusal?.message == "Unsupported attribute in link dump request")
            let range = try blocking.probe(
                TestLinkChange(index: 1) { $0.put(TestLinkAttribute.gsoIPv4, UInt32(1)) })
            #expect(range.refusal?.path?.description == "IFLA_GSO_IPV4_MAX_SIZE")
            let absent = TestLinkChange(index: 999) { $0.put(TestLinkAttribute.mtu, UInt32(1500)) }
            #expect(try blocking.probe(absent).isSupported)
            // The connections are as good as before.
            #expect(try blocking.query(TestLinkQuery(index: 1)).name == "lo")
            #expect(try await tasks.query(TestLinkQuery(index: 1)).name == "lo")
        }

        @Test func theAnswerIsRememberedForTheNamespaceAndNoOther() async throws {
            let recorder = Recorder()
            let fixture = try NamespaceFixture()
            let first = try BlockingConnection<TestRoute>(in: fixture.namespace, observer: recorder)
            let second = try Connection<TestRoute>(in: fixture.namespace, observer: recorder)
            func sentCount() -> Int { recorder.recording.datagrams.count { $0.isRequest } }
            #expect(try !first.probe(UnknownQuery()).isSupported)
            #expect(sentCount() == 1)
            #expect(try await !second.probe(UnknownQuery()).isSupported)
            #expect(sentCount() == 1)
            #expect(try await !second.probe(UnknownQuery(), again: true).isSupported)
            #expect(sentCount() == 2)
            let other = try NamespaceFixture()
            let elsewhere = try BlockingConnection<TestRoute>(in: other.namespace, observer: recorder)
            #expect(try !elsewhere.probe(UnknownQuery()).isSupported)
            #expect(sentCount() == 3)
        }
    }

    @Suite(.serialized) struct ConnectionPoolIntegrationTests {
        @Test func manyTasksDumpSideBySideOnFewSockets() async throws {
            let fixture = try NamespaceFixture()
            for index in 0..<40 { try fixture.addVeth("a\(index)", "b\(index)") }
            let count = try fixture.connect(TestRoute.self).dump(TestLinkDump()).count
            #expect(count >= 81)
            let pool = try ConnectionPool<TestRoute>(in: fixture.namespace, size: 3)
            let before = try descriptorCount()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 { group.addTask { try await pool.dump(TestLinkDump()).count } }
                for try await found in group { #expect(found == count) }
            }
            #expect(pool.openCount <= 3)
            #expect(try descriptorCount() <= before + 5)
            pool.close()
            #expect(try await eventually { try descriptorCount() <= before + 2 })
        }
    }
}
