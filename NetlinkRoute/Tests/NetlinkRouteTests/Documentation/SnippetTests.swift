// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import Testing

@Suite("Documentation") struct SnippetTests {
    private static let folder = directory(of: #filePath)

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
            let text = line.hasPrefix("///") ? trimmed(line.dropFirst(3)) : line
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
        let catalog = "\(Self.folder)/../../../Sources/NetlinkRoute/NetlinkRoute.docc"
        let compiled = try Self.lines("\(Self.folder)/Snippets.swift")
        var count = 0
        let pages = try directoryEntries(catalog).filter { $0.hasSuffix(".md") }.map { "\(catalog)/\($0)" }
        let sources = try Self.sources("\(catalog)/..")
        for path in pages + sources {
            for example in try Self.examples(path) {
                count += 1
                let isCompiled = compiled.indices.contains { compiled[$0...].starts(with: example) }
                #expect(isCompiled, "\(path): \(example.first ?? "")")
            }
        }
        #expect(pages.count >= 4 && sources.count >= 80 && count >= 30)
    }

    /// The Swift files of a folder and those inside it.
    private static func sources(_ folder: String) throws -> [String] {
        var all: [String] = []
        for entry in try directoryEntries(folder) where !entry.contains(".docc") && entry != "." && entry != ".." {
            let path = "\(folder)/\(entry)"
            if entry.hasSuffix(".swift") {
                all.append(path)
            } else if !entry.contains(".") {
                all += try sources(path)
            }
        }
        return all
    }
}
