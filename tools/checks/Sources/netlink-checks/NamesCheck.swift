// SPDX-License-Identifier: Apache-2.0
import Foundation

/// `Sources/MODULE/Generated/AttributeNames.swift`: the kernel names of a module's attribute ids and what nests in them,
/// made from the lines that end in kernel names and the `Nest:` lines above them.
struct NamesCheck {
    let repository: Repository
    let write: Bool

    func run() throws -> Report {
        var report = Report()
        var typeCount = 0
        var nameCount = 0
        let modules = try repository.modules(of: repository.libraries)
        for module in modules {
            let generated = module.directory + "/Generated/AttributeNames.swift"
            var tables = AttributeTables()
            for path in Repository.swiftFiles(below: module.directory) where path != generated {
                tables.add(try SourceFile(path: path))
            }
            tables.finish()
            report.findings += tables.findings
            typeCount += tables.types.count
            nameCount += tables.types.values.reduce(0) { $0 + $1.members.count }
            let needsCore = module.name != "NetlinkCore"
            guard let text = tables.generated(importingCore: needsCore) else {
                if FileManager.default.fileExists(atPath: generated) {
                    report.findings.append(Finding(generated, 0, "belongs to no attribute id type of \(module.name)"))
                }
                continue
            }
            if let finding = try compare(generated, with: text, write: write, hint: "run: make names") {
                report.findings.append(finding)
            }
        }
        report.summary = "\(nameCount) names of \(typeCount) attribute id types"
        return report
    }
}

/// The attribute id types of a module.
struct AttributeTables {
    struct Member {
        let rawValue: Int128
        let kernelName: String
        let nest: String?
    }

    struct IDType {
        let access: String
        var members: [Member] = []
    }

    private(set) var types: [String: IDType] = [:]
    private(set) var findings: [Finding] = []
    private var files: [SourceFile] = []

    /// Notes the types that a file declares; their members may stand in extensions in other files.
    mutating func add(_ file: SourceFile) {
        files.append(file)
        for scope in TypeTree(file).scopes where Self.isAttributeID(scope.header) {
            guard let access = scope.header.firstMatch(of: /\b(public|package|private|fileprivate)\b/.code)?.1 else {
                types[scope.name] = IDType(access: "")
                continue
            }
            types[scope.name] = IDType(access: access + " ")
        }
    }

    // Neither a constraint of a generic parameter nor one of a where clause makes a type an attribute id.
    private static func isAttributeID(_ header: String) -> Bool {
        let bare = header.replacing(/<[^{]*?>/, with: "").replacing(/\bwhere\b[^{]*/.code, with: "")
        return bare.contains(/:[^{]*\bAttributeID\b/.code) && !bare.contains(/\bprotocol\b/.code)
    }

    mutating func finish() {
        for file in files { collectMembers(of: file) }
        files = []
    }

    private mutating func collectMembers(of file: SourceFile) {
        let tree = TypeTree(file)
        for (index, line) in file.lines.enumerated() {
            guard let name = tree.enclosingType(ofLine: index + 1), types[name] != nil,
                line.code.contains(/\bstatic (?:let|var)\s/.code)
            else { continue }
            let nest = nest(above: index, in: file)
            if types[name]?.access.hasSuffix("private ") == true {
                let text = "\(name) must be internal, for the kernel names of its members are generated"
                findings.append(Finding(file.path, index + 1, text))
                types[name] = nil
                continue
            }
            guard let kernelName = line.comment, kernelName.wholeMatch(of: /_*[A-Z]\w+/) != nil,
                let value = ClaimScanner.number(in: line.code)
            else {
                if line.code.contains(/rawValue:/) || nest != nil {
                    findings.append(Finding(file.path, index + 1, "an attribute id without a kernel name or a number"))
                }
                continue
            }
            types[name]?.members.append(Member(rawValue: value, kernelName: kernelName, nest: nest))
        }
    }

    /// `Nest: LinkInfoAttribute` in the comment lines right above; `Nest: [X]` for an array of nests.
    private func nest(above index: Int, in file: SourceFile) -> String? {
        for line in file.lines[..<index].reversed() {
            guard !line.hasCode, let comment = line.comment else { return nil }
            if let match = comment.wholeMatch(of: /Nest: `*([A-Za-z_][\w.]*|\[[\w.]+\])`*\.?/) {
                return String(match.1)
            }
            if comment.hasPrefix("Nest:") { return comment }  // Misspelt: the compiler will refuse what comes of it.
        }
        return nil
    }

    func generated(importingCore: Bool) -> String? {
        let tables = types.filter { !$0.value.members.isEmpty }
        guard !tables.isEmpty else { return nil }
        var text = """
            // SPDX-License-Identifier: Apache-2.0
            // swift-format-ignore-file
            // Generated by `make names` from the lines that end in kernel names.

            """
        if importingCore {
            let isPublic = tables.values.contains { $0.access == "public " }
            text += "\n\(isPublic ? "public " : "")import NetlinkCore\n"
        }
        for (name, type) in tables.sorted(by: { $0.key < $1.key }) { text += "\n" + Self.extensionText(name, type) }
        return text
    }

    // An alias repeats a number: the first name is the attribute's.
    private static func extensionText(_ name: String, _ type: IDType) -> String {
        var seen: Set<Int128> = []
        let members = type.members.filter { seen.insert($0.rawValue).inserted }
        var nests: [(Int128, String)] = []
        for member in type.members {
            guard let nest = member.nest, !nests.contains(where: { $0.0 == member.rawValue }) else { continue }
            nests.append((member.rawValue, nest))
        }
        var text = "extension \(name) {\n"
        text += "    /// The attribute's name in the kernel's headers; nil for one that this version does not know.\n"
        text += "    \(type.access)var kernelName: String? {\n        switch rawValue {\n"
        for member in members { text += "        case \(member.rawValue): \"\(member.kernelName)\"\n" }
        text += "        default: nil\n        }\n    }\n"
        if !nests.isEmpty {
            text += "\n    /// The attributes that nest inside one of these; nil where none do.\n"
            text += "    \(type.access)static func nest(in id: UInt16) -> AttributeSchema? {\n        switch id {\n"
            for (value, nest) in nests {
                let type = nest.hasPrefix("[") ? "arrayOf: \(nest.dropFirst().dropLast())" : nest
                text += "        case \(value): AttributeSchema(\(type).self)\n"
            }
            text += "        default: nil\n        }\n    }\n"
        }
        return text + "}\n"
    }
}
