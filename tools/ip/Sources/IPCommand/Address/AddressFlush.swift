// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip address flush`: takes away what a listing would show.
enum AddressFlush {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        if words.isEmpty { throw CommandError("Flush requires arguments.", status: 1) }
        var filter = try AddressFilter.parse(&words, &session)
        // What a flush says is text even where JSON was asked for.
        let isJSON = session.output.isJSON
        session.output.isJSON = false
        defer { session.output.isJSON = isJSON }
        if let device = filter.link.device {
            guard let index = try session.lookUp(device) else { throw .deviceDoesNotExist(device) }
            filter.index = index
        }
        let isStatistical = session.options.statistics > 0
        var round = 0
        while session.options.loops == 0 || round < session.options.loops {
            let names = session.links
            let found = try session.list(filter.dump).filter { filter.shows($0, names) }
            if found.isEmpty { return report(round, &session) }
            round += 1
            if session.options.statistics > 1 {
                for address in found { AddressPrinter.print(address, .link, &session) }
            }
            if isStatistical {
                session.output.text("\n*** Round \(round), deleting \(found.count) addresses ***\n")
                session.output.flush()
            }
            try remove(found, &session)
            // Secondary addresses that became primary ones were not meant.
            if filter.flagMask.contains(.secondary), !filter.flags.contains(.secondary) { return }
        }
        throw CommandError("*** Flush remains incomplete after \(session.options.loops) rounds. ***", status: 255)
    }

    private static func report(_ rounds: Int, _ session: inout Session) {
        if session.options.statistics == 0 { return }
        if rounds == 0 {
            session.output.text("Nothing to flush.\n")
        } else {
            session.output.text("*** Flush is complete after \(rounds) round\(rounds > 1 ? "s" : "") ***\n")
        }
    }

    private static func remove(_ addresses: [Address], _ session: inout Session) throws(CommandError) {
        let connection = try session.connection
        do throws(NetlinkError) {
            var batch = Batch<RouteProtocol>()
            for address in addresses { try batch.append(RemoveAddress(address)) }
            // Removing a primary address may take its secondary ones with it.
            for case .failure(let error) in try connection.perform(&batch) where !error.isNotFound { throw error }
        } catch {
            throw KernelAnswer.refusedFlush(error, status: 255)
        }
    }
}
