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
        guard !groups.isEmpty else {
            throw .failure(CommandError("ss: the kernel tells only of TCP and UDP sockets that close.", status: 255))
        }
        do throws(NetlinkError) {
            let events = try BlockingSocketEvents(.destroyedSockets(groups))
            _ = listing.flush()
            while let event = try events.next() {
                switch event {
                case .notification(let event):
                    guard isMeant(event.socket) else { continue }
                    listing.show(event.socket, event.socket.ipProtocol == .udp ? "udp" : "tcp")
                    // Whoever reads it is gone.
                    guard listing.flush() == 0 else { return 1 }
                case .overflow:
                    CommandError("ss: more sockets closed than could be told of.", status: 0).report()
                default: CommandError("ss: the kernel sent a message that cannot be read.", status: 0).report()
                }
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
