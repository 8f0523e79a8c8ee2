// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Asks clang whether claims agree with a tree of kernel headers.
struct HeaderJudge {
    enum Verdict: Hashable {
        case right
        /// With clang's words.
        case wrong(String)
        /// These headers do not have the name.
        case unknown
    }

    struct Failure: Error { let text: String }

    /// Groups of headers, each compiled by itself.
    let groups: [[String]]
    /// Looked into before the installed headers.
    let headers: String?

    init(headerList: String, headers: String?) throws {
        let list = try String(contentsOfFile: headerList, encoding: .utf8)
        groups = list.split(separator: /\n[ \t]*\n/).map { paragraph in
            paragraph.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .flatMap { $0.split(separator: " ").map(String.init) }
        }.filter { !$0.isEmpty }
        self.headers = headers
    }

    /// One verdict for each claim.
    ///
    /// A claim that a group of headers knows nothing of is put to the next one.
    func judge(_ claims: [KernelClaim]) throws -> [Verdict] {
        var verdicts = [Verdict](repeating: .unknown, count: claims.count)
        for group in groups {
            let open = claims.indices.filter { verdicts[$0] == .unknown }
            guard !open.isEmpty else { break }
            for (index, verdict) in zip(open, try judge(open.map { claims[$0] }, by: group)) {
                verdicts[index] = verdict
            }
        }
        return verdicts
    }

    private func judge(_ claims: [KernelClaim], by group: [String]) throws -> [Verdict] {
        try withTemporaryDirectory { directory in
            let file = directory + "/claims.c"
            try program(for: claims, group: group).write(toFile: file, atomically: true, encoding: .utf8)
            let options = [
                "-std=gnu11", "-D_GNU_SOURCE", "-fsyntax-only", "-w", "-ferror-limit=0", "-fno-spell-checking",
                "-fno-caret-diagnostics", "-fno-color-diagnostics",
            ]
            let include = headers.map { ["-I", $0] } ?? []
            let clang = try Subprocess(["clang"] + options + include + [file])
            return try read(clang.output, count: claims.count)
        }
    }

    // Each claim is a line of a file of its own, so that a diagnostic says which claim it is about.
    private func program(for claims: [KernelClaim], group: [String]) -> String {
        var text = "#include <stddef.h>\n#include <stdint.h>\n"
        for header in group { text += "#if __has_include(<\(header)>)\n#include <\(header)>\n#endif\n" }
        // C's -1 and Swift's 0xffff_ffff are the same 32 bits: negative ones are compared as unsigned.
        text += """
            #define N(x) ((long long)(x) < 0 && (long long)(x) >= -0x80000000LL ? (long long)(x) + 0x100000000LL : (long long)(x))

            """
        for (index, claim) in claims.enumerated() {
            text += "#line 1 \"claim-\(index)\"\n"
            switch claim.subject {
            case .constant(let name):
                text += "_Static_assert(N(\(name)) == \(Self.literal(claim.value)), \"\");\n"
            case .size(let structure):
                text += "_Static_assert(sizeof(\(structure)) == \(claim.value), \"\");\n"
            case .field(let structure, let member, let byteCount):
                text += "_Static_assert(offsetof(\(structure), \(member)) == \(claim.value), \"\");\n"
                if let byteCount {
                    text += "_Static_assert(sizeof(((\(structure) *)0)->\(member)) == \(byteCount), \"\");\n"
                }
            }
        }
        // Proves that clang came this far.
        return text + "#line 1 \"claim-end\"\n_Static_assert(0, \"\");\n"
    }

    private static func literal(_ value: Int128) -> String {
        let narrow = value < 0 && value >= -0x8000_0000 ? value + 0x1_0000_0000 : value
        return "(long long)0x\(String(UInt64(truncatingIfNeeded: narrow), radix: 16))ULL"
    }

    private func read(_ diagnostics: String, count: Int) throws -> [Verdict] {
        var verdicts = [Verdict](repeating: .right, count: count)
        var reachedEnd = false
        var current: Int?
        for line in diagnostics.split(separator: "\n") {
            guard let match = line.prefixMatch(of: /claim-(\w+):(\d+):\d+: (fatal error|error|note): (.*)/) else {
                if line.contains("fatal error:") { throw Failure(text: String(line)) }
                continue
            }
            if match.1 == "end" {
                reachedEnd = true
                current = nil
                continue
            }
            guard let index = Int(match.1), index < count else { continue }
            let text = String(match.4)
            if match.3 == "note" {
                if current == index, let values = text.firstMatch(of: /evaluates to '(\S+) == (\S+)'/) {
                    verdicts[index] = .wrong(match.2 == "1" ? "the kernel says \(values.1)" : "its size is \(values.1)")
                }
                continue
            }
            current = index
            if text.contains(/undeclared|incomplete type|incomplete definition|no member named/) {
                verdicts[index] = .unknown
            } else if case .right = verdicts[index] {
                verdicts[index] = .wrong(text)
            }
        }
        guard reachedEnd else { throw Failure(text: "clang did not judge all: " + diagnostics.prefix(400)) }
        return verdicts
    }
}
