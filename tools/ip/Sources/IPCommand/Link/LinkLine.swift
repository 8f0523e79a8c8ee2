// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Prints a link as `ip link`, `ip address` and `ip monitor` do, which have these lines in common.
///
/// Text begins at the line's start and ends behind the last newline; in JSON the caller opens the object before and closes
/// it behind.
struct LinkLine {
    /// The command of which the lines are a part.
    enum Place {
        /// `ip link show`: with the link mode, with statistics.
        case link
        /// `ip address show`: without the mode; addresses follow, and behind them ``printStatistics(_:in:)``.
        case address
        /// `ip monitor` and `-echo`: without mode and queue length.
        case event
    }

    let place: Place
    /// Whether the line `link/…` is printed; `ip -4 address` leaves it out unless details are wanted.
    var showsHardware = true
    /// Names for the numbers of namespaces.
    let namespaces = NamespaceNames()

    init(_ place: Place) { self.place = place }

    /// Prints all lines of a link: header, hardware, details, alias, statistics (of `ip link`), virtual functions, names.
    func print(_ link: Link, isDeleted: Bool = false, in session: inout Session) {
        printHeader(link, isDeleted: isDeleted, in: &session)
        if showsHardware || session.options.details > 0 {
            session.output.newline()
            printHardware(link, in: &session)
            printNamespaces(link, in: &session)
        }
        printProtocolDown(link, in: &session)
        if session.options.details > 0 { LinkDetails.print(link, withFamilies: place == .link, in: &session) }
        if let alias = link.alias, place == .link || session.options.details > 0 {
            session.output.newline()
            session.output.string("ifalias", alias, prefix: "    alias ")
        }
        if let xdp = link.state.xdp, place == .link || session.options.details > 0 {
            LinkXDP.printPrograms(xdp, in: &session)
        }
        if place == .link, session.options.statistics > 0, let statistics = link.state.statistics {
            session.output.newline()
            LinkCounters(statistics, changes: link.state.carrierChanges).print(in: &session)
        }
        printVirtualFunctions(link, in: &session)
        printAlternativeNames(link, in: &session)
        session.output.endLine()
    }

    /// Prints the statistics that `ip -s address` has behind the addresses.
    func printStatistics(_ link: Link, in session: inout Session) {
        guard session.options.statistics > 0, let statistics = link.state.statistics else { return }
        LinkCounters(statistics, changes: link.state.carrierChanges).print(in: &session)
        session.output.endLine()
    }

    /// Prints the line of `-br`: name, state, and for `ip link` address and flags; `ip address` goes on in it.
    func printBrief(_ link: Link, isDeleted: Bool = false, in session: inout Session) {
        if isDeleted { session.output.flag("deleted", text: "Deleted ") }
        let name = LinkNameText(link, session.links)
        printName(name, suffix: " ", width: -16, in: &session)
        if let state = link.operationalState {
            printState(state, prefix: "", width: -14, in: &session)
        }
        guard place == .link else { return }
        if let address = link.address {
            session.output.string(
                "address", HardwareText(address: address, type: link.type), suffix: " ", color: .mac)
        }
        session.output.linkFlags(link.flags, isParentDown: isParentDown(link, session.links))
        session.output.endLine()
    }

    // MARK: The first line

    private func printHeader(_ link: Link, isDeleted: Bool, in session: inout Session) {
        if isDeleted { session.output.flag("deleted", text: "Deleted ") }
        session.output.number("ifindex", link.index.rawValue, suffix: ": ")
        printName(LinkNameText(link, session.links), suffix: ": ", width: 0, in: &session)
        session.output.linkFlags(link.flags, isParentDown: isParentDown(link, session.links))
        if let mtu = link.mtu { session.output.number("mtu", mtu, prefix: "mtu ", suffix: " ") }
        if let xdp = link.state.xdp { LinkXDP.print(xdp, namesProgram: place != .link, in: &session) }
        if let qdisc = link.state.qdisc { session.output.string("qdisc", qdisc, prefix: "qdisc ", suffix: " ") }
        if let master = link.master {
            session.output.string("master", session.links.name(of: master), prefix: "master ", suffix: " ")
        }
        if let state = link.operationalState { printState(state, prefix: "state ", width: 0, in: &session) }
        if place == .link, let mode = link.mode {
            if let name = mode.name {
                session.output.string("linkmode", name, prefix: "mode ", suffix: " ")
            } else {
                session.output.number("linkmode_index", mode.rawValue, prefix: "mode ", suffix: " ")
            }
        }
        if let group = link.group {
            session.output.string("group", session.names.groups.name(group), prefix: "group ", suffix: " ")
        }
        if place != .event, let length = link.transmitQueueLength, length > 0 {
            session.output.number("txqlen", length, prefix: "qlen ")
        }
        if let event = link.state.event { printEvent(event, in: &session) }
    }

    private func printName(_ name: LinkNameText, suffix: StaticString, width: Int, in session: inout Session) {
        if session.output.isJSON {
            switch name.parent {
            case .same: break
            case .none: session.output.null("link")
            case .named(let parent): session.output.string("link", parent)
            case .elsewhere(let index): session.output.number("link_index", index.rawValue)
            }
            session.output.string("ifname", name.name)
        } else {
            session.output.string(nil, name, suffix: suffix, color: .interfaceName, width: width)
        }
    }

