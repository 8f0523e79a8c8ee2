// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Commands of a batch that wait to be sent together, with the lines that they came from.
///
/// The kernel goes on after a command that fails. With `-force` that is what is wanted; without it the lines behind a
/// failed one must not be executed, so that only a batch that has gone well for many lines is sent this way.
struct Pipeline: ~Copyable {
    /// How many lines are executed one at a time first, unless `-force` is given.
    static let firstLineCount = 256
    private static let windowCount = 128

    private var batch = Batch<RouteProtocol>()
    private var places: [CommandError] = []
    private var executed = 0
    private let isForced: Bool

    init(isForced: Bool) { self.isForced = isForced }

    /// Whether commands may be sent together now.
    var isOpen: Bool { isForced || executed >= Self.firstLineCount }
    var isEmpty: Bool { batch.isEmpty }
    var isFull: Bool { batch.count >= Self.windowCount }

    /// Notes that a line was executed by itself.
    mutating func noteExecuted() { executed += 1 }

    /// Takes a command in; `place` is what names its line when it fails.
    mutating func append(_ command: some Command<RouteProtocol>, at place: CommandError) throws(NetlinkError) {
        try batch.append(command)
        places.append(place)
    }

    /// Sends what waits and reports each failure with its line; true when all went well.
    mutating func send(over connection: BlockingRouteConnection) -> Bool {
        var isGood = true
        do throws(NetlinkError) {
            for (result, place) in zip(try connection.perform(&batch), places) {
                guard case .failure(let error) = result else { continue }
                KernelAnswer.refusal(error).report()
                place.report()
                isGood = false
            }
        } catch {
            KernelAnswer.refusal(error).report()
            isGood = false
        }
        batch.removeAll()
        places.removeAll(keepingCapacity: true)
        return isGood
    }
}
