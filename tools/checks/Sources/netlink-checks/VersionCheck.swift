// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One version for all packages, and one address that they are published under: `let version = "0.1.0"` and
/// `let repository = "…"` in manifests, `version` constants in sources.
struct VersionCheck {
    let repository: Repository

    func run() throws -> Report {
        var report = Report()
        var seen: [String: [(value: String, path: String, line: Int)]] = [:]
        for package in repository.libraries + repository.tools {
            let manifest = "\(repository.root)/\(package)/Package.swift"
            let text = try String(contentsOfFile: manifest, encoding: .utf8)
            note(text, path: manifest, /^\s*let (version|repository)(?:: \w+)? = "([^"]*)"/, &seen)
            for path in Repository.swiftFiles(below: "\(repository.root)/\(package)/Sources") {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                note(text, path: path, /^[^\/]*\blet (?:packageV|netlinkV|v)(ersion)(?:: \w+)? = "([^"]*)"/.code, &seen)
            }
        }
        for (kind, places) in seen.sorted(by: { $0.key < $1.key }) {
            let counts = Dictionary(grouping: places, by: \.value).mapValues(\.count)
            guard counts.count > 1, let common = counts.max(by: { $0.value < $1.value })?.key else { continue }
            for place in places where place.value != common {
                report.findings.append(
                    Finding(place.path, place.line, "the \(kind) is \"\(place.value)\", elsewhere \"\(common)\""))
            }
        }
        if let version = seen["version"]?.first {
            report.summary = "\(version.value) in \(seen["version"]?.count ?? 0) places"
        } else {
            report.findings.append(Finding(repository.root, 0, "no manifest has `let version = \"…\"`"))
        }
        return report
    }

    private func note(
        _ text: String, path: String, _ pattern: Regex<(Substring, Substring, Substring)>,
        _ seen: inout [String: [(value: String, path: String, line: Int)]]
    ) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let match = line.firstMatch(of: pattern) else { continue }
            let kind = match.1 == "ersion" ? "version" : String(match.1)
            seen[kind, default: []].append((String(match.2), path, index + 1))
        }
    }
}
