// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Our `ip` beside the reference: listing, loading, starting.
enum Commands {
    static func run(rounds: Int, ours: String, reference: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("netlink-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("routes").path
        try await start(rounds, ours, reference)
        try prepare(reference, file)
        var loading = Comparison("-batch adding \(Routes.count) routes")
        for (name, command) in [("iproute2", reference), ("ours", ours)] {
            loading.add(name, before: { try execute(reference, ["route", "flush", "root", "10.0.0.0/8"]) }) {
                try execute(command, ["-batch", file])
            }
        }
        try await loading.run(rounds: min(rounds, 3))
        var listing = Comparison("listing \(Routes.count) routes into a pipe")
        for arguments in [["route"], ["-j", "route"]] {
            listing.add("iproute2 \(arguments.joined(separator: " "))") {
                try execute(reference, arguments, piped: true)
            }
            listing.add("ours \(arguments.joined(separator: " "))") { try execute(ours, arguments, piped: true) }
        }
        try await listing.run(rounds: min(rounds, 7))
        for (name, command) in [("iproute2", reference), ("ours", ours)] {
            print("  peak memory of \(name): \(try peakMemory(command, ["route"])) KiB")
        }
    }

    private static func start(_ rounds: Int, _ ours: String, _ reference: String) async throws {
        var starting = Comparison("ip link, from exec to exit")
        starting.add("iproute2") { for _ in 0..<20 { try execute(reference, ["link"]) } }
        starting.add("ours") { for _ in 0..<20 { try execute(ours, ["link"]) } }
        try await starting.run(rounds: max(rounds, 11), divisor: 20)
        for (name, command) in [("iproute2", reference), ("ours", ours)] {
            print("  peak memory of \(name): \(try peakMemory(command, ["link"])) KiB")
        }
    }

    private static func prepare(_ reference: String, _ file: String) throws {
        try execute(reference, ["link", "add", "load0", "type", "veth", "peer", "name", "load1"])
        try execute(reference, ["link", "set", "load0", "up"])
        try execute(reference, ["link", "set", "load1", "up"])
        try execute(reference, ["address", "add", "192.0.2.1/24", "dev", "load0"])
        var text = ""
        for number in 0..<Routes.count {
            let address = 0x0a00_0000 + number << 4
            text += "route add \(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)/28"
            text += " via 192.0.2.2 dev load0 metric 100\n"
        }
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    private static func execute(_ command: String, _ arguments: [String], piped: Bool = false) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = piped ? pipe : FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        if piped { while !pipe.fileHandleForReading.availableData.isEmpty {} }
        process.waitUntilExit()
    }

    /// What the kernel counted as the command's largest resident size.
    private static func peakMemory(_ command: String, _ arguments: [String]) throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c",
                "\"$0\" \"$@\" > /dev/null & pid=$!; peak=0; while kill -0 $pid 2> /dev/null; do "
                    + "now=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$pid/status 2> /dev/null); "
                    + "[ -z \"$now\" ] || peak=$now; done; echo $peak", command,
            ] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Int(String(decoding: data, as: UTF8.self).split(separator: "\n").last ?? "0") ?? 0
    }
}
