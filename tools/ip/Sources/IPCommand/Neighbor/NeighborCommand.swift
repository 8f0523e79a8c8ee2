// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip neighbor`.
enum NeighborCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try show(&words, &session) }
        switch word {
        case prefix("add"): try change(.add, &words, &session)
        case prefix("change"), "chg": try change(.change, &words, &session)
        case prefix("replace"): try change(.replace, &words, &session)
        case prefix("delete"):
            let neighbor = try NeighborArguments.parse(&words, &session)
            try session.performSoon(RemoveNeighbor(neighbor))
        case prefix("get"): try get(&words, &session)
        case prefix("show"), "lst", "ls", prefix("list"): try show(&words, &session)
        case prefix("flush"): try NeighborFlush.run(&words, &session)
        case prefix("help"): throw Usage.error(.neighbor, status: 255)
        default: throw .unknownCommand(word, help: "ip neigh help")
        }
    }

    private static func change(
        _ mode: AddNeighbor.Mode, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        let neighbor = try NeighborArguments.parse(&words, &session)
        try session.performSoon(AddNeighbor(neighbor, mode: mode))
    }

    private static func show(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try NeighborFilter.parse(&words, &session, isFlush: false)
        let connection = try session.connection
        let kernel = session.kernel
        session.output.beginArray()
        var failure: CommandError?
        do throws(NetlinkError) {
            try kernel.stream(filter.dump, over: connection) { (neighbor: Neighbor) throws(NetlinkError) in
                guard filter.accepts(neighbor) else { return }
                NeighborPrinter.print(neighbor, &session, showsDevice: filter.index == nil)
            }
        } catch {
            failure = KernelAnswer.refusedDump(error, status: 1)
        }
        session.output.endArray()
        if let failure { throw failure }
    }

    private static func get(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let (destination, isProxy, index) = try NeighborArguments.parseKey(&words, &session)
        let query =
            isProxy ? NeighborQuery(proxying: destination, on: index) : NeighborQuery(destination, on: index)
        let neighbor = try session.query(query)
        session.output.beginArray()
        NeighborPrinter.print(neighbor, &session)
        session.output.endArray()
    }
}
