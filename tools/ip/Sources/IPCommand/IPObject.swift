// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The objects of `ip` and what runs them.
enum IPObject {
    /// Runs a command line whose first word names the object.
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { throw Usage.error(.general, status: 255) }
        // The order decides what an abbreviation means; it is iproute2's.
        switch word {
        case prefix("address"): try AddressCommand.run(&words, &session)
        case prefix("addrlabel"): throw notYet("addrlabel")
        case prefix("maddress"): throw notYet("maddress")
        case prefix("route"): try RouteCommand.run(&words, &session)
        case prefix("rule"): try RuleCommand.run(&words, &session)
        case prefix("neighbor"), prefix("neighbour"): try NeighborCommand.run(&words, &session)
        case prefix("ntable"), prefix("ntbl"): throw notYet("ntable")
        case prefix("link"):
            // Links may be renamed or removed, so that names are asked for anew in the next line of a batch.
            defer { session.links.forget() }
            try LinkCommand.run(&words, &session)
        case prefix("l2tp"): throw notYet("l2tp")
        case prefix("fou"): throw notYet("fou")
        case prefix("ila"): throw notYet("ila")
        case prefix("macsec"): throw notYet("macsec")
        case prefix("tunnel"), prefix("tunl"): throw notYet("tunnel")
        case prefix("tuntap"), prefix("tap"): try TunTapCommand.run(&words, &session)
        case prefix("token"): throw notYet("token")
        case prefix("tcpmetrics"), prefix("tcp_metrics"): throw notYet("tcp_metrics")
        case prefix("monitor"): try MonitorCommand.run(&words, &session)
        case prefix("xfrm"): throw notYet("xfrm")
        case prefix("mroute"): throw notYet("mroute")
        case prefix("mrule"): throw notYet("mrule")
        case prefix("netns"): try NetnsCommand.run(&words, &session)
        case prefix("netconf"): throw notYet("netconf")
        case prefix("vrf"): throw notYet("vrf")
        case prefix("sr"): throw notYet("sr")
        case prefix("nexthop"): throw notYet("nexthop")
        case prefix("mptcp"): throw notYet("mptcp")
        case prefix("ioam"): throw notYet("ioam")
        case prefix("help"): throw Usage.error(.general, status: 255)
        case prefix("stats"): throw notYet("stats")
        default: throw .unknownObject(word)
        }
    }

    /// An object or option that a later version has.
    static func notYet(_ name: String) -> CommandError {
        CommandError("\"\(name)\" is not supported yet.", status: 1)
    }
}
