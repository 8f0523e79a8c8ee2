// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// Asks the kernel for the sockets of one table after the other and prints them.
final class Dumps {
    private let listing: Listing
    private let connection: BlockingSockDiagConnection
    private let killer: BlockingSockDiagConnection?
    /// The exit status: not 0 once sockets could not be listed that there may be.
    private var status: Int32 = 0

    convenience init(_ listing: Listing) throws(SSOptions.Exit) {
        do throws(NetlinkError) {
            let observer = try TraceObserver.fromEnvironment()
            let connection = try BlockingSockDiagConnection(observer: observer)
            let killer = listing.options.kills ? try BlockingSockDiagConnection(observer: observer) : nil
            self.init(listing, connection, killer: killer)
        } catch {
            throw .failure(CommandError("Cannot open netlink socket: \(error.code)", status: 255))
        }
    }

    /// Over connections that exist, of which one closes what the other lists.
    init(_ listing: Listing, _ connection: BlockingSockDiagConnection, killer: BlockingSockDiagConnection? = nil) {
        self.listing = listing
        self.connection = connection
        self.killer = killer
    }

    private var selection: Selection { listing.selection }
    private var options: SSOptions { listing.options }

    /// Prints all of them; the exit status.
    func run() throws(SSOptions.Exit) -> Int32 {
        if selection.shows(.netlink), selection.states.contains(.closed), !options.kills {
            each(.netlinkSockets(filter: selection.filter), "netlink") { listing.show($0) }
        }
        if !selection.tables.isDisjoint(with: SocketTable.packet), selection.families.contains(.packet),
            selection.states.contains(.closed), !options.kills
        {
            var parts: PacketSocketParts = [.information, .memory, .fanout, .rings]
            if options.showsPrograms { parts.insert(.program) }
            each(.packetSockets(parts: parts, filter: selection.filter), "packet") { socket in
                guard selection.tables.contains(socket.type == .raw ? .packetRaw : .packetDatagram) else { return }
                listing.show(socket)
            }
        }
        unix()
        inet(.raw, .raw, "raw")
        inet(.udp, .udp, "udp")
        if selection.shows(.tcp), let file = System.environment("TCPDIAG_FILE") {
            let isWanted = RawDump.judge(selection, listing.names)
            try RawDump.read(String(decoding: file, as: UTF8.self)) { if isWanted($0) { listing.show($0, "tcp") } }
        } else {
            inet(.tcp, .tcp, "tcp")
        }
        inet(.dccp, .dccp, "dccp")
        inet(.sctp, .sctp, "sctp")
        if !selection.tables.isDisjoint(with: SocketTable.vsock), selection.families.contains(.vsock), !options.kills {
            each(.vsockSockets(states: selection.states, filter: selection.filter), nil) { socket in
                guard selection.tables.contains(socket.type == .datagram ? .vsockDatagram : .vsockStream) else {
                    return
                }
                listing.show(socket)
            }
        }
        inet(.mptcp, .mptcp, "tcp")
        return status
    }

    private func unix() {
        guard !selection.tables.isDisjoint(with: SocketTable.unix), selection.families.contains(.unix), !options.kills
        else { return }
        var parts: UnixSocketParts = [.name, .peer, .queues]
        if options.showsDetails { parts.formUnion([.file, .pendingConnections, .user]) }
        if options.showsMemory { parts.insert(.memory) }
        each(.unixSockets(states: selection.states, parts: parts, filter: selection.filter), "Unix") { socket in
            guard selection.tables.contains(socket.table) else { return }
            listing.show(socket)
        }
    }

    private func inet(_ table: SocketTable, _ ipProtocol: InetProtocol, _ transport: StaticString) {
        guard selection.shows(table) else { return }
        let families = selection.inetFamilies
        let hasBoth = families.count == 2 && (table == .tcp || table == .dccp)
        if hasBoth, killer == nil, both(families, table, ipProtocol, transport) { return }
        for family in families where !one(family, table, ipProtocol, transport) { return }
    }

    private func dump(_ ipProtocol: InetProtocol, _ family: AddressFamily) -> InetSocketDump {
        // The reference shows raw sockets whatever states are asked for, as the kernel lists them.
        let states = ipProtocol == .raw ? .all : selection.states
        return InetSocketDump(
            ipProtocol, family: family, states: states, parts: options.inetParts, filter: selection.filter)
    }

