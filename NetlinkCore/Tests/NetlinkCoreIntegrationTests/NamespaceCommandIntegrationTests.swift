// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized) struct NamespaceCommandIntegrationTests {
        /// Runs a shell line in the namespace and returns its status and what it wrote.
        private func shell(
            _ line: String, in fixture: NamespaceFixture, _ change: (inout NamespaceCommand) -> Void = { _ in }
        ) async throws -> (status: ChildProcess.Status, output: String) {
            let (reading, writing) = try ProcessCalls.makePipe()
            let reader = FileDescriptor(owning: reading)
            var command = NamespaceCommand("sh", ["-c", line], output: .descriptor(writing))
            change(&command)
            let child: ChildProcess
            do {
                child = try await fixture.handle.spawn(command)
            } catch {
                closeDescriptor(writing)
                throw error
            }
            closeDescriptor(writing)
            let text = try readFile("/proc/self/fd/\(reader.number)")
            return (try await child.wait(timeout: .seconds(20)), String(decoding: text, as: UTF8.self))
        }

        @Test func aCommandIsInsideFromItsStart() async throws {
            let fixture = try NamespaceFixture()
            let (status, output) = try await shell("readlink /proc/self/ns/net", in: fixture)
            #expect(status.isSuccess)
            #expect(output == "net:[\(fixture.handle.identity.inode)]\n")
            let outside = try NamespaceHandle(.current).identity
            #expect(try await eventually { try threadNamespaces() == [outside] })
        }

        @Test func argumentsAndEnvironmentAreThoseGiven() async throws {
            let fixture = try NamespaceFixture()
            let (_, output) = try await shell("printf '<%s>' \"$@\"; env", in: fixture) {
                $0.arguments += ["name", "a b", "", "$x", "ü"]
                $0.environment = ["ONE": "1=1", "TWO": ""]
            }
            #expect(output.hasPrefix("<a b><><$x><ü>"))
            let lines = Set(output.split(separator: "\n").map(String.init))
            #expect(lines.contains { $0.hasSuffix("ONE=1=1") })
            #expect(lines.contains { $0.hasSuffix("TWO=") })
            #expect(!output.contains("HOME="))
            #expect(throws: NetlinkError.self) {
                try fixture.handle.spawn(NamespaceCommand("true", environment: ["A=B": "x"]))
            }
            #expect(throws: NetlinkError.self) { try fixture.handle.spawn(NamespaceCommand("true", ["a\0b"])) }
        }

        @Test func standardDescriptorsMayBeExchanged() async throws {
            let fixture = try NamespaceFixture()
            let (first, second) = try ProcessCalls.makePipe()
            let input = FileDescriptor(owning: first)
            try writeAll(Array("text\n".utf8), to: second)
            closeDescriptor(second)
            let (status, output) = try await shell("cat; echo lost >&2", in: fixture) {
                $0.input = .descriptor(input.number)
                $0.errors = .null
            }
            #expect(status.isSuccess)
            #expect(output == "text\n")
            // Duplicates made for one child stay out of it: it has as many as one that inherits all.
            let count = "ls /proc/self/fd | wc -l"
            let (_, few) = try await shell(count, in: fixture) { $0.input = .null }
            let (_, given) = try await shell(count, in: fixture) {
                $0.input = .descriptor(input.number)
                $0.errors = .null
            }
            #expect(few == given)
            let (_, nothing) = try await shell("cat", in: fixture) { $0.input = .null }
            #expect(nothing == "")
        }

        @Test func statusesAndSignalsAreToldApart() async throws {
            let fixture = try NamespaceFixture()
            #expect(try await shell("exit 37", in: fixture).status == .exited(37))
            // The thread that starts it blocks signals; the command must not.
            #expect(try await shell("kill -TERM $$; sleep 5", in: fixture).status == .signaled(15))
            let child = try await fixture.handle.spawn(NamespaceCommand("sleep", ["100"]))
            #expect(try child.ended() == nil)
            try child.send(signal: 9)
            #expect(try await child.wait(timeout: .seconds(10)) == .signaled(9))
            #expect(try await child.wait() == .signaled(9))
            let error = #expect(throws: NetlinkError.self) { try child.send(signal: 9) }
            #expect(error?.isNotFound == true)
        }

        @Test func aMissingProgramIsNotFound() async throws {
            let fixture = try NamespaceFixture()
            for program in ["no-such-program", "/no/such/program"] {
                let error = await #expect(throws: NetlinkError.self) {
                    try await fixture.handle.spawn(NamespaceCommand(program))
                }
                #expect(error?.code == .notFound)
                #expect(error?.object == program)
            }
        }

        @Test func waitingEndsAtItsDeadlineAndTheCommandGoesOn() async throws {
            let fixture = try NamespaceFixture()
            let child = try await fixture.handle.spawn(NamespaceCommand("sleep", ["100"]))
            let error = await #expect(throws: NetlinkError.self) { try await child.wait(timeout: .milliseconds(30)) }
            #expect(error?.isTimeout == true)
            func blocking() throws(NetlinkError) -> ChildProcess.Status { try child.wait(timeout: .milliseconds(30)) }
            #expect(throws: NetlinkError.self) { try blocking() }
            #expect(try child.ended() == nil)
            try child.send(signal: 15)
            func ended() throws(NetlinkError) -> ChildProcess.Status { try child.wait(timeout: .seconds(10)) }
            #expect(try ended() == .signaled(15))
        }

        @Test func waitingEndsWithItsTaskAndOthersGoOnWaiting() async throws {
            let fixture = try NamespaceFixture()
            let child = try await fixture.handle.spawn(NamespaceCommand("sleep", ["100"]))
            let cancelled = Task { try await child.wait() }
            let others = (0..<4).map { _ in Task { try await child.wait(timeout: .seconds(20)) } }
            try await Task.sleep(for: .milliseconds(50))
            cancelled.cancel()
            let error = await #expect(throws: NetlinkError.self) { try await cancelled.value }
            #expect(error?.isCancelled == true)
            try child.send(signal: 9)
            let began = Instant.now
            for task in others { #expect(try await task.value == .signaled(9)) }
            // Each was woken by the end, none by its deadline.
            #expect(Instant.now.since(began) < .seconds(15))
        }

        @Test func aForgottenCommandLeavesNoZombie() async throws {
            let fixture = try NamespaceFixture()
            var pids: [Int32] = []
            for line in ["exit 0", "sleep 0.2"] {
                pids.append(try await fixture.handle.spawn(NamespaceCommand("sh", ["-c", line])).pid)
            }
            for pid in pids {
                #expect(try await eventually { (try? directoryEntries("/proc/\(pid)")) == nil })
            }
        }

        @Test func withItsMountsACommandSeesItsOwnDevicesAndFiles() async throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("inside0", kind: "bridge")
            let folder = freshPath()
            let here = try NamespaceHandle(.current)
            func run(_ program: String, _ arguments: String...) async throws {
                let child = try await here.spawn(NamespaceCommand(program, arguments))
                #expect(try await child.wait(timeout: .seconds(10)).isSuccess)
            }
            try await run("mkdir", "-p", "\(folder)/blue")
            do {
                let file = try createFile("\(folder)/blue/hosts", mode: 0o644)
                try writeAll(Array("1.2.3.4 of.the.namespace\n".utf8), to: file.number)
                _ = try createFile("\(folder)/blue/no-such-file-in-etc")
            }
            let hosts = try readFile("/etc/hosts")
            let mounts = try readFile("/proc/self/mountinfo")
            let devices = try directoryEntries("/sys/class/net").sorted()

            let (reading, writing) = try ProcessCalls.makePipe()
            let reader = FileDescriptor(owning: reading)
            let child = try await fixture.handle.spawn(
                NamespaceCommand(
                    "sh", ["-c", "cat /etc/hosts; ls /sys/class/net"], output: .descriptor(writing),
                    mounts: .netns("blue", configuration: folder)))
            closeDescriptor(writing)
            let output = String(decoding: try readFile("/proc/self/fd/\(reader.number)"), as: UTF8.self)
            #expect(try await child.wait(timeout: .seconds(20)).isSuccess)
            let lines = output.split(separator: "\n").map(String.init)
            #expect(lines.first == "1.2.3.4 of.the.namespace")
            #expect(lines.contains("inside0") && lines.contains("lo"))
            #expect(child.mountFailures.map(\.target) == ["/etc/no-such-file-in-etc"])
            #expect(child.mountFailures.first?.error.number == 2)

            // Nothing of it is seen here.
            #expect(try readFile("/etc/hosts") == hosts)
            #expect(try readFile("/proc/self/mountinfo") == mounts)
            #expect(try directoryEntries("/sys/class/net").sorted() == devices)
            try await run("rm", "-r", folder)
        }

        @Test func aNamespaceWithoutConfigurationHasItsDevicesAllTheSame() async throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("only0", kind: "bridge")
            let (status, output) = try await shell("ls /sys/class/net", in: fixture) {
                $0.mounts = .netns("green", configuration: "/nonexistent")
            }
            #expect(status.isSuccess)
            #expect(output.contains("only0"))
            #expect(throws: NetlinkError.self) {
                try fixture.handle.spawn(NamespaceCommand("true", mounts: .netns("../x")))
            }
        }

        @Test func aToolBecomesACommandInsideTheNamespace() async throws {
            let result = await #expect(processExitsWith: .exitCode(7), observing: [\.standardOutputContent]) {
                let handle = try NamespaceHandle.anonymous()
                let failures = try enterForExec(handle, name: "red", configuration: "/nonexistent")
                #expect(failures.isEmpty)
                let script = "readlink /proc/self/ns/net; ls /sys/class/net; echo $0 $1; exit 7"
                try execute("sh", ["-c", script, "a", "b"])
            }
            let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
            let outside = try NamespaceHandle(.current).identity
            #expect(output.contains("net:["))
            #expect(!output.contains("net:[\(outside.inode)]"))
            #expect(output.contains("\nlo\n"))
            #expect(output.hasSuffix("\na b\n"))
        }

        @Test func aProgramThatIsNotThereLeavesTheToolRunning() {
            let error = #expect(throws: SystemError.self) { try execute("/no/such/program", []) }
            #expect(error?.number == 2)
        }
    }
}
