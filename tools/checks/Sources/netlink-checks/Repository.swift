// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What is checked: a checkout, its packages, and where they were built.
struct Repository {
    var root: String
    /// Package directories below the root.
    var libraries: [String] = []
    var tools: [String] = []
    /// Where SwiftPM put the built modules: `.build/debug`.
    var buildDirectory = ""
    /// The list of headers that constants are judged by.
    var headerList = ""
    /// A newer tree of kernel headers, beside the installed ones.
    var kernelHeaders: String?

    struct Module {
        let name: String
        /// `NetlinkCore/Sources/NetlinkCore`, absolute.
        let directory: String
        let packageDirectory: String
    }

    /// The Swift modules of packages: directories of Sources with Swift in them.
    func modules(of packages: [String]) throws -> [Module] {
        try packages.flatMap { package in
            let packageDirectory = root + "/" + package
            let sources = packageDirectory + "/Sources"
            return try FileManager.default.contentsOfDirectory(atPath: sources).sorted().compactMap { name -> Module? in
                let directory = sources + "/" + name
                guard !Self.swiftFiles(below: directory).isEmpty else { return nil }
                return Module(name: name, directory: directory, packageDirectory: packageDirectory)
            }
        }
    }

    /// Swift files below a directory, sorted; hidden directories and build products are left out.
    static func swiftFiles(below directory: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: directory) else { return [] }
        var files: [String] = []
        while let name = walk.nextObject() as? String {
            let last = (name as NSString).lastPathComponent
            let isHidden = last.hasPrefix(".") && last != ".swift-format"
            if isHidden || (name == "build" && FileManager.default.fileExists(atPath: directory + "/Makefile")) {
                walk.skipDescendants()
            } else if name.hasSuffix(".swift") {
                files.append(directory + "/" + name)
            }
        }
        return files.sorted()
    }

    /// The sources of packages, read.
    func sources(of packages: [String]) throws -> [SourceFile] {
        try packages.flatMap { try Self.swiftFiles(below: "\(root)/\($0)/Sources").map(SourceFile.init(path:)) }
    }
}

/// Compares a checked-in file with what it should be, or writes it.
func compare(_ path: String, with text: String, write: Bool, hint: String) throws -> Finding? {
    let current = try? String(contentsOfFile: path, encoding: .utf8)
    guard current != text else { return nil }
    if write {
        let directory = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return nil
    }
    guard let current else { return Finding(path, 0, "is missing; \(hint)") }
    let difference = lines(text).difference(from: lines(current))
    let changes = difference.sorted { $0.lineNumber < $1.lineNumber }.prefix(20).map {
        switch $0 {
        case .insert(let offset, let line, _): "\n  should have, line \(offset + 1): \(line)"
        case .remove(let offset, let line, _): "\n  should not have, line \(offset + 1): \(line)"
        }
    }
    return Finding(path, 0, "is out of date; \(hint)" + changes.joined())
}

private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

extension CollectionDifference.Change {
    fileprivate var lineNumber: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
