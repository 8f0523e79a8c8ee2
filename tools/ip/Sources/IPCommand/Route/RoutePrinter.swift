// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What a listing leaves out of its lines, because it was asked for just that.
struct RouteOmissions {
    var device = false
    var origin = false
    var scope = false
    var preferredSource = false
    var typeOfService = false
    var metric = false
    var gateway = false
    var realms = false
    /// Whether the table is shown, as when routes of more than one are listed.
    var showsTable = false
}

/// Prints routes as `ip route` does; `ip monitor` uses it too.
enum RoutePrinter {
    static func print(_ route: Route, _ session: inout Session, _ omit: RouteOmissions, deleted: Bool = false) {
        session.output.beginObject()
        if deleted { session.output.flag("deleted", text: "Deleted ") }
        printHead(route, &session, omit)
        printPath(route, &session, omit)
        printOrigin(route, &session, omit)
        printFlags(route.flags, &session)
        if let mark = route.mark {
            if mark >= 16, !session.output.isJSON {
                session.output.hex("mark", mark, prefix: "mark ", suffix: " ")
            } else {
                session.output.number("mark", mark, prefix: "mark ", suffix: " ")
            }
        }
        if let user = route.user { session.output.number("uid", user, prefix: "uid ", suffix: " ") }
        if !omit.realms, let realms = route.realms { print(realms, &session) }
        RouteExtras.printCache(route, &session)
        if let metrics = route.metrics { RouteExtras.print(metrics, &session) }
        if let input = route.input {
            session.output.string(
                "iif", session.links.name(of: input), prefix: "iif ", suffix: " ", color: .interfaceName)
        }
        if let preference = route.preference { RouteExtras.print(preference, &session) }
        RouteExtras.printNextHops(route, &session)
        if let propagates = route.ttlPropagation {
            session.output.bool("ttl-propogate", propagates, on: "enabled", off: "disabled", prefix: "ttl-propagate ")
        }
        session.output.text("\n")
        session.output.endObject()
    }

    private static func printHead(_ route: Route, _ session: inout Session, _ omit: RouteOmissions) {
        if route.type != .unicast || session.options.details > 0 {
            if let word = RouteTypeName.word(route.type), !session.options.numeric {
                session.output.string("type", word, suffix: " ")
            } else {
                session.output.string("type", "\(route.type.rawValue)", suffix: " ")
            }
        }
        if let prefix = route.destination {
            if prefix.length == 0 {
                session.output.string("dst", "default" as StaticString, suffix: " ", color: .none)
            } else {
                session.output.string(
                    "dst", AbbreviatedPrefix(prefix, session.hosts), suffix: " ", color: .of(route.family))
            }
        } else if let raw = route.rawDestination {
            session.output.string("dst", LabelStack(raw), suffix: " ", color: .of(route.family))
        } else {
            session.output.string("dst", "default" as StaticString, suffix: " ")
        }
        if let source = route.source {
            session.output.string(
                "from", AbbreviatedPrefix(source, session.hosts), prefix: "from ", suffix: " ", color: .of(route.family)
            )
        } else if route.flags.contains(.cloned), route.family == .ipv6 {
            session.output.string("from", "::" as StaticString, prefix: "from ", suffix: " ", color: .inet6)
        }
        if let labels = route.newDestination {
            session.output.string("to", LabelStack(labels), prefix: "as to ", suffix: " ")
        }
        if let encapsulation = route.encapsulation { RouteExtras.print(encapsulation, &session) }
        if route.typeOfService != 0, !omit.typeOfService {
            let name = session.names.dsfields.name(UInt32(route.typeOfService))
            session.output.string("tos", name, prefix: "tos ", suffix: " ")
        }
    }

    private static func printPath(_ route: Route, _ session: inout Session, _ omit: RouteOmissions) {
        if let id = route.nextHopID { session.output.number("nhid", id, prefix: "nhid ", suffix: " ") }
        if !omit.gateway || route.gateway?.family != route.family {
            print(gateway: route.gateway, of: route.family, &session)
        }
        if let via = route.via { RouteExtras.print(via, &session) }
        if !omit.device, let output = route.output {
            session.output.string(
                "dev", session.links.name(of: output), prefix: "dev ", suffix: " ", color: .interfaceName)
        }
    }

    /// Prints a gateway: plainly when it is of the route's family, else with its family.
    static func print(gateway: IPAddress?, of family: AddressFamily, _ session: inout Session) {
        guard let gateway else { return }
        let color = Color.of(gateway.family)
        if gateway.family == family {
            session.output.string("gateway", session.host(gateway), prefix: "via ", suffix: " ", color: color)
            return
        }
        session.output.beginObject("via")
        session.output.string("family", gateway.family.description, prefix: "via ", suffix: " ")
        session.output.string("host", session.host(gateway), suffix: " ", color: color)
        session.output.endObject()
    }

