// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

/// Each way in which a connection waits for the kernel.
struct WaitingOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let operation: String?
    let run: @Sendable (BlockingConnection<ItemFamily>) -> NetlinkError?
    var testDescription: String { name }

    private init(
        _ name: String, _ operation: String?,
        _ body: @escaping @Sendable (BlockingConnection<ItemFamily>) throws(NetlinkError) -> Void
    ) {
        self.name = name
        self.operation = operation
        run = { connection in
            do throws(NetlinkError) {
                try body(connection)
                return nil
            } catch {
                return error
            }
        }
    }

    static let all: [WaitingOperation] = [
        WaitingOperation("command", "add item") { (connection) throws(NetlinkError) in
            try connection.perform(AddItem(Item(1)))
        },
        WaitingOperation("query", "get item") { (connection) throws(NetlinkError) in
            _ = try connection.query(GetItem(index: 1))
        },
        WaitingOperation("dump into an array", "list items") { (connection) throws(NetlinkError) in
            _ = try connection.dump(ListItems())
        },
        WaitingOperation("dump by element", "list items") { (connection) throws(NetlinkError) in
            try connection.dump(ListItems()) { (_: Item) in }
        },
        WaitingOperation("dump by chunk", "list items") { (connection) throws(NetlinkError) in
            try connection.dump(ListItems(), forEachChunk: { (_: [Item]) in })
        },
        WaitingOperation("batch", "batch") { (connection) throws(NetlinkError) in
            var batch = Batch<ItemFamily>()
            try batch.append(AddItem(Item(1)))
            let results = try connection.perform(&batch)
            guard results.count == 1 else {
                throw NetlinkError(.invalidArgument, explanation: "\(results.count) results")
            }
            try results[0].get()
        },
    ]
}
