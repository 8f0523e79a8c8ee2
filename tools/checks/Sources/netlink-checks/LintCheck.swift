// SPDX-License-Identifier: Apache-2.0
import Foundation

/// swift-format over every Swift file of the checkout.
struct LintCheck {
    let repository: Repository

    func run() throws -> Report {
        let files = Repository.swiftFiles(below: repository.root)
        var report = Report(summary: "\(files.count) files")
        let words = [
            "swift-format", "lint", "--strict", "--parallel", "--configuration", repository.root + "/.swift-format",
        ]
        let format = try Subprocess(words + files)
        for line in format.output.split(separator: "\n") {
            if let match = line.wholeMatch(of: /(.*?):(\d+):\d+: (?:error|warning): (.*)/), let number = Int(match.2) {
                report.findings.append(Finding(String(match.1), number, String(match.3)))
            }
        }
        if format.status != 0, report.findings.isEmpty {
            report.findings.append(Finding(repository.root, 0, "swift-format failed: \(format.output)"))
        }
        return report
    }
}
