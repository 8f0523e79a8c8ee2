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
        for family in selection.inetFamilies {
            let dump = InetSocketDump(
                ipProtocol, family: family, states: selection.states, parts: parts, filter: selection.filter)
            do throws(NetlinkError) {
                try connection.dump(dump) { (socket: InetSocket) throws(NetlinkError) in
                    if try !kill(socket) { return }
                    listing.show(socket, transport)
                }
            } catch {
                // A protocol that the kernel does not have; where an older request exists, its answer is told.
                guard error.isNotFound || error.isNotSupported else {
                    report(error)
                    return
                }
                if table == .tcp || table == .dccp { askOlder(ipProtocol) }
                return
            }
        }
    }

    private func askOlder(_ ipProtocol: InetProtocol) {
        do throws(NetlinkError) {
            _ = try connection.dump(OlderInetDump(ipProtocol: ipProtocol, states: selection.states))
        } catch {
            report(error)
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

/// The request that kernels took before there was one for all families.
///
/// Kernel: `TCPDIAG_GETSOCK`, `DCCPDIAG_GETSOCK`, `struct inet_diag_req`.
struct OlderInetDump: Dump {
    typealias Family = SockDiagProtocol

    let ipProtocol: InetProtocol
    let states: SocketStates

    private static let tcp: UInt16 = 18  // TCPDIAG_GETSOCK
    private static let dccp: UInt16 = 19  // DCCPDIAG_GETSOCK

    var messageType: UInt16 { ipProtocol == .dccp ? Self.dccp : Self.tcp }
    var operation: StaticString { "list sockets" }

    func encode(into writer: inout MessageWriter) {
        writer.structure(60) { structure in  // sizeof(struct inet_diag_req)
            structure.store(AddressFamily.ipv4.rawValue, at: 0)  // struct inet_diag_req.idiag_family
            structure.store(states.rawValue, at: 52)  // struct inet_diag_req.idiag_states
        }
    }

    func decode(_ message: borrowing Message) throws(DecodeError) -> InetSocket? {
        try InetSocket(decoding: message, ipProtocol)
    }
}
