// SPDX-License-Identifier: Apache-2.0

/// What one line of Swift says about the kernel, by the comment it ends in.
struct KernelClaim {
    enum Subject: Hashable {
        /// `// IFLA_MTU`: a number.
        case constant(name: String)
        /// `// struct ifinfomsg.ifi_index`: where a field lies, and its size where the line names an integer type.
        case field(structure: String, member: String, byteCount: Int?)
        /// `// sizeof(struct ifinfomsg)`: the size of a struct.
        case size(structure: String)
    }

    let subject: Subject
    let value: Int128
    let path: String
    /// Counted from 1.
    let line: Int

    /// The subject in the kernel's words.
    var name: String {
        switch subject {
        case .constant(let name): name
        case .field(let structure, let member, _): "\(structure).\(member)"
        case .size(let structure): "sizeof(\(structure))"
        }
    }
}

/// Finds the claims of a file, and the lines that look like one but cannot be judged.
struct ClaimScanner {
    private(set) var claims: [KernelClaim] = []
    private(set) var findings: [Finding] = []

    mutating func scan(_ file: SourceFile) {
        for (index, line) in file.lines.enumerated() where line.hasCode {
            guard let comment = line.comment else { continue }
            scan(line.code, comment: comment, path: file.path, line: index + 1)
        }
        findUnnamedNumbers(in: file)
    }

    private mutating func scan(_ code: String, comment: String, path: String, line: Int) {
        let subject: KernelClaim.Subject
        let number: Int128?
        if let match = comment.wholeMatch(of: /((?:struct|union) \w+)\.([\w.\[\]]+)/) {
            let bits = code.firstMatch(of: /\bU?Int(8|16|32|64)\.self/.code).flatMap { Int($0.1) }
            subject = .field(structure: String(match.1), member: String(match.2), byteCount: bits.map { $0 / 8 })
            number = Self.offset(in: code)
        } else if let match = comment.wholeMatch(of: /sizeof\(((?:struct|union) \w+)\)/) {
            subject = .size(structure: String(match.1))
            number = Self.number(in: code)
        } else if Self.isKernelName(comment) {
            number = Self.number(in: code)
            // `// VLAN` behind a line without a number is a remark; `// IFLA_MTU` there is a number that nobody judges.
            if number == nil, !comment.contains("_") || !Self.declares(code) { return }
            subject = .constant(name: comment)
        } else {
            if let word = comment.prefixMatch(of: /_*[A-Z][A-Z0-9]*_[A-Z0-9_]+(?=[^\w])/)?.0,
                Self.declares(code), Self.number(in: code) != nil
            {
                findings.append(Finding(path, line, "the kernel name \(word) must be the whole comment to be judged"))
            }
            return
        }
        guard let number else {
            findings.append(Finding(path, line, "the line ends in \(comment) but has no number of its own to judge"))
            return
        }
        claims.append(KernelClaim(subject: subject, value: number, path: path, line: line))
    }

    /// Within a type whose members carry kernel names, a number without one is an oversight.
    ///
    /// Numbers below zero are the library's own; a comment of any other kind says that the line is meant.
    private mutating func findUnnamedNumbers(in file: SourceFile) {
        let tree = TypeTree(file)
        let named = Set(
            claims.lazy.filter { $0.path == file.path }.compactMap { claim -> String? in
                guard case .constant = claim.subject else { return nil }
                return tree.enclosingType(ofLine: claim.line)
            })
        for (index, line) in file.lines.enumerated() where line.comment == nil {
            guard line.code.contains(/\bstatic (?:let|var) \w+.*\brawValue: *~?[0-9]/.code),
                let type = tree.enclosingType(ofLine: index + 1), named.contains(type)
            else { continue }
            findings.append(Finding(file.path, index + 1, "a number of \(type) without its kernel name"))
        }
    }

    private static func isKernelName(_ comment: String) -> Bool {
        comment.wholeMatch(of: /_*[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+/) != nil
            || comment.wholeMatch(of: /[A-Z][A-Z0-9]{2,}/) != nil
    }

    private static func declares(_ code: String) -> Bool {
        code.contains(/\brawValue:|=|\bcase\s/.code)
    }

    /// `rawValue: N`, else `= N` at the end, else the only number of the line.
    static func number(in code: String) -> Int128? {
        if let match = code.firstMatch(of: /\brawValue:\s*/.code) {
            guard let (value, rest) = NumberExpression.parse(code[match.range.upperBound...]),
                rest.first == ")" || rest.first == ","
            else { return nil }
            return value
        }
        if let match = code.firstMatch(of: /.*[^=!<>]=(?!=)\s*/),
            let (value, rest) = NumberExpression.parse(code[match.range.upperBound...]),
            rest.allSatisfy({ " ,;)}".contains($0) })
        {
            return value
        }
        return NumberExpression.only(in: code)
    }

    /// `at: N` (or `at: start + N`), else a call's first argument (`field(N, …)`), else as `number(in:)`.
    static func offset(in code: String) -> Int128? {
        for pattern in [/\bat:\s*(?:[A-Za-z_][\w.]*\s*\+\s*)?/.code, /\b\w+\(\s*(?=[0-9])/.code] {
            guard let match = code.firstMatch(of: pattern) else { continue }
            guard let (value, rest) = NumberExpression.parse(code[match.range.upperBound...]),
                rest.first == ")" || rest.first == ","
            else { return nil }
            return value
        }
        return number(in: code)
    }
}
