// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// A process that has a device open.
public struct TunTapUser: Hashable, Sendable {
    /// The process.
    public var pid: Int32
    /// Its command's name, up to 15 bytes.
    public var command: String
    /// How many descriptors of the device it has, one for each queue.
    public var descriptorCount: Int
}

extension TunTapDevice {
    /// The processes that have a device of a name open, in the order of `/proc`.
    ///
    /// The kernel tells the name alone: devices of the same name in other namespaces count too. Only processes into which
    /// this user may look are found.
    ///
    /// Kernel: `iff:` in `/proc/PID/fdinfo/NUMBER`, since Linux 3.15.
    public static func users(of name: InterfaceName) -> [TunTapUser] {
        let wanted = Array("iff:\t".utf8) + name.bytes
        let processes = ((try? directoryEntries("/proc")) ?? []).compactMap { Int32($0) }
        return processes.compactMap { pid in
            let count = countOpen(wanted, pid)
            if count == 0 { return nil }
            let name = (try? readFile("/proc/\(pid)/comm", limit: 4096)) ?? []
            return TunTapUser(
                pid: pid, command: String(decoding: name.prefix { $0 != 0x0a }, as: UTF8.self),
                descriptorCount: count)
        }
    }

    private static func countOpen(_ line: [UInt8], _ pid: Int32) -> Int {
        let folder = "/proc/\(pid)/fdinfo"
        guard let numbers = try? directoryEntries(folder) else { return 0 }
        return numbers.count { number in
            guard let text = try? readFile("\(folder)/\(number)", limit: 1 << 16) else { return false }
            return text.split(separator: 0x0a).contains { $0.elementsEqual(line) }
        }
    }
}
