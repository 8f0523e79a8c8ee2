// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Checks what a compiler does not: kernel numbers, generated files, public API, documentation, house rules.
@main
struct NetlinkChecks {
    static let usage = """
        usage: netlink-checks [OPTIONS] CHECK...

        Checks: lint rules version constants names api docs self-test test-runner; all: every one of them.

          --root DIR           the checkout (default: here)
          --libraries "A B"    library packages below it
          --tools "tools/ip"   tool packages below it
          --build DIR          where SwiftPM built the libraries (default: ROOT/.build/debug)
          --headers FILE       the list of kernel headers (default: ROOT/tools/checks/kernel-headers.txt)
          --output DIR         docs: keep the archives here
          --write              names, api: write the files instead of comparing them

        KERNEL_HEADERS in the environment names a tree of kernel headers to judge constants by, beside the installed one.
        """

    static func main() {
        var options = Options()
        do {
            try options.parse(CommandLine.arguments.dropFirst())
            let failed = try run(options)
            exit(failed ? 1 : 0)
        } catch let error as Options.Failure {
            FileHandle.standardError.write(Data("netlink-checks: \(error.text)\n\n\(usage)\n".utf8))
            exit(2)
        } catch {
            FileHandle.standardError.write(Data("netlink-checks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ options: Options) throws -> Bool {
        var passed = 0
        var failed = 0
        for check in options.checks {
            let report: Report
            do {
                report = try self.report(of: check, options)
            } catch {
                report = Report(findings: [Finding(options.repository.root, 0, "\(check): \(error)")])
            }
            for remark in report.remarks { print("  \(remark)") }
            for finding in report.findings { print(finding.description(relativeTo: options.repository.root)) }
            print("\(report.findings.isEmpty ? "ok    " : "FAILED") \(check): \(report.summary)")
            if report.findings.isEmpty { passed += 1 } else { failed += 1 }
        }
        print("\(passed) passed, \(failed) failed")
        return failed > 0
    }

    private static func report(of check: String, _ options: Options) throws -> Report {
        let repository = options.repository
        switch check {
        case "constants": return try ConstantsCheck(repository: repository).run()
        case "names": return try NamesCheck(repository: repository, write: options.write).run()
        case "api": return try APICheck(repository: repository, write: options.write).run()
        case "docs": return try DocumentationCheck(repository: repository, output: options.output).run()
        case "rules": return try RulesCheck(repository: repository).run()
        case "version": return try VersionCheck(repository: repository).run()
        case "lint": return try LintCheck(repository: repository).run()
        case "test-runner": return try testRunner(repository)
        case "self-test": return try SelfTest(headerList: repository.headerList).run()
        default: throw Options.Failure(text: "unknown check '\(check)'")
        }
    }
}

/// Whether `make test` sees a failing test: plants one.
private func testRunner(_ repository: Repository) throws -> Report {
    let run = try Subprocess([repository.root + "/tools/checks/run-tests", "self-test"])
    let findings = run.status == 0 ? [] : [Finding("tools/checks/run-tests", 0, run.output)]
    return Report(findings: findings, summary: "a planted failure fails make test")
}

/// The command line.
struct Options {
    struct Failure: Error { let text: String }

    static let all = ["lint", "rules", "version", "constants", "names", "api", "docs", "self-test", "test-runner"]

    var repository = Repository(root: "")
    var checks: [String] = []
    var output: String?
    var write = false

    mutating func parse(_ words: ArraySlice<String>) throws {
        var words = words
        repository.root = FileManager.default.currentDirectoryPath
        while let word = words.popFirst() {
            func value() throws -> String {
                guard let value = words.popFirst() else { throw Failure(text: "'\(word)' needs a value") }
                return value
            }
            switch word {
            case "--root": repository.root = absolute(try value())
            case "--libraries": repository.libraries = try value().split(separator: " ").map(String.init)
            case "--tools": repository.tools = try value().split(separator: " ").map(String.init)
            case "--build": repository.buildDirectory = absolute(try value())
            case "--headers": repository.headerList = absolute(try value())
            case "--output": output = absolute(try value())
            case "--write": write = true
            case "all": checks += Self.all
            case _ where Self.all.contains(word): checks.append(word)
            default: throw Failure(text: "unknown check or option '\(word)'")
            }
        }
        guard !checks.isEmpty else { throw Failure(text: "which check?") }
        if repository.buildDirectory.isEmpty { repository.buildDirectory = repository.root + "/.build/debug" }
        if repository.headerList.isEmpty {
            repository.headerList = repository.root + "/tools/checks/kernel-headers.txt"
        }
        try readEnvironment()
    }

    private mutating func readEnvironment() throws {
        guard let headers = ProcessInfo.processInfo.environment["KERNEL_HEADERS"], !headers.isEmpty else { return }
        guard FileManager.default.fileExists(atPath: headers + "/linux/netlink.h") else {
            throw Failure(text: "KERNEL_HEADERS: no linux/netlink.h in '\(headers)'")
        }
        repository.kernelHeaders = absolute(headers)
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
