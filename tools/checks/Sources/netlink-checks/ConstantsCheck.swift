// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Numbers and layouts against kernel headers: the installed ones and those that KERNEL_HEADERS names.
struct ConstantsCheck {
    let repository: Repository

    func run() throws -> Report {
        var scanner = ClaimScanner()
        for file in try repository.sources(of: repository.libraries + repository.tools) { scanner.scan(file) }
        var report = Report(findings: scanner.findings)
        let claims = scanner.claims
        guard !claims.isEmpty else {
            report.summary = "no line ends in a kernel name"
            return report
        }
        let installed = try HeaderJudge(headerList: repository.headerList, headers: nil).judge(claims)
        let newer = try repository.kernelHeaders.map {
            try HeaderJudge(headerList: repository.headerList, headers: $0).judge(claims)
        }
        var unknown = 0
        for (index, claim) in claims.enumerated() {
            switch verdict(claim, installed: installed[index], newer: newer?[index]) {
            case .right: break
            case .wrong(let why): report.findings.append(Finding(claim.path, claim.line, why))
            case .unknown:
                unknown += 1
                if newer != nil {
                    report.findings.append(Finding(claim.path, claim.line, "no header has \(claim.name)"))
                } else {
                    let place = Finding(claim.path, claim.line, "").description(relativeTo: repository.root)
                    report.remarks.append("\(place.split(separator: " ")[0]) the installed headers lack \(claim.name)")
                }
            }
        }
        let layouts = claims.count { if case .constant = $0.subject { false } else { true } }
        report.summary = "\(claims.count - layouts) numbers and \(layouts) layouts"
        if newer == nil { report.summary += ", \(unknown) not in the installed headers (set KERNEL_HEADERS)" }
        return report
    }

    /// A number or an offset never changes, so each tree that has the name must agree.
    ///
    /// A struct grows: its size must be that of the newer tree where there is one.
    private func verdict(
        _ claim: KernelClaim, installed: HeaderJudge.Verdict, newer: HeaderJudge.Verdict?
    ) -> HeaderJudge.Verdict {
        let isSize = if case .size = claim.subject { true } else { false }
        if isSize, let newer, newer != .unknown { return explained(newer, claim, tree: "KERNEL_HEADERS") }
        if case .wrong = installed { return explained(installed, claim, tree: "the installed headers") }
        if let newer, newer != .unknown { return explained(newer, claim, tree: "KERNEL_HEADERS") }
        return installed
    }

    private func explained(_ verdict: HeaderJudge.Verdict, _ claim: KernelClaim, tree: String) -> HeaderJudge.Verdict {
        guard case .wrong(let why) = verdict else { return verdict }
        return .wrong("\(claim.name) is not \(claim.value): \(why) (\(tree))")
    }
}
