// SPDX-License-Identifier: Apache-2.0
import Foundation

/// `API/MODULE.txt`: a package's public declarations and conformances, sorted, one a line.
struct APICheck {
    let repository: Repository
    let write: Bool

    func run() throws -> Report {
        var report = Report()
        var count = 0
        for module in try repository.modules(of: repository.libraries) {
            let lines = try withTemporaryDirectory { directory in
                try SymbolGraph.extract(module.name, builtIn: repository.buildDirectory, into: directory, options: [])
                return Self.lines(of: try SymbolGraph.load(module.name, from: directory))
            }
            count += lines.count
            let file = "\(module.packageDirectory)/API/\(module.name).txt"
            let text = lines.map { $0 + "\n" }.joined()
            if let finding = try compare(file, with: text, write: write, hint: "if the change is meant, run: make api")
            {
                report.findings.append(finding)
            }
        }
        report.summary = "\(count) public declarations"
        return report
    }

    static func lines(of graphs: [SymbolGraph]) -> [String] {
        var lines: Set<String> = []
        for graph in graphs {
            var paths: [String: String] = [:]
            for symbol in graph.symbols {
                paths[symbol.identifier.precise] = symbol.pathComponents.joined(separator: ".")
            }
            let required = Set(graph.relationships.lazy.filter { $0.kind == "requirementOf" }.map(\.source))
            for symbol in graph.symbols {
                let fragments = (symbol.declarationFragments ?? []).map(\.spelling).joined()
                let declaration = fragments.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                let path = symbol.pathComponents.joined(separator: ".")
                let isRequired = required.contains(symbol.identifier.precise)
                let constraints = symbol.swiftExtension?.constraints ?? []
                lines.insert(
                    "\(path): \(isRequired ? "required " : "")\(declaration)\(clause(constraints, declaration))")
            }
            for relation in graph.relationships where ["conformsTo", "inheritsFrom"].contains(relation.kind) {
                // A type of another module has no symbol here; its mangled name still tells it apart.
                let type = paths[relation.source] ?? relation.source
                let target = relation.targetFallback ?? paths[relation.target] ?? relation.target
                guard !["Swift.Copyable", "Swift.Escapable", "Swift.SendableMetatype"].contains(target) else {
                    continue
                }
                lines.insert("\(type): conforms to \(target)\(clause(relation.swiftConstraints ?? [], ""))")
            }
        }
        return lines.sorted()
    }

    // The constraints of the extension that a member stands in are not part of its declaration.
    private static func clause(_ constraints: [SymbolGraph.Constraint], _ declaration: String) -> String {
        let signs = ["sameType": " == ", "conformance": ": ", "superclass": ": "]
        let words = constraints.map { $0.lhs + (signs[$0.kind] ?? " \($0.kind) ") + $0.rhs }
            .filter { !declaration.contains($0) && !$0.hasSuffix(": Copyable") && !$0.hasSuffix(": Escapable") }
        return words.isEmpty ? "" : " [where \(words.joined(separator: ", "))]"
    }
}
