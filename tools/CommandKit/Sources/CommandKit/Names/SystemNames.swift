// SPDX-License-Identifier: Apache-2.0

/// Names of users, groups, services and protocols, read from the files of /etc at the first need.
///
/// A static binary cannot ask the C library: that would load libraries at run time.
public final class SystemNames {
    private let folder: String
    private var userEntries: [Entry]?
    private var groupEntries: [Entry]?
    private var protocolEntries: [Entry]?
    private var serviceEntries: [Entry]?

    private struct Entry {
        let number: UInt32
        /// The official name, then other ones.
        let names: [[UInt8]]
        /// The transport protocol of a service.
        var transport: [UInt8] = []
    }

    /// The files of a folder.
    public init(folder: String = "/etc") { self.folder = folder }

    // MARK: Users and groups

    /// The name of a user.
    public func user(_ number: UInt32) -> [UInt8]? { users().first { $0.number == number }?.names.first }

    /// The number of a user by name.
    public func user(named name: Word) -> UInt32? { Self.find(name, in: users())?.number }

    /// The name of a group.
    public func group(_ number: UInt32) -> [UInt8]? { groups().first { $0.number == number }?.names.first }

    /// The number of a group by name.
    public func group(named name: Word) -> UInt32? { Self.find(name, in: groups())?.number }

    // MARK: Protocols and services

    /// The name of an IP protocol.
    public func ipProtocol(_ number: UInt8) -> [UInt8]? {
        protocols().first { $0.number == UInt32(number) }?.names.first
    }

    /// The number of an IP protocol by its name or another of its names.
    public func ipProtocol(named name: Word) -> UInt8? {
        Self.find(name, in: protocols()).flatMap { UInt8(exactly: $0.number) }
    }

    /// The name of a port; of any transport protocol where none is given.
    public func service(_ port: UInt16, transport: StaticString? = nil) -> [UInt8]? {
        services().first { $0.number == UInt32(port) && Self.matches($0, transport) }?.names.first
    }

    /// The port of a service by its name or another of its names.
    public func port(named name: Word, transport: StaticString? = nil) -> UInt16? {
        let found = services().first { Self.matches($0, transport) && $0.names.contains(name.array) }
        return found.flatMap { UInt16(exactly: $0.number) }
    }

    // MARK: Files

    private func users() -> [Entry] {
        if let userEntries { return userEntries }
        let entries = accounts("passwd")
        userEntries = entries
        return entries
    }

    private func groups() -> [Entry] {
        if let groupEntries { return groupEntries }
        let entries = accounts("group")
        groupEntries = entries
        return entries
    }

    private func protocols() -> [Entry] {
        if let protocolEntries { return protocolEntries }
        var entries: [Entry] = []
        for fields in lines("protocols") where fields.count >= 2 {
            guard let number = Self.decimal(fields[1]) else { continue }
            entries.append(Entry(number: number, names: [fields[0]] + fields[2...]))
        }
        protocolEntries = entries
        return entries
    }

    private func services() -> [Entry] {
        if let serviceEntries { return serviceEntries }
        var entries: [Entry] = []
        for fields in lines("services") where fields.count >= 2 {
            let (port, transport) = Word(bytes: fields[1]).split(at: "/")
            guard let transport, let number = Self.decimal(port.array), number <= 0xffff else { continue }
            entries.append(Entry(number: number, names: [fields[0]] + fields[2...], transport: transport.array))
        }
        serviceEntries = entries
        return entries
    }

    /// The entries of a file of `name:password:number:…` lines.
    private func accounts(_ file: String) -> [Entry] {
        (System.readFile("\(folder)/\(file)") ?? []).split(separator: 0x0a).compactMap { line in
            let fields = line.split(separator: 0x3a, omittingEmptySubsequences: false)
            guard fields.count > 2, !fields[0].isEmpty, let number = Self.decimal(Array(fields[2])) else { return nil }
            return Entry(number: number, names: [Array(fields[0])])
        }
    }

    /// The fields of every line, without comments.
    private func lines(_ file: String) -> [[[UInt8]]] {
        (System.readFile("\(folder)/\(file)") ?? []).split(separator: 0x0a).map { line in
            line.prefix { $0 != 0x23 }.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }.map { Array($0) }
        }
    }

    private static func decimal(_ bytes: [UInt8]) -> UInt32? {
        guard let first = bytes.first, (0x30...0x39).contains(first) else { return nil }
        return Word(bytes: bytes).number(UInt32.self, base: 10)
    }

    private static func find(_ name: Word, in entries: [Entry]) -> Entry? {
        entries.first { $0.names.contains(name.array) }
    }

    private static func matches(_ entry: Entry, _ transport: StaticString?) -> Bool {
        guard let transport else { return true }
        return Word(bytes: entry.transport) == transport
    }
}
