// SPDX-License-Identifier: Apache-2.0
import Foundation

/// swift-format over every Swift file of the checkout, with the rules that stand in its root.
struct LintCheck {
    let repository: Repository

    func run() throws -> Report {
        let files = Repository.swiftFiles(below: repository.root)
        var report = Report(summary: "\(files.count) files")
        report.findings = try findings(in: files, repository.root + "/.swift-format")
        return report
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
