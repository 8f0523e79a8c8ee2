// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Plants mistakes in a checkout made for that and demands that each is found, at its line, and nothing else.
struct SelfTest {
    let headerList: String

    /// Lines that end in `PLANTED` are wrong (the mark is taken off); all others are right.
    private static let constants = """
        // SPDX-License-Identifier: Apache-2.0
        struct LinkAttribute: AttributeID {
            let rawValue: UInt16
            static var mtu: Self { Self(rawValue: 4) }  // IFLA_MTU
            static var wrong: Self { Self(rawValue: 5) }  // IFLA_MTU PLANTED
            static let unknown = Self(rawValue: 6)  // IFLA_NOBODY_KNOWS PLANTED
            static let unnamed = Self(rawValue: 7) PLANTED
            static let prose = Self(rawValue: 4)  // IFLA_MTU in bytes PLANTED
            static let computed = Self(rawValue: UInt16(count))  // IFLA_MTU PLANTED
        }
        let shifted = Flags(rawValue: 1 << 16)  // IFF_LOWER_UP
        let shiftedWrong = Flags(rawValue: 1 << 15)  // IFF_LOWER_UP PLANTED
        let hexadecimal: UInt16 = 0x8000  // NLA_F_NESTED
        let hexadecimalWrong: UInt16 = 0x4000  // NLA_F_NESTED PLANTED
        let negative: Int32 = -1  // TC_ACT_UNSPEC
        let negativeWrong: Int32 = -2  // TC_ACT_UNSPEC PLANTED
        let maximum = UInt32.max  // RT_TABLE_MAX
        let underscored: UInt32 = 0xffff_fff1  // TC_H_INGRESS
        let text = "// IFLA_MTU = 5"
        func layout() {
            writer.store(index, at: 4)  // struct ifinfomsg.ifi_index
            writer.store(index, at: 8)  // struct ifinfomsg.ifi_index PLANTED
            let index = try message.field(4, Int32.self)  // struct ifinfomsg.ifi_index
            let shifted = try message.field(2, Int32.self)  // struct ifinfomsg.ifi_index PLANTED
            let narrow = try message.field(4, Int16.self)  // struct ifinfomsg.ifi_index PLANTED
            flags = Flags(rawValue: span.loadChecked(6, as: UInt16.self))  // struct nlmsghdr.nlmsg_flags
            let converted = InterfaceIndex(rawValue: try message.field(4))  // struct ifinfomsg.ifi_index
            let convertedWrong = InterfaceIndex(rawValue: try message.field(3))  // struct ifinfomsg.ifi_index PLANTED
            let loaded = try span.load(at: start + 4, as: UInt16.self)  // struct nlmsghdr.nlmsg_type
            let wide = try span.load(at: 4, as: UInt32.self)  // struct nlmsghdr.nlmsg_type PLANTED
            let missing = try span.load(at: 4, as: UInt32.self)  // struct nlmsghdr.nlmsg_colour PLANTED
        }
        let size = 16  // sizeof(struct ifinfomsg)
        let sizeWrong = 20  // sizeof(struct ifinfomsg) PLANTED
        """

    private static let rules = """
        // SPDX-License-Identifier: Apache-2.0
        import Foundation PLANTED
        internal import Glibc PLANTED
        // unsafe and fatalError in a comment
        let quoted = "unsafe try! \\(value as? Int) fatalError()"
        let pointer = unsafe span.bytes PLANTED
        nonisolated(unsafe) let shared = 1 PLANTED
        Swift.fatalError("no") PLANTED
        let interpolated = "\\(unsafe span.bytes)" PLANTED
        let forced = try! load() PLANTED
        let cast = value as! Int PLANTED
        func end() -> Never { fatalError("no") } PLANTED
        """

    func run() throws -> Report {
        var report = Report()
        let tests: [(String, () throws -> String?)] = [
            ("constants", testConstants), ("rules", testRules), ("names", testNames), ("version", testVersion),
            ("api and docs", testModule),
        ]
        for (name, test) in tests {
            if let why = try test() { report.findings.append(Finding("self-test", 0, "\(name): \(why)")) }
        }
        report.summary = "\(tests.count - report.findings.count) of \(tests.count) checks found what was planted"
        return report
    }

    private func testConstants() throws -> String? {
        try judge(Self.constants) { try ConstantsCheck(repository: $0).run() }
    }

    private func testRules() throws -> String? {
        if let why = try judge(Self.rules, by: { try RulesCheck(repository: $0).run() }) { return why }
        return try withPackage(["Sources/A/A.swift": "", "Tests/PublicAPI/Tests/T.swift": "@testable import A\n"]) {
            try RulesCheck(repository: $0).run().findings.count == 2 ? nil : "a client's @testable was not found"
        }
    }

    private func judge(_ marked: String, by check: (Repository) throws -> Report) throws -> String? {
        try withPackage(["Sources/Planted/Planted.swift": marked.replacing(" PLANTED", with: "")]) { repository in
            let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
            let planted = Set(lines.indices.filter { lines[$0].hasSuffix(" PLANTED") }.map { $0 + 1 })
            // Without KERNEL_HEADERS an unknown name is a remark; here it must come out either way.
            let report = try check(repository)
            let remarked = report.remarks.compactMap { $0.firstMatch(of: /:(\d+):/).flatMap { Int($0.1) } }
            let found = Set(report.findings.map(\.line) + remarked)
            guard found == planted else {
                return
                    "lines \(planted.subtracting(found).sorted()) missed, \(found.subtracting(planted).sorted()) blamed"
            }
            return nil
        }
    }