    /// Judges what the kernel's program may have left open: who was bound by itself.
    private func judge() -> (InetSocket) -> Bool {
        guard let filter = selection.filter, filter.asksWhoIsAutobound else { return { _ in true } }
        let chosen = listing.names.chosenPorts
        return { filter.matches(JudgedSocket(base: $0, chosen: chosen)) != false }
    }

    /// Shows the sockets of one family; false when the kernel cannot list such sockets at all.
    private func one(
        _ family: AddressFamily, _ table: SocketTable, _ ipProtocol: InetProtocol, _ transport: StaticString
    ) -> Bool {
        let isWanted = judge()
        do throws(NetlinkError) {
            try connection.dump(dump(ipProtocol, family)) { (socket: InetSocket) throws(NetlinkError) in
                guard isWanted(socket), try kill(socket) else { return }
                listing.show(socket, transport)
            }
            return true
        } catch {
            // The kernel has no such protocol, or no part that lists its sockets.
            guard error.isNotFound || error.isNotSupported else {
                report(error)
                return true
            }
            switch table {
            case .tcp, .udp, .raw: readTables(ipProtocol, transport)
            case .dccp: askOlder(ipProtocol)
            default: break
            }
            return false
        }
    }

    /// Reads the kernel's older tables of files, as iproute2 does; they know less, and nothing can be closed by them.
    private func readTables(_ ipProtocol: InetProtocol, _ transport: StaticString) {
        if options.kills {
            return fail("this kernel cannot close \(transport) sockets: it cannot list them over netlink")
        }
        for family in selection.inetFamilies {
            guard let sockets = SocketFile.read(ipProtocol, family) else {
                return fail("this kernel cannot list \(transport) sockets")
            }
            for socket in sockets where selection.states.contains(socket.state) {
                if let filter = selection.filter, filter.matches(socket) != true { continue }
                listing.show(socket, transport)
            }
        }
    }

    private func fail(_ text: String) {
        CommandError("ss: \(text)", status: 1).report()
        status = 1
    }

    private func askOlder(_ ipProtocol: InetProtocol) {
        do throws(NetlinkError) { _ = try connection.dump(dump(ipProtocol, .unspecified)) } catch {
            tell(error)
        }
    }

    // So many sockets of the second family are set aside; with more the table is walked once more.
    private static let asideLimit = 1 << 16

    /// Shows the sockets of both families, one after the other; false when the kernel cannot list them so.
    ///
    /// They come of one walk through the kernel's table: where a filter leaves few of them, that is what takes the time.
    private func both(
        _ families: [AddressFamily], _ table: SocketTable, _ ipProtocol: InetProtocol, _ transport: StaticString
    ) -> Bool {
        let first = families[0]
        let isWanted = judge()
        var aside: [InetSocket] = []
        do throws(NetlinkError) {
            try connection.dump(dump(ipProtocol, .unspecified)) { (socket: InetSocket) throws(NetlinkError) in
                if !isWanted(socket) { return }
                if socket.family == first {
                    listing.show(socket, transport)
                } else if aside.count <= Self.asideLimit {
                    aside.append(socket)
                }
            }
        } catch {
            if error.isNotFound || error.isNotSupported { return false }
            // No socket is missing where the kernel does not have the protocol.
            if table == .dccp { tell(error) } else { report(error) }
            return true
        }
        if aside.count <= Self.asideLimit {
            for socket in aside { listing.show(socket, transport) }
        } else {
            aside = []
            _ = one(families[1], table, ipProtocol, transport)
        }
        return true
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

    /// Lists sockets of a kind; where it has a name the kernel always has such sockets, whether it can list them or not.
    private func each<D: Dump<SockDiagProtocol>>(_ dump: D, _ kind: StaticString?, _ body: (D.Element) -> Void) {
        do throws(NetlinkError) {
            try connection.dump(dump) { (element: D.Element) throws(NetlinkError) in body(element) }
        } catch {
            guard error.isNotFound || error.isNotSupported else { return report(error) }
            if let kind { fail("this kernel cannot list \(kind) sockets: it has no diagnostics for them") }
        }
    }

    private func report(_ error: NetlinkError) {
        if error.code == .notPermitted, options.kills { return }
        tell(error)
        status = 1
    }

    private func tell(_ error: NetlinkError) { CommandError(KernelAnswer.text(error), status: 0).report() }
}
