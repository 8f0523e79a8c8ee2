// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import Testing

@Suite("Documentation") struct SnippetTests {
    private static let package = directory(of: #filePath) + "/../../.."

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func lines(_ path: String) throws -> [String] {
        String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: true).map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ line: Substring) -> String {
        let start = line.drop { $0 == " " }
        return String(start[..<(start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex)])
    }

    /// The Swift examples of a page or source file, each as its lines.
    private static func examples(_ path: String) throws -> [[String]] {
        var all: [[String]] = []
        var open: [String]?
        for line in try lines(path) {
            // A page's examples may have documentation of their own.
            let text = path.hasSuffix(".swift") && line.hasPrefix("///") ? trimmed(line.dropFirst(3)) : line
            if text == "```swift" {
                open = []
            } else if text == "```" {
                if let example = open { all.append(example) }
                open = nil
            } else if !text.isEmpty {
                open?.append(text)
            }
        }
        return all
    }

    @Test("every example of the documentation compiles") func pages() throws {
        let compiled = try [
            "Tests/NetlinkGenericTests/Documentation/Snippets.swift",
            "Tests/NetlinkWireGuardTests/Documentation/Snippets.swift",
            // The article's is the client's package.
            "Tests/PublicAPI/Sources/ClientFamily/TCPMetrics.swift",
            "Tests/PublicAPI/Sources/ClientFamily/Use.swift",
        ].map { try Self.lines("\(Self.package)/\($0)").filter { !$0.hasPrefix("///") } }
        var paths: [String] = []
        for module in ["NetlinkGeneric", "NetlinkWireGuard"] {
            let catalog = "\(Self.package)/Sources/\(module)/\(module).docc"
            paths += try directoryEntries(catalog).filter { $0.hasSuffix(".md") }.map { "\(catalog)/\($0)" }
            for folder in try directoryEntries("\(Self.package)/Sources/\(module)") where !folder.contains(".") {
                let path = "\(Self.package)/Sources/\(module)/\(folder)"
                paths += try directoryEntries(path).filter { $0.hasSuffix(".swift") }.map { "\(path)/\($0)" }
            }
        }
        var count = 0
        for path in paths {
            for example in try Self.examples(path) {
                count += 1
                let code = example.filter { !$0.hasPrefix("///") }
                let isCompiled = compiled.contains { lines in
                    lines.indices.contains { lines[$0...].starts(with: code) }
                }
                #expect(isCompiled, "\(path): \(example.first ?? "")")
            }
        }
        #expect(paths.count > 20 && count >= 9)
    }
}