    private func testNames() throws -> String? {
        let source = """
            // SPDX-License-Identifier: Apache-2.0
            public struct OuterAttribute: AttributeID {
                // Nest: InnerAttribute
                static var inner: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
                static var alias: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
                // Nest: [InnerAttribute]
                static var list: Self { Self(rawValue: 22) }  // IFLA_VFINFO_LIST
            }
            struct Reader<ID: AttributeID> { static var one: Self { Self(rawValue: 1) }  // IFLA_ADDRESS
            }
            """
        let file = "Sources/Planted/Planted.swift"
        return try withPackage([file: source]) { repository in
            let generated = repository.root + "/Planted/Sources/Planted/Generated/AttributeNames.swift"
            guard try NamesCheck(repository: repository, write: false).run().findings.count == 1 else {
                return "a missing file was not found"
            }
            guard try NamesCheck(repository: repository, write: true).run().findings.isEmpty,
                try NamesCheck(repository: repository, write: false).run().findings.isEmpty
            else { return "what was written is not what is compared" }
            let text = try String(contentsOfFile: generated, encoding: .utf8)
            for expected in [
                "public import NetlinkCore", "extension OuterAttribute", "public var kernelName",
                "case 18: \"IFLA_LINKINFO\"", "case 18: AttributeSchema(InnerAttribute.self)",
                "case 22: AttributeSchema(arrayOf: InnerAttribute.self)",
            ] where text.ranges(of: expected).count != 1 {
                return "'\(expected)' is not there once"
            }
            if text.contains("Reader") { return "a generic type was taken for an attribute id" }
            try text.replacing("IFLA_LINKINFO", with: "IFLA_OTHER").write(
                toFile: generated, atomically: true, encoding: .utf8)
            guard try NamesCheck(repository: repository, write: false).run().findings.count == 1 else {
                return "a changed name was not found"
            }
            return nil
        }
    }

    private func testVersion() throws -> String? {
        let manifest = "let version = \"0.1.0\"\nlet repository = \"https://example.org\"\n"
        let source = "enum Package {\n    public static let version = \"0.1.1\"\n}\n"
        return try withPackage(["Package.swift": manifest, "Sources/Planted/Version.swift": source]) {
            let findings = try VersionCheck(repository: $0).run().findings
            return findings.count == 1 ? nil : "\(findings.count) differences found instead of one"
        }
    }

    /// A built module whose API text and whose documentation have one mistake each.
    private func testModule() throws -> String? {
        let source = """
            /// A thing.
            public struct Thing: Sendable, Hashable {
                /// Its name.
                public var name: String
            }
            """
        let page = "# ``Planted``\n\nA library.\n\n## Topics\n\n- ``Thing``\n"
        return try withPackage([
            "Sources/Planted/Planted.swift": source, "Sources/Planted/Planted.docc/Planted.md": page,
        ]) { repository in
            let package = repository.root + "/Planted"
            try FileManager.default.createDirectory(
                atPath: repository.buildDirectory + "/Modules", withIntermediateDirectories: true)
            let compile = {
                try Subprocess([
                    "swiftc", "-emit-module", "-module-name", "Planted", "-parse-as-library", "-emit-module-path",
                    repository.buildDirectory + "/Modules/Planted.swiftmodule",
                    package + "/Sources/Planted/Planted.swift",
                ])
            }
            guard try compile().status == 0 else { return try compile().output }
            let check = { (write: Bool) in try APICheck(repository: repository, write: write).run().findings }
            guard try check(false).count == 1, try check(true).isEmpty, try check(false).isEmpty else {
                return "what was written is not what is compared"
            }
            let file = package + "/API/Planted.txt"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for expected in ["Thing.name: var name: String", "Thing: conforms to Swift.Hashable"]
            where !text.split(separator: "\n").contains(Substring(expected)) {
                return "'\(expected)' is not in the public API: \(text)"
            }
            try text.replacing("name: String", with: "name: Int").write(toFile: file, atomically: true, encoding: .utf8)
            guard try check(false).count == 1 else { return "a changed declaration was not found" }

            let docs = { try DocumentationCheck(repository: repository, output: nil).run().findings }
            guard try docs().isEmpty else { return "good documentation was refused: \(try docs())" }
            try page.replacing("``Thing``", with: "``Nothing``").write(
                toFile: package + "/Sources/Planted/Planted.docc/Planted.md", atomically: true, encoding: .utf8)
            guard try docs().count == 1 else { return "a dead link was not found" }
            try page.write(
                toFile: package + "/Sources/Planted/Planted.docc/Planted.md", atomically: true, encoding: .utf8)
            try source.replacing("    /// Its name.\n", with: "").write(
                toFile: package + "/Sources/Planted/Planted.swift", atomically: true, encoding: .utf8)
            guard try compile().status == 0, try docs().map(\.line) == [3] else {
                return "an undocumented property was not found"
            }
            return nil
        }
    }

    /// A checkout with the one package `Planted`.
    private func withPackage<T>(_ files: [String: String], _ body: (Repository) throws -> T) throws -> T {
        try withTemporaryDirectory { root in
            for (name, text) in files {
                let path = "\(root)/Planted/\(name)"
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            return try body(
                Repository(
                    root: root, libraries: ["Planted"], buildDirectory: root + "/.build/debug", headerList: headerList))
        }
    }
}
