// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What removing all objects of a selection came to.
public struct FlushReport: Hashable, Sendable {
    /// In how many rounds objects were found and removed.
    public var rounds = 0
    /// How many objects were removed.
    public var removedCount = 0
    /// Whether the last look found none left; false when others kept adding, or the kernel keeps some.
    public var isComplete = false

    /// Nothing done yet.
    public init() {}

    /// Counts a round; what was gone before its turn came is no fault.
    mutating func count(_ results: [Result<Void, NetlinkError>]) throws(NetlinkError) {
        rounds += 1
        var failure: NetlinkError?
        for result in results {
            switch result {
            case .success: removedCount += 1
            case .failure(let error): if !error.isNotFound, failure == nil { failure = error }
            }
        }
        if let failure { throw failure }
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// Lists and removes until a list is empty, at most `rounds` times.
    func flush<D: Dump<RouteProtocol>>(
        _ dump: D, rounds: Int, where isMeant: (D.Element) -> Bool, onRound: (Int, [D.Element]) -> Void,
        removing: (D.Element) -> some Command<RouteProtocol>
    ) throws(NetlinkError) -> FlushReport {
        var report = FlushReport()
        while true {
            let found = try self.dump(dump).filter(isMeant)
            report.isComplete = found.isEmpty
            if found.isEmpty || report.rounds >= rounds { return report }
            onRound(report.rounds + 1, found)
            var batch = Batch<RouteProtocol>()
            for element in found { try batch.append(removing(element)) }
            try report.count(try perform(&batch))
        }
    }
}

extension Connection where Family == RouteProtocol {
    /// Lists and removes until a list is empty, at most `rounds` times.
    func flush<D: Dump<RouteProtocol>>(
        _ dump: D, rounds: Int, where isMeant: (D.Element) -> Bool,
        removing: (D.Element) -> some Command<RouteProtocol>
    ) async throws(NetlinkError) -> FlushReport {
        var report = FlushReport()
        while true {
            let found = try await self.dump(dump).filter(isMeant)
            report.isComplete = found.isEmpty
            if found.isEmpty || report.rounds >= rounds { return report }
            var batch = Batch<RouteProtocol>()
            for element in found { try batch.append(removing(element)) }
            try report.count(try await perform(batch))
        }
    }
}
