// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// Prints sockets as they close.
struct Following {
    private let listing: Listing

    init(_ listing: Listing) { self.listing = listing }

    func run() throws(SSOptions.Exit) -> Int32 {
        let selection = listing.selection
        var groups: [SocketGroup] = []
        if selection.families.contains(.inet) {
            if selection.tables.contains(.tcp) { groups.append(.ipv4TCP) }
            if selection.tables.contains(.udp) { groups.append(.ipv4UDP) }
        }
        if selection.families.contains(.inet6) {
            if selection.tables.contains(.tcp) { groups.append(.ipv6TCP) }
            if selection.tables.contains(.udp) { groups.append(.ipv6UDP) }
        }
        do throws(NetlinkError) {
            let events = try BlockingSocketEvents(.destroyedSockets(groups))
            listing.flush()
            while let event = try events.next() {
                guard case .notification(let event) = event, isMeant(event.socket) else { continue }
                let socket = event.socket
                listing.show(socket, socket.ipProtocol == .udp ? "udp" : "tcp")
                listing.flush()
            }
            return 0
        } catch {
            throw .failure(CommandError(KernelAnswer.text(error), status: 255))
        }
    }

    private func isMeant(_ socket: InetSocket) -> Bool {
        let families = listing.selection.families
        guard families.contains(socket.family == .ipv6 ? .inet6 : .inet) else { return false }
        return listing.selection.filter?.matches(socket) != false
    }
}
