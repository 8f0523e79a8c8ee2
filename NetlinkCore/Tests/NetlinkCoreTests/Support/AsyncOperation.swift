// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkTestSupport
import Testing

/// Each way in which a task waits for the kernel.
struct AsyncOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let operation: String
    let isDump: Bool
    /// How the operation ended, and the indexes of the items it returned.
    let run: @Sendable (Connection<ItemFamily>) async -> (error: NetlinkError?, indexes: [UInt32])
    var testDescription: String { name }

    private init(
        _ name: String, _ operation: String, isDump: Bool = false,
        _ body: @escaping @Sendable (Connection<ItemFamily>, inout [UInt32]) async throws(NetlinkError) -> Void
    ) {
        self.name = name
        self.operation = operation
        self.isDump = isDump
        run = { connection in
            var indexes: [UInt32] = []
            do throws(NetlinkError) {
                try await body(connection, &indexes)
                return (nil, indexes)
            } catch {
                return (error, indexes)
            }
        }
    }

    static let all: [AsyncOperation] = [
        AsyncOperation("command", "add item") { (connection, _) async throws(NetlinkError) in
            try await connection.perform(AddItem(Item(1)))
        },
        AsyncOperation("query", "get item") { (connection, indexes) async throws(NetlinkError) in
            indexes.append(try await connection.query(GetItem(index: 1)).index)
        },
        AsyncOperation("dump", "list items", isDump: true) { (connection, indexes) async throws(NetlinkError) in
            indexes = try await connection.dump(ListItems()).map(\.index)
        },
        AsyncOperation("stream of elements", "list items", isDump: true) {
            (connection, indexes) async throws(NetlinkError) in
            for try await item in connection.stream(ListItems()) { indexes.append(item.index) }
        },
        AsyncOperation("stream of chunks", "list items", isDump: true) {
            (connection, indexes) async throws(NetlinkError) in
            for try await chunk in connection.stream(ListItems()).chunks() {
                if case .elements(let items) = chunk { indexes += items.map(\.index) }
            }
        },
        AsyncOperation("batch", "batch") { (connection, _) async throws(NetlinkError) in
            var batch = Batch<ItemFamily>()
            try batch.append(AddItem(Item(1)))
            let results = try await connection.perform(batch)
            guard results.count == 1 else {
                throw NetlinkError(.invalidArgument, explanation: "\(results.count) results")
            }
            try results[0].get()
        },
    ]

    /// Those on the connection's own socket.
    static let own = all.filter { !$0.name.hasPrefix("stream") }
    static let streams = all.filter { $0.name.hasPrefix("stream") }
}

/// The error that the body throws; a failure of the test when it throws none.
func asyncError<T>(
    _ body: () async throws(NetlinkError) -> T, sourceLocation: SourceLocation = #_sourceLocation
) async -> NetlinkError? {
    do throws(NetlinkError) {
        _ = try await body()
        Issue.record("no error was thrown", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

extension Array where Element: Sendable {
    /// What the closure makes of the elements, one after the other.
    func asyncMap<T>(_ body: (Element) async throws -> T) async throws -> [T] {
        var results: [T] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}

/// Suspends until the condition holds; a test in which it never does ends.
func waitUntil(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: @Sendable () -> Bool
) async throws {
    if try await eventually(condition) { return }
    Issue.record("waited in vain", sourceLocation: sourceLocation)
    throw CancellationError()
}
