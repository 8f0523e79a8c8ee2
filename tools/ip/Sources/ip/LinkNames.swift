// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// The names of links by number and the other way round, asked for one at a time and kept.
final class LinkNames {
    var connection: BlockingRouteConnection?
    private var names: [Int32: [UInt8]] = [:]
    private var numbers: [String: InterfaceIndex] = [:]
    private var flags: [Int32: LinkFlags] = [:]
    private var last: (index: Int32, name: [UInt8]) = (0, [])

    /// The name of a link as bytes; `if7` where there is none of the number, `*` for 0.
    func name(of index: InterfaceIndex) -> [UInt8] {
        if index.rawValue == last.index, last.index != 0 { return last.name }
        if index.rawValue == 0 { return [0x2a] }
        let name = names[index.rawValue] ?? ask(index) ?? Array("if\(index.rawValue)".utf8)
        last = (index.rawValue, name)
        return name
    }

    /// Whether a link has this number.
    func isKnown(_ index: InterfaceIndex) -> Bool { names[index.rawValue] != nil || ask(index) != nil }

    /// The number of the link of a name or alternative name.
    func index(of name: String) -> InterfaceIndex? {
        if let known = numbers[name] { return known }
        guard let link = ask(.name(name)) else { return numbered(name) }
        numbers[name] = link.index
        return link.index
    }

    // iproute2 takes `if7` for number 7 when no link is called so.
    private func numbered(_ name: String) -> InterfaceIndex? {
        guard name.hasPrefix("if"), let number = Int32(name.dropFirst(2)), number > 0 else { return nil }
        return InterfaceIndex(rawValue: number)
    }

    /// Keeps what a listing has read anyway.
    func keep(_ link: Link) {
        guard let name = link.name else { return }
        names[link.index.rawValue] = name.bytes
        numbers[name.description] = link.index
        flags[link.index.rawValue] = link.flags
    }

    /// Forgets everything: a command may have renamed or removed links.
    func forget() {
        names.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        flags.removeAll(keepingCapacity: true)
        last = (0, [])
    }

    /// The flags of a link, where it is known.
    func flags(of index: InterfaceIndex) -> LinkFlags? {
        if flags[index.rawValue] == nil { _ = ask(index) }
        return flags[index.rawValue]
    }

    private func ask(_ index: InterfaceIndex) -> [UInt8]? { ask(.index(index))?.name?.bytes }

    private func ask(_ reference: LinkReference) -> Link? {
        guard let link = try? connection?.query(LinkQuery(reference, detail: .withoutStatistics)) else { return nil }
        keep(link)
        return link
    }
}
