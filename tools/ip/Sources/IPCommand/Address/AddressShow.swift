// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip address show`.
enum AddressShow {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var filter = try AddressFilter.parse(&words, &session)
        let links = try list(&filter, &session)
        for link in links { session.links.keep(link) }
        let addresses = try addresses(filter, &session)
        let names = session.links
        session.output.beginArray()
        for link in links {
            let own = addresses[link.index] ?? []
            let isListed =
                own.isEmpty
                ? filter.family == .unspecified || filter.isForLinksOnly
                : own.contains { filter.accepts($0, names) }
            if isListed { print(link, own, filter, &session) }
        }
        session.output.endArray()
    }

    private static func print(
        _ link: Link, _ addresses: [Address], _ filter: AddressFilter, _ session: inout Session
    ) {
        session.output.beginObject()
        defer { session.output.endObject() }
        guard filter.link.accepts(link) else { return }
        if session.options.brief { return printBrief(link, addresses, filter, &session) }
        var line = LinkLine(.address)
        line.showsHardware = filter.family == .unspecified || filter.isForLinksOnly
        // Lines of addresses say themselves on which link they are.
        let hasHeader = filter.label == nil && (!session.options.oneLine || filter.isForLinksOnly)
        if hasHeader { line.print(link, in: &session) }
        if !filter.isForLinksOnly {
            let lead: AddressPrinter.Lead = session.options.oneLine || session.options.echo ? .link : .indented
            each(addresses, filter, &session) { (address: Address, session: inout Session) in
                AddressPrinter.print(address, lead, &session)
            }
        }
        if hasHeader { line.printStatistics(link, in: &session) }
    }

    private static func printBrief(
        _ link: Link, _ addresses: [Address], _ filter: AddressFilter, _ session: inout Session
    ) {
        let line = LinkLine(filter.isForLinksOnly ? .link : .address)
        if filter.label == nil { line.printBrief(link, in: &session) }
        if filter.isForLinksOnly { return }
        each(addresses, filter, &session) { (address: Address, session: inout Session) in
            AddressPrinter.printBrief(address, &session)
        }
        session.output.endLine()
    }

    private static func each(
        _ addresses: [Address], _ filter: AddressFilter, _ session: inout Session,
        _ body: (Address, inout Session) -> Void
    ) {
        session.output.beginArray("addr_info")
        for address in addresses {
            session.output.beginObject()
            if filter.shows(address, session.links) { body(address, &session) }
            session.output.endObject()
        }
        session.output.endArray()
    }

    // MARK: Asking

    private static func list(
        _ filter: inout AddressFilter, _ session: inout Session
    ) throws(CommandError) -> [Link] {
        if let device = filter.link.device {
            let link = try find(device, filter.link.detail(session.options), &session)
            filter.index = link.index
            return [link]
        }
        if session.options.family == AddressFamily.ipv6.rawValue {
            return try listIPv6(in: filter.link.group, &session)
        }
        let links = try session.links(filter.link.dump(session.options))
        return filter.link.master == InterfaceIndex.none ? links.filter { $0.master == nil } : links
    }

    private static func listIPv6(
        in group: UInt32?, _ session: inout Session
    ) throws(CommandError) -> [Link] {
        var links = try session.list(FamilyLinkDump(family: .ipv6))
        // IPv6's own list has neither the group nor the length of the queue nor statistics.
        let all = try session.list(LinkDump.links(detail: session.options.statistics > 0 ? [] : .withoutStatistics))
        let found = Dictionary(all.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        for position in links.indices {
            guard let link = found[links[position].index] else { continue }
            links[position].transmitQueueLength = link.transmitQueueLength
            links[position].state.statistics = link.state.statistics
        }
        if let group { links.removeAll { found[$0.index].map { $0.group != group } ?? false } }
        return links
    }

    private static func find(
        _ device: Word, _ detail: LinkDetail, _ session: inout Session
    ) throws(CommandError) -> Link {
        guard let index = try session.lookUp(device) else { throw .deviceDoesNotExist(device) }
        switch try session.link(.index(index), detail) {
        case .success(let link): return link
        case .failure(let error): throw KernelAnswer.refusal(error)
        }
    }

    private static func addresses(
        _ filter: AddressFilter, _ session: inout Session
    ) throws(CommandError) -> [InterfaceIndex: [Address]] {
        if filter.isForLinksOnly { return [:] }
        return Dictionary(grouping: try session.list(filter.dump), by: \.index)
    }
}

/// Lists links as a family sees them: only those that it uses, and without what is not its own.
struct FamilyLinkDump: Dump {
    typealias Family = RouteProtocol
    let family: AddressFamily

    var messageType: UInt16 { RouteMessageType.getLink.rawValue }
    var operation: StaticString { "list links" }

    func encode(into writer: inout MessageWriter) {
        writer.structure(16) { structure in  // sizeof(struct ifinfomsg)
            structure.store(family.rawValue, at: 0)  // struct ifinfomsg.ifi_family
        }
    }

    func decode(_ message: borrowing Message) throws(DecodeError) -> Link? {
        guard message.header.type == RouteMessageType.newLink.rawValue else { return nil }
        return try Link(decoding: message)
    }
}
