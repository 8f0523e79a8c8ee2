// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// The Swift examples in a library's pages and comments, compared line by line with a file of code that is compiled.
///
/// Indentation and imports do not matter.
public struct DocumentationExamples: Sendable {
    /// How many examples there are.
    public private(set) var count = 0
    /// Those that the code does not have: where they stand and how they begin.
    public private(set) var missing: [String] = []

    private static let sizeLimit = 1 << 20
    private let code: [String]

    /// Looks for the examples below a folder, and for each in the code.
    public init(below folder: String, in code: String) throws(SystemError) {
        self.code = try Self.lines(of: code)
        try visit(folder)
    }

    private mutating func visit(_ path: String) throws(SystemError) {
        if path.hasSuffix(".md") || path.hasSuffix(".swift") { return try compare(path) }
        for entry in try directoryEntries(path) {
            let below = "\(path)/\(entry)"
            let isFolder = (try? directoryEntries(below)) != nil
            if isFolder || below.hasSuffix(".md") || below.hasSuffix(".swift") { try visit(below) }
        }
    }

    private mutating func compare(_ path: String) throws(SystemError) {
        for example in try Self.examples(of: path) where !example.isEmpty {
            count += 1
            let isThere = code.indices.contains { code[$0...].starts(with: example) }
            if !isThere { missing.append("\(path): \(example[0])") }
        }
    }

    private static func examples(of path: String) throws(SystemError) -> [[String]] {
        var examples: [[String]] = []
        var open: [String]?
        for line in try lines(of: path) {
            let text = line.hasPrefix("///") ? trimmed(line.dropFirst(3)) : line
            if text == "```swift" {
                open = []
            } else if text == "```" {
                if let example = open { examples.append(example) }
                open = nil
            } else if !text.isEmpty, !text.hasPrefix("import ") {
                open?.append(text)
            }
        }
        return examples
    }

    private static func lines(of path: String) throws(SystemError) -> [String] {
        String(decoding: try readFile(path, limit: sizeLimit), as: UTF8.self)
            .split(separator: "\n").map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ line: Substring) -> String {
        var text = line.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
