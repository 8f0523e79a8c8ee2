// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Control groups of version 2 as files: the number of a group is the file number of its folder.
enum CgroupFiles {
    /// Where version 2 is mounted.
    static let mountPoint: String? = {
        for line in (System.readFile("/proc/self/mounts") ?? []).split(separator: 0x0a) {
            let fields = line.split(separator: 0x20)
            if fields.count > 2, fields[2].elementsEqual("cgroup2".utf8) {
                return String(decoding: fields[1], as: UTF8.self)
            }
        }
        return nil
    }()

    /// The file number of a path; nil where there is none.
    static func number(ofPath path: String) -> UInt64? {
        guard !path.utf8.contains(0) else { return nil }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// The path of a group below the mount point; nil where no folder has its number.
    static func path(of id: UInt64) -> [UInt8]? {
        guard let mountPoint else { return nil }
        if number(ofPath: mountPoint) == id { return [0x2f] }
        var waiting = [""]
        // Every group is a folder; there are some hundreds.
        while let relative = waiting.popLast() {
            for name in folders(in: mountPoint + relative) {
                let path = "\(relative)/\(name)"
                if number(ofPath: mountPoint + path) == id { return Array(path.utf8) }
                waiting.append(path)
            }
        }
        return nil
    }

    private static func folders(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            guard unsafe entry.pointee.d_type == UInt8(4) else { continue }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
