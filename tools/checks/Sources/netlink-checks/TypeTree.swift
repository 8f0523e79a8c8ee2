// SPDX-License-Identifier: Apache-2.0

/// The types and extensions of a file: which lines they cover, by their braces.
struct TypeTree {
    struct Scope {
        /// With the names of the types around it: `VLANLink.Attribute`.
        let name: String
        /// Everything before the brace: attributes, access level, conformances.
        let header: String
        let isExtension: Bool
        let firstLine: Int
        fileprivate(set) var lastLine: Int
        let depth: Int
    }

    private(set) var scopes: [Scope] = []

    init(_ file: SourceFile) {
        var open: [Int?] = []  // Index into scopes; nil: the braces of something that is no type.
        var header = ""
        for (index, line) in file.lines.enumerated() {
            for character in line.code {
                switch character {
                case "{":
                    open.append(
                        begin(header, line: index + 1, within: open.last { $0 != nil } ?? nil, depth: open.count))
                    header = ""
                case "}":
                    if let closed = open.popLast(), let scope = closed { scopes[scope].lastLine = index + 1 }
                    header = ""
                default:
                    header.append(character)
                }
            }
            header.append("\n")
        }
    }

    /// The innermost type around a line.
    func enclosingType(ofLine line: Int) -> String? { enclosingScope(ofLine: line)?.name }

    func enclosingScope(ofLine line: Int) -> Scope? {
        scopes.last { $0.firstLine <= line && line <= $0.lastLine }
    }

    private mutating func begin(_ header: String, line: Int, within outer: Int?, depth: Int) -> Int? {
        let pattern = /\b(struct|class|enum|actor|extension|protocol)\s+([A-Za-z_][\w.]*)/.code
        guard let match = header.matches(of: pattern).last, !["func", "var", "let", "subscript"].contains(match.2),
            !header[match.range.upperBound...].contains(/\b(func|var|let|init|subscript)\b/.code)
        else { return nil }
        let name = (outer.map { scopes[$0].name + "." } ?? "") + match.2
        // Only what belongs to this declaration: from the last line that begins one.
        let start = header[..<match.range.lowerBound].lastIndex(of: "\n") ?? header.startIndex
        scopes.append(
            Scope(
                name: name, header: String(header[start...]), isExtension: match.1 == "extension", firstLine: line,
                lastLine: Int.max, depth: depth))
        return scopes.count - 1
    }
}
