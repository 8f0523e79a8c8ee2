// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Commands of a batch that wait to be sent together.
///
/// Without `-force` a batch ends at its first error and nothing behind it may be done, so that only a batch which has
/// gone well for many lines is sent this way.
struct Pipeline<Family: NetlinkProtocol>: ~Copyable {
    /// How many lines are executed one at a time first, unless `-force` is given.
    private static var firstLineCount: Int { 256 }
    private static var windowCount: Int { 128 }

    /// The line whose command comes next.
    var line = 0
    let isForced: Bool
    private let file: Word
    private let status: Int32
    private var batch = Batch<Family>()
    private var lines: [(number: Int, note: StaticString)] = []
    private var executed = 0

    init(file: Word, isForced: Bool, status: Int32) {
        self.file = file
        self.isForced = isForced
        self.status = status
    }

    /// Whether commands may be sent together now.
    var isOpen: Bool { isForced || executed >= Self.firstLineCount }
    var isEmpty: Bool { batch.isEmpty }
    var isFull: Bool { batch.count >= Self.windowCount }

    /// Notes that a line was executed by itself.
    mutating func noteExecuted() { executed += 1 }

    /// Takes a command in; `note` follows the line that tells of its refusal.
    mutating func append(_ command: some Command<Family>, note: StaticString) throws(NetlinkError) {
        try batch.append(command)
        lines.append((line, note))
    }

    /// Forgets what waits.
    mutating func removeAll() {
        batch.removeAll()
        lines.removeAll(keepingCapacity: true)
    }

    /// Sends what waits and reports each failure with its line; true when all went well.
    mutating func send(over connection: BlockingConnection<Family>) -> Bool {
        var isGood = true
        do throws(NetlinkError) {
            for (result, line) in zip(try connection.perform(&batch), lines) {
                guard case .failure(let error) = result else { continue }
                KernelAnswer.refusal(error, status: status).noting(line.note).report()
                CommandError.batchLine(file, line.number).report()
                isGood = false
            }
        } catch {
            KernelAnswer.refusal(error, status: status).report()
            isGood = false
        }
        removeAll()
        return isGood
    }
}
