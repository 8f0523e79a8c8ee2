// SPDX-License-Identifier: Apache-2.0
import Foundation

/// swift-format over every Swift file of the checkout, with rules about comments besides where packages keep them.
struct LintCheck {
    let repository: Repository

    /// Packages in which every public declaration has a comment of its own, and each comment the form that it should.
    private static let documented = ["NetlinkCore", "NetlinkRoute"]
    private static let documentationRules = [
        "AllPublicDeclarationsHaveDocumentation", "BeginDocumentationCommentWithOneLineSummary",
        "ValidateDocumentationComments",
    ]

    func run() throws -> Report {
        let files = Repository.swiftFiles(below: repository.root)
        var report = Report(summary: "\(files.count) files")
        let configuration = repository.root + "/.swift-format"
        report.findings = try findings(in: files, configuration)
        let folders = Self.documented.map { "\(repository.root)/\($0)/" }
        let documented = files.filter { file in folders.contains { file.hasPrefix($0) } }
        guard !documented.isEmpty else { return report }
        try withTemporaryDirectory { scratch in
            let stricter = "\(scratch)/swift-format.json"
            try Self.stricter(Data(contentsOf: URL(fileURLWithPath: configuration)))
                .write(to: URL(fileURLWithPath: stricter))
            for finding in try findings(in: documented, stricter) where !report.findings.contains(finding) {
                report.findings.append(finding)
            }
        }
        return report
    }

    private static func stricter(_ configuration: Data) throws -> Data {
        var object = try JSONSerialization.jsonObject(with: configuration) as? [String: Any] ?? [:]
        var rules = object["rules"] as? [String: Any] ?? [:]
        for rule in documentationRules { rules[rule] = true }
        object["rules"] = rules
        return try JSONSerialization.data(withJSONObject: object)
    }

    private func findings(in files: [String], _ configuration: String) throws -> [Finding] {
        var findings: [Finding] = []
        let words = ["swift-format", "lint", "--strict", "--parallel", "--configuration", configuration]
        let format = try Subprocess(words + files)
        for line in format.output.split(separator: "\n") {
            if let match = line.wholeMatch(of: /(.*?):(\d+):\d+: (?:error|warning): (.*)/), let number = Int(match.2) {
                findings.append(Finding(String(match.1), number, String(match.3)))
            }
        }
        if format.status != 0, findings.isEmpty {
            findings.append(Finding(repository.root, 0, "swift-format failed: \(format.output)"))
        }
        return findings
    }
}
