// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A line of Swift, taken apart: its code with the contents of strings left out, and the comment it ends in.
struct SourceLine {
    var code = ""
    /// What follows `//` (or `///`), trimmed; nil where the line has none.
    var comment: String?
    /// The line says something to the compiler.
    var hasCode: Bool { code.contains { !$0.isWhitespace } }
}

/// A Swift file as lines of code and comments.
///
/// Strings, raw and multi-line ones, interpolations and nested block comments are understood; regex literals are read
/// as code.
struct SourceFile {
    let path: String
    let lines: [SourceLine]

    init(path: String) throws {
        self.init(path: path, text: try String(contentsOfFile: path, encoding: .utf8))
    }

    init(path: String, text: String) {
        self.path = path
        var splitter = LineSplitter(text: Array(text.utf8))
        lines = splitter.split()
    }
}

private struct LineSplitter {
    private enum Mode {
        case code(openParentheses: Int)
        case string(hashes: Int, multiline: Bool)
        case blockComment(depth: Int)
    }

    private let text: [UInt8]
    private var position = 0
    private var modes: [Mode] = [.code(openParentheses: 0)]
    private var lines: [SourceLine] = []
    private var code: [UInt8] = []
    private var comment: String?

    init(text: [UInt8]) { self.text = text }

    mutating func split() -> [SourceLine] {
        while position < text.count {
            if text[position] == UInt8(ascii: "\n") {
                endLine()
                continue
            }
            switch modes[modes.count - 1] {
            case .code(let open): stepCode(openParentheses: open)
            case .string(let hashes, let multiline): stepString(hashes: hashes, multiline: multiline)
            case .blockComment(let depth): stepBlockComment(depth: depth)
            }
        }
        if !code.isEmpty || comment != nil { endLine() }
        return lines
    }

    private mutating func endLine() {
        lines.append(SourceLine(code: String(decoding: code, as: UTF8.self), comment: comment))
        code = []
        comment = nil
        position += 1
        // An unfinished one-line string is a compile error; do not let it swallow the file.
        if case .string(_, multiline: false) = modes[modes.count - 1] { modes.removeLast() }
    }

    private func isNext(_ string: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + string.utf8CodeUnitCount <= text.count else { return false }
        return string.withUTF8Buffer { $0.elementsEqual(text[start..<start + $0.count]) }
    }

    private func count(of byte: UInt8, from start: Int) -> Int {
        text[min(start, text.count)...].prefix { $0 == byte }.count
    }

    private mutating func stepCode(openParentheses: Int) {
        if isNext("//") {
            let end = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let start = position + count(of: UInt8(ascii: "/"), from: position)
            let words = String(decoding: text[min(start, end)..<end], as: UTF8.self)
            comment = words.trimmingCharacters(in: .whitespaces)
            position = end
        } else if isNext("/*") {
            modes.append(.blockComment(depth: 1))
            position += 2
        } else if let hashes = hashesBeforeQuote() {
            position += hashes
            let multiline = isNext("\"\"\"")
            position += multiline ? 3 : 1
            code.append(UInt8(ascii: "\""))
            modes.append(.string(hashes: hashes, multiline: multiline))
        } else {
            let byte = text[position]
            position += 1
            if modes.count > 1, byte == UInt8(ascii: ")"), openParentheses == 0 {
                modes.removeLast()
                return
            }
            if byte == UInt8(ascii: "(") { modes[modes.count - 1] = .code(openParentheses: openParentheses + 1) }
            if byte == UInt8(ascii: ")") {
                modes[modes.count - 1] = .code(openParentheses: max(openParentheses - 1, 0))
            }
            code.append(byte)
        }
    }

    private func hashesBeforeQuote() -> Int? {
        let hashes = count(of: UInt8(ascii: "#"), from: position)
        return isNext("\"", at: hashes) ? hashes : nil
    }

    private mutating func stepString(hashes: Int, multiline: Bool) {
        if text[position] == UInt8(ascii: "\\"), count(of: UInt8(ascii: "#"), from: position + 1) >= hashes {
            let escaped = position + 1 + hashes
            if escaped < text.count, text[escaped] == UInt8(ascii: "(") {
                modes.append(.code(openParentheses: 0))
                code.append(UInt8(ascii: " "))
            }
            // A newline after a backslash still ends the line.
            let swallowsNewline = escaped < text.count && text[escaped] == UInt8(ascii: "\n")
            position = min(swallowsNewline ? escaped : escaped + 1, text.count)
            return
        }
        let quotes = multiline ? 3 : 1
        if count(of: UInt8(ascii: "\""), from: position) >= quotes,
            count(of: UInt8(ascii: "#"), from: position + quotes) >= hashes
        {
            position += quotes + hashes
            code.append(UInt8(ascii: "\""))
            modes.removeLast()
            return
        }
        position += 1
    }

    private mutating func stepBlockComment(depth: Int) {
        if isNext("/*") {
            modes[modes.count - 1] = .blockComment(depth: depth + 1)
            position += 2
        } else if isNext("*/") {
            position += 2
            if depth == 1 { modes.removeLast() } else { modes[modes.count - 1] = .blockComment(depth: depth - 1) }
        } else {
            position += 1
        }
    }
}

extension Regex {
    /// With words that end where identifiers do: to Unicode's rules, which are the default, `a.b` is one word.
    var code: Regex<Output> { wordBoundaryKind(.simple) }
}
