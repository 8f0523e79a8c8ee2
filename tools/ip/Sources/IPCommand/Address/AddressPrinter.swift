// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Prints addresses as `ip address` does; `ip monitor` and `-echo` use it too.
///
/// In JSON the caller opens the object before and closes it behind.
enum AddressPrinter {
    /// What stands in front of an address.
    enum Lead {
        /// The address's link, in a line of its own, is known.
        case indented
        /// The link's number and name.
        case link
        /// The link's number alone, in a line of its own, as in a file.
        case number
    }

    static func print(_ address: Address, _ lead: Lead, _ session: inout Session, deleted: Bool = false) {
        if deleted { session.output.flag("deleted", text: "Deleted ") }
        switch lead {
        case .indented: break
        case .link:
            session.output.number("index", address.index.rawValue, suffix: ": ")
            session.output.string("dev", session.links.name(of: address.index))
        case .number:
            session.output.number("index", address.index.rawValue, prefix: "if", suffix: ":")
            session.output.newline()
        }
        printFamily(address.family, &session)
        printLocal(address, &session)
        printOthers(address, &session)
        let scope = session.names.scopes.name(UInt32((address.scope ?? .universe).rawValue))
        session.output.string("scope", scope, prefix: "scope ", suffix: " ")
        AddressFlagName.print(address.flags, of: address.family, &session.output)
        if let origin = address.origin {
            let name = session.names.addressProtocols.name(UInt32(origin.rawValue))
            session.output.string("protocol", name, prefix: "proto ", suffix: " ")
        }
        if let label = address.label { session.output.string("label", label) }
        printLifetimes(address, &session)
        session.output.endLine()
    }

    /// Prints an address for the line of `-br`.
    static func printBrief(_ address: Address, _ session: inout Session) {
        printLocal(address, &session)
    }

    private static func printFamily(_ family: AddressFamily, _ session: inout Session) {
        switch family {
        case .ipv4: session.output.string("family", "inet" as StaticString, prefix: "    ", suffix: " ")
        case .ipv6: session.output.string("family", "inet6" as StaticString, prefix: "    ", suffix: " ")
        default: session.output.number("family_index", family.rawValue, prefix: "    family ", suffix: " ")
        }
    }

    private static func printLocal(_ address: Address, _ session: inout Session) {
        let color = Color.of(address.family)
        if let local = address.local {
            session.output.string("local", session.host(local), color: color)
            // An IPv4 address without a prefix of its own has no other end either.
            if let peer = address.peer, !peer.isUnspecified || local.isUnspecified {
                session.output.string("address", session.host(peer), prefix: " peer ", color: color)
            }
            session.output.number("prefixlen", address.prefixLength, prefix: "/", suffix: " ")
        }
        if let metric = address.metric { session.output.number("metric", metric, prefix: "metric ", suffix: " ") }
    }

    private static func printOthers(_ address: Address, _ session: inout Session) {
        let color = Color.of(address.family)
        if let broadcast = address.broadcast {
            session.output.string("broadcast", session.host(broadcast), prefix: "brd ", suffix: " ", color: color)
        }
        if let anycast = address.anycast {
            session.output.string("anycast", session.host(anycast), prefix: "any ", suffix: " ", color: color)
        }
        // A group that is joined, in messages about groups.
        if let multicast = address.state.multicast {
            session.output.string("multicast", session.host(multicast), prefix: "mcast ", suffix: " ", color: color)
        }
    }

    private static func printLifetimes(_ address: Address, _ session: inout Session) {
        guard let valid = address.validLifetime, let preferred = address.preferredLifetime else { return }
        session.output.newline()
        session.output.text("       ")
        print(valid, "valid_life_time", "valid_lft ", &session.output)
        session.output.text(" ")
        print(preferred, "preferred_life_time", "preferred_lft ", &session.output)
    }

    private static func print(
        _ lifetime: AddressLifetime, _ key: StaticString, _ word: StaticString, _ output: inout Output
    ) {
        output.jsonNumber(key, lifetime.rawValue)
        output.text(word)
        if lifetime == .forever {
            output.text("forever")
        } else {
            output.text(number: lifetime.rawValue)
            output.text("sec")
        }
    }
}
