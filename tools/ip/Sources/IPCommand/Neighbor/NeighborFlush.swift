// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip neighbor flush`: takes away what a listing would show.
enum NeighborFlush {
    // Of `-l` iproute2 takes no notice here.
    private static let maximumRounds = 10

    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        if words.isEmpty { throw CommandError("Flush requires arguments.", status: 1) }
        let filter = try NeighborFilter.parse(&words, &session, isFlush: true)
        // What a flush says is text even where JSON was asked for.
        let isJSON = session.output.isJSON
        session.output.isJSON = false
        defer { session.output.isJSON = isJSON }
        let isStatistical = session.options.statistics > 0
        var round = 0
        while round < maximumRounds {
            let found = try list(filter, &session)
            if found.isEmpty { return report(round, &session) }
            round += 1
            if session.options.statistics > 1 {
                for neighbor in found { NeighborPrinter.print(neighbor, &session, showsDevice: filter.index == nil) }
            }
            if isStatistical {
                session.output.text("\n*** Round \(round), deleting \(found.count) entries ***\n")
                session.output.flush()
            }
            try remove(found, &session)
        }
        throw CommandError("*** Flush not complete bailing out after \(maximumRounds) rounds", status: 1)
    }

    private static func list(
        _ filter: NeighborFilter, _ session: inout Session
    ) throws(CommandError) -> [Neighbor] {
        let connection = try session.connection
        do throws(NetlinkError) { return try connection.dump(filter.dump).filter { filter.accepts($0) } } catch {
            throw KernelAnswer.refusedDump(error, what: "Flush", status: 1)
        }
    }

    private static func report(_ rounds: Int, _ session: inout Session) {
        if session.options.statistics == 0 { return }
        if rounds == 0 {
            session.output.text("Nothing to flush.\n")
        } else {
            session.output.text("*** Flush is complete after \(rounds) round\(rounds > 1 ? "s" : "") ***\n")
        }
    }

    private static func remove(_ neighbors: [Neighbor], _ session: inout Session) throws(CommandError) {
        let connection = try session.connection
        do throws(NetlinkError) {
            var batch = Batch<RouteProtocol>()
            for neighbor in neighbors { try batch.append(RemoveNeighbor(neighbor)) }
            for case .failure(let error) in try connection.perform(&batch) where !error.isNotFound { throw error }
        } catch {
            throw KernelAnswer.refusedFlush(error, status: 1)
        }
    }
}
