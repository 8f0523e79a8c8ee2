// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// Asks the kernel for the sockets of one table after the other and prints them.
struct Dumps {
    private let listing: Listing
    private let connection: BlockingSockDiagConnection
    private let killer: BlockingSockDiagConnection?

    init(_ listing: Listing) throws(SSOptions.Exit) {
        self.listing = listing
        do throws(NetlinkError) {
            let observer = try TraceObserver.fromEnvironment()
            connection = try BlockingSockDiagConnection(observer: observer)
            killer = listing.options.kills ? try BlockingSockDiagConnection(observer: observer) : nil
        } catch {
            throw .failure(CommandError("Cannot open netlink socket: \(error.code)", status: 255))
        }
    }

    private var selection: Selection { listing.selection }
    private var options: SSOptions { listing.options }

    func run() throws(SSOptions.Exit) {
        if selection.shows(.netlink), selection.states.contains(.closed), !options.kills {
            each(.netlinkSockets(filter: selection.filter)) { listing.show($0) }
        }
        if !selection.tables.isDisjoint(with: SocketTable.packet), selection.families.contains(.packet),
            selection.states.contains(.closed), !options.kills
        {
            var parts: PacketSocketParts = [.information, .memory, .fanout, .rings]
            if options.showsPrograms { parts.insert(.program) }
            each(.packetSockets(parts: parts, filter: selection.filter)) { socket in
                guard selection.tables.contains(socket.type == .raw ? .packetRaw : .packetDatagram) else { return }
                listing.show(socket)
            }
        }
        unix()
        inet(.raw, .raw, "raw")
        inet(.udp, .udp, "udp")
        inet(.tcp, .tcp, "tcp")
        inet(.dccp, .dccp, "dccp")
        inet(.sctp, .sctp, "sctp")
        if !selection.tables.isDisjoint(with: SocketTable.vsock), selection.families.contains(.vsock), !options.kills {
            each(.vsockSockets(states: selection.states, filter: selection.filter)) { socket in
                guard selection.tables.contains(socket.type == .datagram ? .vsockDatagram : .vsockStream) else {
                    return
                }
                listing.show(socket)
            }
        }
        inet(.mptcp, .mptcp, "tcp")
        for (table, name) in [(SocketTable.tipc, "tipc"), (.xdp, "xdp")] where selection.tables == [table] {
            throw .failure(CommandError("ss: \(name) sockets are not supported yet.", status: 1))
        }
    }

    private func unix() {
        guard !selection.tables.isDisjoint(with: SocketTable.unix), selection.families.contains(.unix), !options.kills
        else { return }
        var parts: UnixSocketParts = [.name, .peer, .queues]
        if options.showsDetails { parts.formUnion([.file, .pendingConnections, .user]) }
        if options.showsMemory { parts.insert(.memory) }
        each(.unixSockets(states: selection.states, parts: parts, filter: selection.filter)) { socket in
            guard selection.tables.contains(socket.table) else { return }
            listing.show(socket)
        }
    }

    private var parts: InetSocketParts {
        var parts: InetSocketParts = []
        if options.showsMemory { parts.formUnion([.memory, .socketMemory]) }
        if options.showsInformation { parts.formUnion([.information, .congestionDetails, .congestionControl]) }
        if options.showsTOS { parts.formUnion([.typeOfService, .trafficClass]) }
        return parts
    }

    private func inet(_ table: SocketTable, _ ipProtocol: InetProtocol, _ transport: StaticString) {
        guard selection.shows(table) else { return }
        let families = selection.inetFamilies
        let hasBoth = families.count == 2 && (table == .tcp || table == .dccp)
        if hasBoth, killer == nil { return both(families, ipProtocol, transport) }
        for family in families where !one(family, ipProtocol, transport) { return }
    }

    private func dump(_ ipProtocol: InetProtocol, _ family: AddressFamily) -> InetSocketDump {
        InetSocketDump(ipProtocol, family: family, states: selection.states, parts: parts, filter: selection.filter)
    }

    /// Shows the sockets of one family; false when there was an error.
    private func one(_ family: AddressFamily, _ ipProtocol: InetProtocol, _ transport: StaticString) -> Bool {
        do throws(NetlinkError) {
            try connection.dump(dump(ipProtocol, family)) { (socket: InetSocket) throws(NetlinkError) in
                if try !kill(socket) { return }
                listing.show(socket, transport)
            }
            return true
        } catch {
            // A protocol that the kernel does not have; where an older request exists, its answer is told.
            if !error.isNotFound, !error.isNotSupported {
                report(error)
            } else if ipProtocol == .tcp || ipProtocol == .dccp {
                askOlder(ipProtocol)
            }
            return false
        }
    }

    private func askOlder(_ ipProtocol: InetProtocol) {
        do throws(NetlinkError) { _ = try connection.dump(dump(ipProtocol, .unspecified)) } catch { report(error) }
    }

    // So many sockets of the second family are set aside; with more the table is walked once more.
    private static let asideLimit = 1 << 16

    /// Shows the sockets of both families, one after the other, of one walk through the kernel's table: where a filter
    /// leaves few of them, the walk is what takes the time.
    private func both(_ families: [AddressFamily], _ ipProtocol: InetProtocol, _ transport: StaticString) {
        let first = families[0]
        var aside: [InetSocket] = []
        do throws(NetlinkError) {
            try connection.dump(dump(ipProtocol, .unspecified)) { (socket: InetSocket) throws(NetlinkError) in
                if socket.family == first {
                    listing.show(socket, transport)
                } else if aside.count <= Self.asideLimit {
                    aside.append(socket)
                }
            }
        } catch {
            return report(error)
        }
        if aside.count <= Self.asideLimit {
            for socket in aside { listing.show(socket, transport) }
        } else {
            aside = []
            _ = one(families[1], ipProtocol, transport)
        }
    }

    /// Closes a socket with `-K`; false where that one is not closed and so not shown.
    private func kill(_ socket: InetSocket) throws(NetlinkError) -> Bool {
        guard let killer else { return true }
        do throws(NetlinkError) {
            try killer.destroy(socket)
            return true
        } catch {
            guard error.isNotFound || error.isNotSupported else {
                CommandError("SOCK_DESTROY answers: \(error.code)", status: 0).report()
                throw error
            }
            return false
        }
    }

    private func each<D: Dump<SockDiagProtocol>>(_ dump: D, _ body: (D.Element) -> Void) {
        do throws(NetlinkError) {
            try connection.dump(dump) { (element: D.Element) throws(NetlinkError) in body(element) }
        } catch {
            if error.isNotFound || error.isNotSupported { return }
            report(error)
        }
    }

    private func report(_ error: NetlinkError) {
        if error.code == .notPermitted, options.kills { return }
        CommandError(KernelAnswer.text(error), status: 0).report()
    }
}
