// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NetlinkCore

/// Our `ip` beside the reference: starting, loading, listing.
enum Commands {
    static func run(rounds: Int, ours: String, reference: String) async throws {
        let programs = [("iproute2", reference), ("ours", ours)]
        try await start(rounds, programs)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("netlink-bench-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try prepare(reference, file)
        var loading = Comparison("ip -batch adding \(Tables.routeCount) routes")
        for (name, command) in programs {
            loading.add(
                name, target: name == "ours" ? 0.85 : nil,
                before: { try execute(reference, ["route", "flush", "root", "10.0.0.0/8"]) },
                body: { try execute(command, ["-batch", file]) })
        }
        try await loading.run(rounds: min(rounds, 5))
        for arguments in [["route"], ["-j", "route"]] {
            let words = arguments.joined(separator: " ")
            var listing = Comparison("ip \(words) of \(Tables.routeCount) routes into a pipe")
            for (name, command) in programs {
                listing.add(name, target: name == "ours" ? 0.6 : nil) { try execute(command, arguments, piped: true) }
            }
            try await listing.run(rounds: min(rounds, 7))
        }
        try peaks(programs, ["route"])
    }

    private static func start(_ rounds: Int, _ programs: [(String, String)]) async throws {
        _ = try Links.makePair("start")
        var starting = Comparison("ip link with a pair of links, from exec to exit")
        for (name, command) in programs {
            starting.add(name, target: name == "ours" ? 1.0 : nil) {
                for _ in 0..<50 { try execute(command, ["link"]) }
            }
        }
        try await starting.run(rounds: max(rounds, 11), divisor: 50)
        try peaks(programs, ["link"])
    }

    private static func peaks(_ programs: [(String, String)], _ arguments: [String]) throws {
        // Of copies: a program that the kernel has kept for long it may map in huge pages, which count as resident whole.
        let peaks = try programs.map { program in
            let copy = FileManager.default.temporaryDirectory.appendingPathComponent("netlink-bench-ip-\(getpid())")
                .path
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try FileManager.default.copyItem(atPath: program.1, toPath: copy)
            return try peakMemory(copy, arguments)
        }
        let ratio = Double(peaks[1]) / Double(max(1, peaks[0]))
        print("  peak memory: iproute2 \(peaks[0]) KiB, ours \(peaks[1]) KiB, ratio \(ratio.text(2)) (target 3)")
    }

    private static func prepare(_ reference: String, _ file: String) throws {
        _ = try Links.makePair("load")
        try execute(reference, ["address", "add", "192.0.2.1/24", "dev", "load0"])
        var text = ""
        for number in 0..<Tables.routeCount {
            let address = 0x0a00_0000 + number << 4
            text += "route add \(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)/28"
            text += " via 192.0.2.2 dev load0 metric 100\n"
        }
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    private static func execute(_ command: String, _ arguments: [String], piped: Bool = false) throws {
        let pipe = piped ? Pipe() : nil
        let output = pipe.map { StandardStream.descriptor($0.fileHandleForWriting.fileDescriptor) } ?? .null
        let child = try NamespaceHandle(.current).spawn(
            NamespaceCommand(command, arguments, output: output, errors: .null))
        if let pipe {
            try pipe.fileHandleForWriting.close()
            while !pipe.fileHandleForReading.availableData.isEmpty {}
        }
        let status = try child.wait(timeout: .seconds(60))
        precondition(status.isSuccess || arguments.contains("flush"), "\(command) \(arguments) failed: \(status)")
    }

    /// The largest resident size of a command in KiB, read while it waits for its output to be taken.
    private static func peakMemory(_ command: String, _ arguments: [String]) throws -> Int {
        let pipe = Pipe()
        let (reader, writer) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        // Full from the beginning: the command stops before it ends, however little it writes.
        let capacity = Int(fcntl(writer.fileDescriptor, 1032))  // F_GETPIPE_SZ
        try writer.write(contentsOf: Data(count: capacity))
        let child = try NamespaceHandle(.current).spawn(
            NamespaceCommand(
                command, arguments, output: .descriptor(writer.fileDescriptor), errors: .null))
        try writer.close()
        var peak = 0
        while true {
            usleep(2000)
            if let status = try? String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let size = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            {
                peak = max(peak, size)
            }
            guard let data = try reader.read(upToCount: capacity), !data.isEmpty else { break }
        }
        _ = try child.wait(timeout: .seconds(60))
        return peak
    }
}
