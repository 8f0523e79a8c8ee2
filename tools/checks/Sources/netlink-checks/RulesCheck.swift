// SPDX-License-Identifier: Apache-2.0

/// Words that have their places, or none: `unsafe`, libc, Foundation, traps.
struct RulesCheck {
    let repository: Repository

    func run() throws -> Report {
        var report = Report()
        let libraries = try repository.sources(of: repository.libraries)
        let tools = try repository.sources(of: repository.tools)
        for file in libraries { report.findings += findings(in: file, isLibrary: true) }
        for file in tools { report.findings += findings(in: file, isLibrary: false) }
        for package in repository.libraries {
            for path in Repository.swiftFiles(below: "\(repository.root)/\(package)/Tests/PublicAPI") {
                report.findings += privileged(try SourceFile(path: path))
            }
        }
        report.summary = "\(libraries.count + tools.count) files"
        return report
    }

    /// The package that proves what public API is enough for must use nothing else.
    private func privileged(_ file: SourceFile) -> [Finding] {
        file.lines.enumerated().filter { $0.element.code.contains(/@testable|@_spi/) }.map {
            Finding(file.path, $0.offset + 1, "a client package uses public API only")
        }
    }

    private func findings(in file: SourceFile, isLibrary: Bool) -> [Finding] {
        var findings: [Finding] = []
        let core = repository.root + "/NetlinkCore/Sources/NetlinkCore/"
        let isSockets = file.path.hasPrefix(core + "Sockets/")
        let mayBeUnsafe = isSockets || file.path.hasPrefix(core + "Bytes/")
        if file.lines.first?.comment != "SPDX-License-Identifier: Apache-2.0" {
            findings.append(Finding(file.path, 1, "the first line must be // SPDX-License-Identifier: Apache-2.0"))
        }
        for (index, line) in file.lines.enumerated() {
            let found = { findings.append(Finding(file.path, index + 1, $0)) }
            if line.code.contains(/\b(fatalError|preconditionFailure)\b|\btry!|\bas!/.code) {
                found("a trap: nothing from the kernel, a file or a user may end the process")
            }
            let module = line.code.firstMatch(
                of:
                    /^\s*(?:@\S+ |public |internal |package |private |fileprivate )*import (?:(?:struct|class|enum|func|var|let|protocol|typealias) )?(\w+)/
            )?.1
            if let module, module.hasPrefix("Foundation") { found("\(module) is not used in libraries and tools") }
            guard isLibrary else { continue }
            if !mayBeUnsafe, line.code.contains(/\bunsafe\b/.code) {
                found("unsafe belongs in NetlinkCore's Bytes and Sockets")
            }
            if !isSockets, let module,
                ["Glibc", "Musl", "CNetlink", "Bionic", "Android", "SystemPackage"].contains(module)
            {
                found("\(module) is imported in NetlinkCore's Sockets only")
            }
        }
        return findings
    }
}
