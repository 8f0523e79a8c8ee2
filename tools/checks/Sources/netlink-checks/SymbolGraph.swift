// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The public symbols of a built module, as swift-symbolgraph-extract writes them.
struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
        struct Kind: Decodable { let identifier: String }
        struct Identifier: Decodable { let precise: String }
        struct Fragment: Decodable { let spelling: String }
        struct Extension: Decodable { let constraints: [Constraint]? }
        struct Comment: Decodable {}
        struct Location: Decodable {
            struct Position: Decodable { let line: Int }
            let uri: String
            let position: Position
        }

        let kind: Kind
        let identifier: Identifier
        let pathComponents: [String]
        let declarationFragments: [Fragment]?
        let swiftExtension: Extension?
        /// The symbol's own, or that of the protocol's requirement which it fulfils.
        let docComment: Comment?
        let location: Location?
    }

    struct Constraint: Decodable {
        let kind: String
        let lhs: String
        let rhs: String
    }

    struct Relationship: Decodable {
        let kind: String
        let source: String
        let target: String
        let targetFallback: String?
        let swiftConstraints: [Constraint]?
        let sourceOrigin: Origin?

        /// The requirement that a member fulfils.
        struct Origin: Decodable {}
    }

    let symbols: [Symbol]
    let relationships: [Relationship]

    struct Failure: Error { let text: String }

    /// Writes the graphs of a module into a directory: its own, and one for each module that it extends.
    static func extract(_ module: String, builtIn build: String, into directory: String, options: [String]) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let target = try Subprocess(["swiftc", "-print-target-info"]).output
        guard let triple = target.firstMatch(of: /"triple": "([^"]+)"/)?.1 else { throw Failure(text: target) }
        let maps = try FileManager.default.contentsOfDirectory(atPath: build).sorted()
            .filter { $0.hasSuffix(".build") }.map { "\(build)/\($0)/module.modulemap" }
            .filter(FileManager.default.fileExists)
        let words = [
            "swift-symbolgraph-extract", "-module-name", module, "-I", build + "/Modules", "-target", String(triple),
            "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", directory,
        ]
        let run = try Subprocess(words + maps.flatMap { ["-Xcc", "-fmodule-map-file=" + $0] } + options)
        guard run.status == 0 else { throw Failure(text: "\(module): \(run.output)") }
    }

    /// The graphs that `extract` wrote for a module.
    static func load(_ module: String, from directory: String) throws -> [SymbolGraph] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            .filter { $0 == "\(module).symbols.json" || $0.hasPrefix("\(module)@") }
            .map {
                let data = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + $0))
                return try JSONDecoder().decode(SymbolGraph.self, from: data)
            }
    }
}
