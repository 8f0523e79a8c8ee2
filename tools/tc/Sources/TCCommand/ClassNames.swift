// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// The names that a file gives to classes, which `-nm` prints: lines of a class and a name.
struct ClassNames {
    private let isUsed: Bool
    private let path: String
    private let isGiven: Bool
    private var names: [UInt32: [UInt8]]?

    init(isUsed: Bool, file: Word?) {
        self.isUsed = isUsed
        path = file?.string ?? "/etc/iproute2/tc_cls"
        isGiven = file != nil
    }

    /// The file that was named and cannot be read.
    func unreadable() -> String? {
        isUsed && isGiven && System.readFile(path) == nil ? path : nil
    }

    /// The name of a class; nil where it has none, or `-nm` was not given.
    mutating func name(of handle: TCHandle) -> [UInt8]? {
        guard isUsed else { return nil }
        if let names { return names[handle.rawValue] }
        let read = Self.read(path)
        names = read
        return read[handle.rawValue]
    }

    private static func read(_ path: String) -> [UInt32: [UInt8]] {
        guard let bytes = System.readFile(path) else { return [:] }
        var names: [UInt32: [UInt8]] = [:]
        for line in bytes.split(separator: 0x0a) {
            let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
            guard words.count >= 2, words[0].first != 0x23 else { continue }
            let text = String(decoding: words[0], as: UTF8.self)
            guard let handle = TCHandle(text) else { continue }
            names[handle.rawValue] = Array(words[1])
        }
        return names
    }
}
