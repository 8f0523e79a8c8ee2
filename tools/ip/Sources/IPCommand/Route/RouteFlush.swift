// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip route flush`: takes away what a listing would show.
enum RouteFlush {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        if words.isEmpty { throw CommandError("\"ip route flush\" requires arguments.", status: 1) }
        let filter = try RouteFilter.parse(&words, &session)
        // What a flush says is text even where JSON was asked for.
        let isJSON = session.output.isJSON
        session.output.isJSON = false
        defer { session.output.isJSON = isJSON }
        if filter.cloned { return try flushCache(filter.family, &session) }
        var round = 0
        while true {
            let routes = try list(filter, &session)
            if routes.isEmpty { return report(round, &session) }
            round += 1
            if session.options.statistics > 0 { announce(round, routes, filter, &session) }
            try remove(routes, &session)
            if session.options.loops > 0, round >= session.options.loops {
                throw CommandError("*** Flush not completed bailing out after \(round) rounds", status: 1)
            }
        }
    }

    private static func list(_ filter: RouteFilter, _ session: inout Session) throws(CommandError) -> [Route] {
        let connection = try session.connection
        do throws(NetlinkError) {
            return try connection.dump(filter.dump).filter { filter.accepts($0) && isRemovable($0) }
        } catch {
            throw KernelAnswer.refusedDump(error, what: "Flush")
        }
    }

    // The kernel makes this one again at once.
    private static func isRemovable(_ route: Route) -> Bool {
        !(route.family == .ipv6 && route.isDefault && route.type == .unreachable && route.metric == UInt32.max)
    }

    private static func announce(
        _ round: Int, _ routes: [Route], _ filter: RouteFilter, _ session: inout Session
    ) {
        if session.options.statistics > 1 {
            for route in routes { RoutePrinter.print(route, &session, filter.omissions) }
        }
        session.output.text("\n*** Round \(round), deleting \(routes.count) entries ***\n")
        session.output.flush()
    }

    private static func report(_ rounds: Int, _ session: inout Session) {
        if session.options.statistics == 0 { return }
        if rounds == 0 {
            session.output.text("Nothing to flush.\n")
        } else {
            session.output.text("*** Flush is complete after \(rounds) round\(rounds > 1 ? "s" : "") ***\n")
        }
    }

    private static func remove(_ routes: [Route], _ session: inout Session) throws(CommandError) {
        let connection = try session.connection
        do throws(NetlinkError) {
            var batch = Batch<RouteProtocol>()
            for route in routes { try batch.append(RemoveRoute(route.settings)) }
            // Removing one route may take others with it.
            for case .failure(let error) in try connection.perform(&batch) where !error.isNotFound { throw error }
        } catch {
            throw KernelAnswer.refusedFlush(error, status: 2)
        }
    }

    private static func flushCache(_ family: AddressFamily, _ session: inout Session) throws(CommandError) {
        for (name, number) in [("ipv4", AddressFamily.ipv4), ("ipv6", .ipv6)]
        where family == .unspecified || family == number {
            let path = "/proc/sys/net/\(name)/route/flush"
            let failure = System.writeFile(path, Array("-1".utf8))
            guard failure == 0 else {
                let reason = String(decoding: System.errorText(failure), as: UTF8.self)
                throw CommandError("Cannot open \"\(path)\": \(reason)", status: 1)
            }
            if number == .ipv4, session.options.statistics > 0 {
                session.output.text("*** IPv4 routing cache is flushed.\n")
            }
        }
        if family == .ipv6, session.options.statistics > 0 { session.output.text("Nothing to flush.\n") }
    }
}
