// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The names of links by number and the other way round, asked for one at a time and kept.
public final class LinkNames {
    /// What is kept of a link.
    public struct Entry: Sendable {
        /// Its number.
        public var index: InterfaceIndex
        /// Its name, which need not be UTF-8.
        public var name: [UInt8]
        /// Its flags, where they were asked for.
        public var flags: UInt32
        /// Its kind of hardware, where it was asked for.
        public var hardwareType: UInt16?

        /// Names a link.
        public init(index: InterfaceIndex, name: [UInt8], flags: UInt32 = 0, hardwareType: UInt16? = nil) {
            self.index = index
            self.name = name
            self.flags = flags
            self.hardwareType = hardwareType
        }
    }

    /// Whether links that are not known are asked for; without, they have numbers only.
    public var asks = true

    private let lookUp: (LinkReference) -> Entry?
    private var entries: [Int32: Entry] = [:]
    private var numbers: [String: InterfaceIndex] = [:]
    private var last: (index: Int32, name: [UInt8]) = (0, [])

    /// Asks by a closure, which returns nil for a link that there is not.
    public init(asking lookUp: @escaping (LinkReference) -> Entry?) { self.lookUp = lookUp }

    /// Asks the kernel over a socket of its own, opened when first wanted, in this process's namespace.
    public convenience init() {
        var resolver: InterfaceResolver?
        self.init { link in
            do throws(NetlinkError) {
                let asked: InterfaceResolver
                if let resolver {
                    asked = resolver
                } else {
                    asked = try InterfaceResolver(observer: TraceObserver.fromEnvironment())
                    resolver = asked
                }
                let index = try asked.index(of: link)
                return Entry(index: index, name: try asked.name(of: index).bytes)
            } catch {
                return nil
            }
        }
    }

    /// The name of a link as bytes; `if7` where there is none of the number, `*` for 0.
    public func name(of index: InterfaceIndex) -> [UInt8] {
        if index.rawValue == last.index, last.index != 0 { return last.name }
        if index.rawValue == 0 { return [0x2a] }
        let name = entry(of: index)?.name ?? Array("if\(index.rawValue)".utf8)
        last = (index.rawValue, name)
        return name
    }

    /// What is known of a link.
    public func entry(of index: InterfaceIndex) -> Entry? { entries[index.rawValue] ?? ask(.index(index)) }

    /// Whether a link has this number.
    public func isKnown(_ index: InterfaceIndex) -> Bool { entry(of: index) != nil }

    /// The number of the link of a name or alternative name; like iproute2, 7 for `if7` where no link is called so.
    public func index(of name: String) -> InterfaceIndex? {
        if let known = numbers[name] { return known }
        guard let link = ask(.name(name)) else { return numbered(name) }
        numbers[name] = link.index
        return link.index
    }

    private func numbered(_ name: String) -> InterfaceIndex? {
        guard name.hasPrefix("if"), let number = Int32(name.dropFirst(2)), number > 0 else { return nil }
        return InterfaceIndex(rawValue: number)
    }

    /// Keeps what a listing has read anyway.
    public func keep(_ entry: Entry) {
        entries[entry.index.rawValue] = entry
        numbers[String(decoding: entry.name, as: UTF8.self)] = entry.index
    }

    /// Forgets everything: a command may have renamed or removed links.
    public func forget() {
        entries.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        last = (0, [])
    }

    private func ask(_ reference: LinkReference) -> Entry? {
        guard asks, let entry = lookUp(reference) else { return nil }
        keep(entry)
        return entry
    }
}
