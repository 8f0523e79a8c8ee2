// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Builds the documentation of each library with a DocC catalog; a warning is an error, as is an undocumented public
/// declaration of any library.
struct DocumentationCheck {
    let repository: Repository
    /// Where the archives go; nil: nowhere, it is only checked.
    let output: String?

    func run() throws -> Report {
        try withTemporaryDirectory { scratch in
            var report = Report()
            var archives: [String] = []
            for module in try repository.modules(of: repository.libraries) {
                let graphs = "\(scratch)/\(module.name)"
                try SymbolGraph.extract(
                    module.name, builtIn: repository.buildDirectory, into: graphs,
                    options: ["-emit-extension-block-symbols"])
                report.findings += try SymbolGraph.load(module.name, from: graphs).flatMap(undocumented)
                let catalogs = try FileManager.default.contentsOfDirectory(atPath: module.directory)
                guard let catalog = catalogs.first(where: { $0.hasSuffix(".docc") }) else { continue }
                let archive = "\(output ?? scratch)/\(module.name).doccarchive"
                report.findings += try build(
                    module, catalog: "\(module.directory)/\(catalog)", archive: archive, dependencies: archives,
                    graphs: graphs)
                if FileManager.default.fileExists(atPath: archive) { archives.append(archive) }
            }
            report.summary = "\(archives.count) libraries"
            return report
        }
    }

    /// Public declarations with neither a comment of their own nor a documented requirement that they fulfil.
    private func undocumented(in graph: SymbolGraph) -> [Finding] {
        let fulfilling = Set(graph.relationships.lazy.filter { $0.sourceOrigin != nil }.map(\.source))
        return graph.symbols.compactMap { symbol in
            guard symbol.docComment == nil, symbol.kind.identifier != "swift.extension", let location = symbol.location,
                !fulfilling.contains(symbol.identifier.precise), let url = URL(string: location.uri)
            else { return nil }
            let name = symbol.pathComponents.joined(separator: ".")
            return Finding(url.path, location.position.line + 1, "\(name) is public and not documented")
        }
    }

    private func build(
        _ module: Repository.Module, catalog: String, archive: String, dependencies: [String], graphs: String
    ) throws -> [Finding] {
        if let output { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) }
        // Links into the libraries below are resolved against their archives.
        let words = [
            "docc", "convert", catalog, "--additional-symbol-graph-dir", graphs, "--output-path", archive,
            "--fallback-display-name", module.name, "--fallback-bundle-identifier", "swift-netlink.\(module.name)",
            "--warnings-as-errors", "--ide-console-output", "--enable-experimental-external-link-support",
            "--hosting-base-path", module.name + ".doccarchive",
        ]
        let docc = try Subprocess(words + dependencies.flatMap { ["--dependency", $0] })
        var findings: [Finding] = []
        for line in docc.output.split(separator: "\n") {
            if let match = line.wholeMatch(of: /(\/.*?):(\d+):\d+: (?:error|warning): (.*)/), let number = Int(match.2)
            {
                findings.append(Finding(String(match.1), number, String(match.3)))
            }
        }
        if docc.status != 0, findings.isEmpty { findings.append(Finding(catalog, 0, "docc failed: \(docc.output)")) }
        return findings
    }
}
