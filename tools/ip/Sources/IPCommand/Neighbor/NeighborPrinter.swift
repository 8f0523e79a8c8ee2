// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Prints neighbours as `ip neighbor` does; `ip monitor` and `-echo` use it too.
enum NeighborPrinter {
    static func print(
        _ neighbor: Neighbor, _ session: inout Session, showsDevice: Bool = true, deleted: Bool = false
    ) {
        let isBrief = session.options.brief
        session.output.beginObject()
        if deleted { session.output.flag("deleted", text: "Deleted ") }
        if let destination = neighbor.destination {
            session.output.string(
                "dst", session.host(destination), suffix: " ", color: .of(neighbor.family), width: isBrief ? -39 : 0)
        }
        if showsDevice, neighbor.index != .none {
            session.output.string(
                "dev", session.links.name(of: neighbor.index), prefix: isBrief ? "" : "dev ", suffix: " ",
                color: .interfaceName, width: isBrief ? -16 : 0)
        }
        if let address = neighbor.hardwareAddress {
            session.output.string(
                "lladdr", HardwareText(address: address, type: type(of: neighbor, address, session.links)),
                prefix: isBrief ? "" : "lladdr ", suffix: isBrief ? "" : " ", color: .mac)
        }
        if !isBrief { printRest(neighbor, &session) }
        session.output.text("\n")
        session.output.endObject()
    }

    /// The kind of hardware, asked for only where it makes a difference: addresses of tunnels are those of hosts.
    private static func type(
        of neighbor: Neighbor, _ address: HardwareAddress, _ links: LinkNames
    ) -> HardwareType {
        guard [4, 16].contains(address.bytes.count) else { return .ethernet }
        return links.entry(of: neighbor.index)?.hardwareType.map { HardwareType(rawValue: $0) } ?? .ethernet
    }

    private static func printRest(_ neighbor: Neighbor, _ session: inout Session) {
        let flags = neighbor.flags
        if flags.contains(.router) { session.output.null("router", text: "router ") }
        if flags.contains(.proxy) { session.output.null("proxy", text: "proxy ") }
        if neighbor.extendedFlags.contains(.managed) { session.output.null("managed", text: "managed ") }
        if flags.contains(.externallyLearned) { session.output.null("extern_learn", text: "extern_learn ") }
        if flags.contains(.offloaded) { session.output.null("offload", text: "offload ") }
        if session.options.statistics > 0 { printUse(neighbor, &session.output) }
        if !neighbor.state.isEmpty {
            session.output.beginArray("state")
            for (state, name) in NeighborStateName.all where neighbor.state.contains(state) {
                session.output.string(nil, name, suffix: " ")
            }
            session.output.endArray()
        }
        if let origin = neighbor.origin {
            session.output.string(
                "protocol", session.names.protocols.name(UInt32(origin.rawValue)), prefix: "proto ", suffix: " ")
        }
    }

    /// Ages come in hundredths of a second and are shown in seconds.
    private static func printUse(_ neighbor: Neighbor, _ output: inout Output) {
        if let cache = neighbor.cache {
            if cache.references > 0 { output.number("refcnt", cache.references, prefix: " ref ") }
            output.number("used", cache.used / 100, prefix: " used ")
            output.number("confirmed", cache.confirmed / 100, prefix: "/")
            output.number("updated", cache.updated / 100, prefix: "/")
        }
        if let probes = neighbor.probes { output.number("probes", probes, prefix: "probes ", suffix: " ") }
    }
}

extension RawMessage {
    /// The message as a neighbour.
    var neighbor: Neighbor? {
        let types = [RouteMessageType.newNeighbor.rawValue, RouteMessageType.deleteNeighbor.rawValue]
        guard types.contains(type) else { return nil }
        return decoded { (message: borrowing Message) throws(DecodeError) in try Neighbor(decoding: message) }
    }
}
