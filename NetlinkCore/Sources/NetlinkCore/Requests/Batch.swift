// SPDX-License-Identifier: Apache-2.0

/// Commands to be sent together: few system calls, a result for each.
///
/// The kernel executes them in order and goes on after one that fails.
public struct Batch<Family: NetlinkProtocol>: ~Copyable {
    struct Entry {
        var start: Int
        // Kept whole for what it would say of itself in an error, which nearly no command has to.
        var command: any Command<Family>
    }

    var writer = MessageWriter(capacity: 1 << 15, limit: .max / 2, isSecret: Family.carriesSecrets)
    var entries: [Entry] = []

    /// An empty batch.
    public init() {}

    /// How many commands it holds.
    public var count: Int { entries.count }
    /// Whether it holds no command.
    public var isEmpty: Bool { entries.isEmpty }

    /// Adds a command.
    ///
    /// - Throws: ``NetlinkError`` when the command cannot be encoded; the batch is then as it was.
    public mutating func append(_ command: some Command<Family>) throws(NetlinkError) {
        let start = writer.count
        do throws(NetlinkError) {
            try command.checkType()
            // Acknowledgements are asked for when sending; without one the kernel still reports each failure.
            writer.beginMessage(type: command.messageType, flags: command.flags.union(.request), sequence: 0)
            command.encode(into: &writer)
            writer.endMessage()
            try writer.finish()
        } catch {
            writer.truncate(to: start)
            throw error.naming(operation: "\(command.operation)", object: command.object)
        }
        entries.append(Entry(start: start, command: command))
    }

    /// Takes all commands out.
    public mutating func removeAll() {
        writer.removeAll()
        entries.removeAll(keepingCapacity: true)
    }

    /// Where a command's message ends.
    func end(of index: Int) -> Int { index + 1 < entries.count ? entries[index + 1].start : writer.count }
}
