// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NetlinkCore
internal import NetlinkRoute

/// What a dump takes of memory, in a process of its own: with all routes, and with none of them.
enum Peak {
    static let forms = [
        ("each", "blocking, each element"), ("chunks", "asynchronous, chunks"),
        ("single", "asynchronous, single elements"), ("array", "blocking, array"),
    ]

    /// Runs one form in this process, which was started for it, and prints its largest resident size in KiB.
    static func run(_ form: String) async throws {
        let dump = RouteDump(family: .ipv4)
        switch form {
        case "each":
            try BlockingRouteConnection().dump(dump) { (route: Route) throws(NetlinkError) in
                blackHole(UInt64(route.metric ?? 0))
            }
        case "chunks":
            for try await chunk in try RouteConnection().stream(dump).chunks() {
                if case .elements(let routes) = chunk { blackHole(UInt64(routes.count)) }
            }
        case "single":
            for try await route in try RouteConnection().stream(dump) { blackHole(UInt64(route.metric ?? 0)) }
        default: blackHole(UInt64(try BlockingRouteConnection().dump(dump).count))
        }
        Swift.print(try ownPeak())
    }

    /// This process's largest resident size in KiB.
    private static func ownPeak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    }

    /// What each form takes now.
    static func all() throws -> [Int] { try forms.map { try child($0.0) } }

    static func print(_ empty: [Int], _ full: [Int]) {
        for (index, form) in forms.enumerated() {
            let ratio = Double(full[index]) / Double(max(1, empty[index]))
            Swift.print(
                "  peak memory, \(form.1): \(full[index]) KiB, of an empty table \(empty[index]) KiB, ratio "
                    + ratio.text(2))
        }
    }

    private static func child(_ form: String) throws -> Int {
        let pipe = Pipe()
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let child = try NamespaceHandle(.current).spawn(
            NamespaceCommand(
                program, ["peak", form], output: .descriptor(pipe.fileHandleForWriting.fileDescriptor)))
        try pipe.fileHandleForWriting.close()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        _ = try child.wait(timeout: .seconds(60))
        return Int(String(decoding: data, as: UTF8.self).split(separator: "\n").last ?? "") ?? 0
    }
}