    private static func printOrigin(_ route: Route, _ session: inout Session, _ omit: RouteOmissions) {
        let isDetailed = session.options.details > 0
        if omit.showsTable || route.flags.contains(.cloned), route.table != .main || isDetailed,
            !(route.flags.contains(.cloned) && route.table == .unspecified)
        {
            let name = session.names.tables.name(route.table.rawValue)
            session.output.string("table", name, prefix: "table ", suffix: " ")
        }
        if !route.flags.contains(.cloned) {
            if !omit.origin, route.origin.rawValue != RoutingProtocol.boot.rawValue || isDetailed {
                let name = session.names.protocols.name(UInt32(route.origin.rawValue))
                session.output.string("protocol", name, prefix: "proto ", suffix: " ")
            }
            if !omit.scope, route.scope != .universe || isDetailed {
                let name = session.names.scopes.name(UInt32(route.scope.rawValue))
                session.output.string("scope", name, prefix: "scope ", suffix: " ")
            }
        }
        if !omit.preferredSource, let source = route.preferredSource {
            session.output.string(
                "prefsrc", source, prefix: "src ", suffix: " ", color: .of(source.family))
        }
        if !omit.metric, let metric = route.metric {
            session.output.number("metric", metric, prefix: "metric ", suffix: " ")
        }
    }

    /// Prints flags of a route or of a next hop.
    static func printFlags(_ flags: RouteFlags, _ session: inout Session) {
        session.output.beginArray("flags")
        if !flags.isEmpty {
            for (flag, name) in flagNames where flags.contains(flag) { session.output.string(nil, name, suffix: " ") }
        }
        session.output.endArray()
    }

    private static let flagNames: [(RouteFlags, StaticString)] = [
        (.dead, "dead"), (.onLink, "onlink"), (.pervasive, "pervasive"), (.nextHopOffload, "offload"),
        (.nextHopTrap, "trap"), (.notify, "notify"), (.linkDown, "linkdown"), (.unresolved, "unresolved"),
        (.offload, "rt_offload"), (.trap, "rt_trap"), (.offloadFailed, "rt_offload_failed"),
    ]

    /// Prints realms, the source's first where there is one.
    static func print(_ realms: RouteRealms, _ session: inout Session) {
        session.output.beginObject("flow")
        let isTwo = realms.source != 0
        session.output.text(isTwo ? "realms " : "realm ")
        if isTwo {
            session.output.string("from", session.names.realms.name(UInt32(realms.source)), suffix: "/")
        }
        session.output.string("to", session.names.realms.name(UInt32(realms.destination)), suffix: " ")
        session.output.endObject()
    }
}

/// A prefix without its length where that says nothing; one host's is its name, where names are wanted.
struct AbbreviatedPrefix: TextWritable {
    let prefix: IPPrefix
    private let name: [UInt8]?

    init(_ prefix: IPPrefix, _ hosts: HostNames?) {
        self.prefix = prefix
        name = prefix.isHost ? hosts?.name(of: prefix.address) : nil
    }

    func write(to bytes: inout [UInt8]) {
        if let name { name.write(to: &bytes) } else { prefix.writeAbbreviated(to: &bytes) }
    }
}

/// The words for route types.
enum RouteTypeName {
    private static let names: [(RouteType, StaticString)] = [
        (.unspecified, "none"), (.unicast, "unicast"), (.local, "local"), (.broadcast, "broadcast"),
        (.anycast, "anycast"), (.multicast, "multicast"), (.blackhole, "blackhole"), (.unreachable, "unreachable"),
        (.prohibit, "prohibit"), (.throw, "throw"), (.nat, "nat"), (.externalResolve, "xresolve"),
    ]

    /// The word for a type; nil for one that has none.
    static func word(_ type: RouteType) -> StaticString? {
        Int(type.rawValue) < names.count ? names[Int(type.rawValue)].1 : nil
    }

    /// The word for a type, or its number.
    static func text(_ type: RouteType, _ isNumeric: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        if !isNumeric, let word = word(type) {
            word.write(to: &bytes)
        } else {
            "\(type.rawValue)".write(to: &bytes)
        }
        return bytes
    }

    /// The type that a word names; numbers are taken too.
    static func type(_ word: Word) -> RouteType? {
        switch word {
        case "local": .local
        case "nat": .nat
        case prefix("broadcast"), "brd": .broadcast
        case prefix("anycast"): .anycast
        case prefix("multicast"): .multicast
        case prefix("prohibit"): .prohibit
        case prefix("unreachable"): .unreachable
        case prefix("blackhole"): .blackhole
        case prefix("xresolve"): .externalResolve
        case prefix("unicast"): .unicast
        case "throw": .throw
        default: word.number(UInt8.self).map { RouteType(rawValue: $0) }
        }
    }
}

extension Color {
    /// The colour of addresses of a family.
    static func of(_ family: AddressFamily) -> Color {
        switch family {
        case .ipv4: .inet
        case .ipv6: .inet6
        default: .none
        }
    }
}
