// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized) struct NamespaceThreadIntegrationTests {
        private struct Refusal: Error, Equatable {}

        @Test func aClosureRunsInsideAndItsCallerStaysOutside() async throws {
            let fixture = try NamespaceFixture()
            let outside = try NamespaceHandle(.current).identity
            func blocking() throws -> NamespaceIdentity {
                try fixture.handle.run { () throws(NetlinkError) in try NamespaceHandle(.current).identity }.get()
            }
            #expect(try blocking() == fixture.handle.identity)
            let inside = try await fixture.handle.run { () throws(NetlinkError) in
                try NamespaceHandle(.current).identity
            }.get()
            #expect(inside == fixture.handle.identity)
            #expect(try NamespaceHandle(.current).identity == outside)
        }

        @Test func whatAClosureThrowsComesBackAsItsOwnError() async throws {
            let fixture = try NamespaceFixture()
            func blocking() throws -> Result<Int, Refusal> {
                try fixture.handle.run { () throws(Refusal) -> Int in throw Refusal() }
            }
            #expect(try blocking() == .failure(Refusal()))
            let result = try await fixture.handle.run { () throws(Refusal) -> Int in throw Refusal() }
            #expect(result == .failure(Refusal()))
        }

        @Test func theThreadIsNotReusedAndBlocksSignals() async throws {
            let fixture = try NamespaceFixture()
            let mask = try await fixture.handle.run { () throws(SystemError) in
                String(decoding: try readFile("/proc/thread-self/status"), as: UTF8.self)
                    .split(separator: "\n").first { $0.hasPrefix("SigBlk:") }.map(String.init)
            }.get()
            let blocked = try #require(mask?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) })
            // SIGINT 2, SIGTERM 15, SIGCHLD 17; not SIGSEGV 11.
            for signal in [2, 15, 17] { #expect(blocked & 1 << (signal - 1) != 0) }
            #expect(blocked & 1 << 10 == 0)
            let outside = try NamespaceHandle(.current).identity
            #expect(try await eventually { try threadNamespaces() == [outside] })
        }

        @Test func manyTasksAtOnceLeaveEveryThreadWhereItWas() async throws {
            let fixtures = try (0..<4).map { _ in try NamespaceFixture() }
            let outside = try NamespaceHandle(.current).identity
            let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    let fixture = fixtures[index % 4]
                    group.addTask {
                        let inside = try await fixture.handle.run { () throws(NetlinkError) in
                            try NamespaceHandle(.current).identity
                        }.get()
                        let here = try NamespaceHandle(.current).identity
                        return inside == fixture.handle.identity && here == outside ? 0 : 1
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(wrong == 0)
            #expect(try await eventually { try threadNamespaces() == [outside] })
        }

        @Test func systemControlsAreThoseOfTheNamespaceInside() async throws {
            let fixture = try NamespaceFixture()
            // Since 2.6 each network namespace has its own; the file is looked up by the thread that opens it.
            let path = "/proc/sys/net/ipv4/ip_default_ttl"
            let before = try readFile(path)
            try await fixture.handle.run { () throws(SystemError) in
                let file = try openFile(path, flags: 1)
                try writeAll(Array("77".utf8), to: file.number)
            }.get()
            #expect(try readFile(path) == before)
            let inside = try await fixture.handle.run { () throws(SystemError) in try readFile(path) }.get()
            #expect(inside == Array("77\n".utf8))
        }

        @Test func aNamespaceThatIsNotThereIsNotFoundAndOtherErrorsStay() throws {
            func code(_ namespace: Namespace) -> NetlinkError.Code? {
                do throws(NetlinkError) {
                    _ = try NamespaceHandle(namespace)
                    return nil
                } catch {
                    return error.code
                }
            }
            #expect(code(.name("no-such-namespace")) == .notFound)
            #expect(code(.path("/no/such/file")) == .notFound)
            #expect(code(.pid(.max)) == .notFound)
            #expect(code(.pid(0)) == .notFound)
            #expect(code(.pid(-1)) == .notFound)
            #expect(code(.descriptor(-1)) == .badDescriptor)
            // ENOTDIR
            #expect(code(.path("/etc/passwd/x")) == .init(rawValue: 20))
            #expect(code(.path("/etc/passwd")) == .invalidArgument)
            #expect(code(.path("/proc/self/ns/mnt")) == .invalidArgument)
            #expect(code(.path("a\0b")) == .invalidArgument)
            #expect(code(.path("/dev/null")) == .invalidArgument)
        }

        @Test func anAnonymousNamespaceIsGoneWithItsHandle() async throws {
            let outside = try NamespaceHandle(.current)
            let id: NamespaceID
            do {
                let handle = try NamespaceHandle.anonymous()
                try await outside.setID(of: .descriptor(handle.descriptor))
                id = try #require(try await outside.id(of: .descriptor(handle.descriptor)))
                #expect(try await outside.ids().map(\.id).contains(id))
            }
            // The kernel forgets the id with the namespace.
            #expect(try await eventually { try !outside.ids().map(\.id).contains(id) })
        }
    }
}
