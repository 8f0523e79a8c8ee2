// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
    struct NamespaceStoreIntegrationTests {
        @Test func aCreatedNameIsANewNamespaceAndTheCreatorStaysOutside() async throws {
            try await withStore { store in
                let before = try NamespaceHandle(.current).identity
                let created = try store.create("one")
                // Binding /proc/self/ns/net, which is the first thread's, would have bound the creator's own.
                #expect(created.identity != before)
                #expect(try NamespaceHandle(.path(store.path(of: "one"))) == created)
                #expect(try NamespaceHandle(.current).identity == before)
                #expect(try await eventually { try threadNamespaces() == [before] })
            }
        }

        @Test func aNameOutlivesItsHandlesAndItsThread() async throws {
            try await withStore { store in
                let identity = try store.create("kept").identity
                #expect(try await eventually { try threadNamespaces().count == 1 })
                #expect(try NamespaceHandle(.path(store.path(of: "kept"))).identity == identity)
                #expect(try store.list().map(\.identity) == [identity])
            }
        }

        @Test func aTakenNameIsRefusedAndItsMarkerUnharmed() async throws {
            try await withStore { store in
                let first = try store.create("taken")
                let error = #expect(throws: NetlinkError.self) { try store.create("taken") }
                #expect(error?.isExisting == true)
                #expect(error?.object == "taken")
                #expect(try NamespaceHandle(.path(store.path(of: "taken"))) == first)

                let stale = try createFile(store.path(of: "stale"))
                try writeAll(Array("text".utf8), to: stale.number)
                #expect(throws: NetlinkError.self) { try store.create("stale") }
                #expect(throws: NetlinkError.self) { try store.attach(.current, as: "stale") }
                #expect(try readFile(store.path(of: "stale")) == Array("text".utf8))
            }
        }

        @Test func ofRacingCreatorsOneWinsAndItsNamespaceStays() async throws {
            try await withStore { store in
                for round in 0..<5 {
                    let name = "race\(round)"
                    let won = await createAtOnce(name, in: store)
                    #expect(won.count == 1)
                    let bound = try NamespaceHandle(.path(store.path(of: name)))
                    #expect(bound.identity == won.first)
                }
            }
        }

        private func createAtOnce(_ name: String, in store: NamespaceStore) async -> [NamespaceIdentity] {
            await withTaskGroup(of: NamespaceIdentity?.self) { group in
                for _ in 0..<8 { group.addTask { try? store.create(name).identity } }
                var won: [NamespaceIdentity] = []
                for await identity in group { if let identity { won.append(identity) } }
                return won
            }
        }

        @Test func aFailedCreationLeavesNothingBehind() async throws {
            try await withStore { store in
                let error = #expect(throws: NetlinkError.self) { try store.attach(.path("/etc/passwd"), as: "bad") }
                #expect(error?.code == .invalidArgument)
                #expect(throws: NetlinkError.self) { try store.attach(.pid(.max), as: "bad") }
                #expect(throws: NetlinkError.self) { try store.create("a/b") }
                #expect(throws: SystemError.self) { try directoryEntries(store.directory) }

                let nowhere = NamespaceStore(directory: store.directory + "/no/where")
                let missing = #expect(throws: NetlinkError.self) { try nowhere.create("a") }
                #expect(missing?.code == .notFound)
                // The longest name there can be is no failure.
                let long = String(repeating: "x", count: 255)
                try store.create(long)
                #expect(try store.list().map(\.name) == [long])
            }
        }

        private static let limitPath = "/proc/sys/user/max_net_namespaces"
        private static let settableLimit = TestEnvironment.Feature("setting user.max_net_namespaces") {
            (try? setLimit(readFile(limitPath))) != nil
        }

        private static func setLimit(_ text: [UInt8]) throws(SystemError) {
            let file = try openFile(limitPath, flags: 1)
            try writeAll(text, to: file.number)
        }

        @Test(.enabled(if: TestEnvironment.has(settableLimit), "setting user.max_net_namespaces"))
        func aCreationThatTheKernelRefusesRemovesItsMarkerAndTheFolderItMade() async throws {
            try await withStore { store in
                let before = try readFile(Self.limitPath)
                try Self.setLimit(Array("0".utf8))
                defer { try? Self.setLimit(before) }
                let error = #expect(throws: NetlinkError.self) { try store.create("none") }
                #expect(error?.code == .noSpace)
                #expect(throws: SystemError.self) { try directoryEntries(store.directory) }
            }
        }

        @Test(arguments: ["", ".", "..", "a/b", "/", "a\0b", String(repeating: "n", count: 256)])
        func aNameThatNoFileHasIsRefused(name: String) async throws {
            try await withStore { store in
                #expect(throws: NetlinkError.self) { try store.create(name) }
                #expect(throws: NetlinkError.self) { try store.delete(name) }
                #expect(throws: NetlinkError.self) { try store.attach(.current, as: name) }
                #expect(throws: NetlinkError.self) { try store.pids(in: name) }
                let error = #expect(throws: NetlinkError.self) { try NamespaceHandle(.name(name)) }
                #expect(error?.code == .invalidArgument)
            }
        }

        @Test func liveNamesAreToldFromStaleMarksAndOtherNamespaces() async throws {
            try await withStore { store in
                try store.create("live")
                _ = try createFile(store.path(of: "marker"))
                _ = try createFile(store.path(of: "mount"))
                // Of the same file system as network namespaces.
                try MountCalls.bind("/proc/self/ns/uts", to: store.path(of: "mount"))
                #expect(MountCalls.isNamespace(store.path(of: "mount")))
                let entries = try store.list().sorted { $0.name < $1.name }
                #expect(entries.map(\.name) == ["live", "marker", "mount"])
                #expect(entries.map(\.isLive) == [true, false, false])
                for name in ["marker", "mount"] {
                    let error = #expect(throws: NetlinkError.self) {
                        try NamespaceHandle(.path(store.path(of: name)))
                    }
                    #expect(error?.code == .invalidArgument)
                }
            }
        }

        @Test func deletingUnmountsFirstAndRemovesStaleMarkers() async throws {
            try await withStore { store in
                let handle = try store.create("gone")
                _ = try createFile(store.path(of: "stale"))
                try store.delete("gone")
                try store.delete("stale")
                #expect(try store.list().isEmpty)
                #expect(!String(decoding: try readFile("/proc/self/mountinfo"), as: UTF8.self).contains("/gone "))
                // The namespace lives on in the handle.
                #expect(try handle.run { 1 }.get() == 1)
                let error = #expect(throws: NetlinkError.self) { try store.delete("gone") }
                #expect(error?.code == .notFound)
                #expect(error?.object == "gone")
            }
        }

        @Test func deletingALinkLeavesWhatItPointsTo() async throws {
            try await withStore { store in
                let handle = try store.create("real")
                let shell = NamespaceCommand("ln", ["-s", "real", store.path(of: "link")])
                #expect(try await handle.spawn(shell).wait(timeout: .seconds(10)).isSuccess)
                #expect(try store.names(of: .descriptor(handle.descriptor)).sorted() == ["link", "real"])
                try store.delete("link")
                #expect(try store.names(of: .descriptor(handle.descriptor)) == ["real"])
            }
        }

        @Test func deletingLeavesAMountThatIsNoNamespace() async throws {
            try await withStore { store in
                try store.create("first")
                let path = store.path(of: "other")
                _ = try createFile(path)
                try MountCalls.bind("/proc/self/status", to: path)
                let error = #expect(throws: NetlinkError.self) { try store.delete("other") }
                #expect(error?.isBusy == true)
                #expect(try !readFile(path).isEmpty)
                try MountCalls.detach(path)
                try store.delete("other")
            }
        }

        @Test func deletingTakesAwayEveryMountOfAName() async throws {
            try await withStore { store in
                try store.create("twice")
                try MountCalls.bind("/proc/self/ns/net", to: store.path(of: "twice"))
                try store.delete("twice")
                #expect(try store.list().isEmpty)
            }
        }

        @Test func aNameSpreadsToMountNamespacesMadeBefore() async throws {
            try await withStore { store in
                let handle = try store.create("first")
                // Waits in a mount namespace of its own until the second name is there.
                let script = """
                    i=0; until grep -q "$1/second " /proc/self/mountinfo; do
                    sleep 0.05; i=$((i+1)); [ $i -lt 200 ] || exit 1; done
                    ! grep -q -e "$1/first " -e " shared:" /proc/self/mountinfo
                    """
                let child = try await handle.spawn(
                    NamespaceCommand(
                        "sh", ["-c", script, "sh", store.directory],
                        mounts: .netns("first", configuration: "/nonexistent")))
                try store.delete("first")
                try store.create("second")
                #expect(try await child.wait(timeout: .seconds(20)) == .exited(0))
            }
        }

        @Test func processesAndNamesFindEachOther() async throws {
            try await withStore { store in
                let handle = try store.create("busy")
                let child = try await handle.spawn(NamespaceCommand("sleep", ["100"]))
                defer { try? child.send(signal: 9) }
                #expect(try store.pids(in: "busy") == [child.pid])
                #expect(try handle.pids() == [child.pid])
                #expect(try store.names(of: .pid(child.pid)) == ["busy"])
                #expect(try store.names(of: .current).isEmpty)
                try store.attach(.pid(child.pid), as: "again")
                #expect(try Set(store.names(of: .pid(child.pid))) == ["busy", "again"])
                try store.attach(.current, as: "here")
                #expect(try store.pids(in: "here").contains(currentProcess()))
                _ = try createFile(store.path(of: "stale"))
                #expect(try store.pids(in: "stale").isEmpty)
                #expect(throws: NetlinkError.self) { try store.pids(in: "missing") }
                let error = #expect(throws: NetlinkError.self) { try store.names(of: .pid(.max)) }
                #expect(error?.code == .notFound)
            }
        }

        @Test func aNamespaceIsBoundToAnyPath() async throws {
            let path = freshPath()
            let created = try NamespaceStore.create(atPath: path)
            #expect(try NamespaceHandle(.path(path)) == created)
            #expect(throws: NetlinkError.self) { try NamespaceStore.create(atPath: path) }
            try NamespaceStore.delete(atPath: path)
            let error = #expect(throws: NetlinkError.self) { try NamespaceHandle(.path(path)) }
            #expect(error?.code == .notFound)
        }

        @Test func theStandardStoreIsTheOneOfIP() async throws {
            let name = "netlink-test-\(currentProcess())"
            let created = try KernelIntegrationTests.createStandard(name)
            defer { KernelIntegrationTests.forget(name) }
            #expect(try NamespaceHandle(.name(name)) == created)
            #expect(try NamespaceHandle(.path("/var/run/netns/\(name)")) == created)
            let connection = try BlockingConnection<TestRoute>(in: .name(name))
            #expect(try made(connection.dump(TestLinkDump())) == ["lo"])
        }

        @Test func aMissingFolderHoldsNoNames() throws {
            #expect(try NamespaceStore(directory: "/nonexistent/netns").list().isEmpty)
        }
    }
}