    private func printState(_ state: OperationalState, prefix: StaticString, width: Int, in session: inout Session) {
        if let name = state.name {
            session.output.string("operstate", name, prefix: prefix, suffix: " ", color: state.color, width: width)
        } else if session.output.isJSON {
            session.output.number("operstate_index", state.rawValue)
        } else {
            session.output.string(nil, Hexadecimal(UInt64(state.rawValue)), prefix: "state ", suffix: " ")
        }
    }

    private func printEvent(_ event: UInt32, in session: inout Session) {
        let names: [StaticString] = [
            "", "REBOOT", "FEATURE CHANGE", "BONDING FAILOVER", "NOTIFY PEERS", "RESEND IGMP", "BONDING OPTION",
        ]
        if event >= names.count {
            session.output.number("event", event, prefix: "event ", suffix: " ")
        } else if event > 0 {
            session.output.string("event", names[Int(event)], prefix: "event ", suffix: " ")
        }
    }

    private func isParentDown(_ link: Link, _ links: LinkNames) -> Bool {
        guard let parent = link.parent, parent != .none, link.parentNamespaceID == nil else { return false }
        guard let flags = links.flags(of: parent) else { return false }
        return !flags.contains(.up)
    }

    // MARK: The second line

    private func printHardware(_ link: Link, in session: inout Session) {
        HardwareAddresses(of: link, address: link.address, broadcast: link.broadcast).print(in: &session)
        if let permanent = link.state.permanentAddress, permanent != link.address {
            session.output.string(
                "permaddr", HardwareText(address: permanent, type: link.type), prefix: " permaddr ", color: .mac)
        }
    }

    private func printNamespaces(_ link: Link, in session: inout Session) {
        if let id = link.parentNamespaceID {
            session.output.jsonNumber("link_netnsid", id)
            print(namespace: id, " link-netns ", " link-netnsid ", in: &session)
        }
        if let id = link.state.newNamespaceID {
            session.output.jsonNumber("new_netnsid", id)
            print(namespace: id, " new-netns ", " new-netnsid ", in: &session)
        }
        if let index = link.state.newIndex {
            session.output.number("new_ifindex", index.rawValue, prefix: " new-ifindex ")
        }
    }

    /// Prints the name of a namespace where it has one, else its number; JSON has the number in any case.
    private func print(
        namespace id: Int32, _ named: StaticString, _ numbered: StaticString, in session: inout Session
    ) {
        guard !session.output.isJSON else { return }
        if let name = namespaces.name(of: id, in: session.kernel) {
            session.output.text(named)
            session.output.text(name)
        } else if id >= 0 {
            session.output.text(numbered)
            session.output.text(number: id)
        } else {
            session.output.text(numbered)
            session.output.text("unknown")
        }
    }

    private func printProtocolDown(_ link: Link, in session: inout Session) {
        guard link.protocolDown == true else { return }
        session.output.flag("proto_down", text: " protodown on")
        guard let reasons = link.protocolDownReasons?.value, reasons != 0 else { return }
        session.output.beginArray("proto_down_reason", text: " protodown_reason <")
        var isFirst = true
        for bit in UInt32(0)..<32 where reasons & 1 << bit != 0 {
            session.output.string(nil, session.names.protodownReasons.name(bit), prefix: isFirst ? "" : ",")
            isFirst = false
        }
        session.output.endArray(text: ">")
    }

    // MARK: The last lines

    private func printVirtualFunctions(_ link: Link, in session: inout Session) {
        guard place == .link || session.options.details > 0 else { return }
        LinkFunctions.print(link, in: &session)
    }

    private func printAlternativeNames(_ link: Link, in session: inout Session) {
        guard !link.state.alternativeNames.isEmpty else { return }
        session.output.beginArray("altnames")
        for name in link.state.alternativeNames {
            session.output.newline()
            session.output.string(nil, name, prefix: "    altname ")
        }
        session.output.endArray()
    }
}

/// A link's name, and behind `@` that of the link below.
struct LinkNameText: TextWritable {
    enum Parent {
        /// There is none.
        case same
        /// It could have one and has none.
        case none
        case named([UInt8])
        /// It is in another namespace.
        case elsewhere(InterfaceIndex)
    }

    let name: InterfaceName?
    let parent: Parent

    init(_ link: Link, _ links: LinkNames) {
        name = link.name
        guard let index = link.parent else {
            parent = .same
            return
        }
        if index == .none {
            parent = .none
        } else if link.parentNamespaceID != nil {
            parent = .elsewhere(index)
        } else {
            parent = .named(links.name(of: index))
        }
    }

    func write(to bytes: inout [UInt8]) {
        name.write(to: &bytes)
        switch parent {
        case .same: break
        case .none: ("@NONE" as StaticString).write(to: &bytes)
        case .named(let name):
            bytes.append(0x40)
            name.write(to: &bytes)
        case .elsewhere(let index):
            ("@if" as StaticString).write(to: &bytes)
            index.write(to: &bytes)
        }
    }
}
