// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip route`.
enum RouteCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try show(&words, &session) }
        switch word {
        case prefix("list"), prefix("show"), "lst", "ls": try show(&words, &session)
        case prefix("get"): try RouteGet.run(&words, &session)
        case prefix("add"): try change(.add, &words, &session)
        case prefix("change"), "chg": try change(.change, &words, &session)
        case prefix("replace"): try change(.replace, &words, &session)
        case prefix("prepend"): try change(.prepend, &words, &session)
        case prefix("append"): try change(.append, &words, &session)
        case prefix("test"): try change(.test, &words, &session)
        case prefix("delete"):
            if words.isEmpty { throw Usage.error(.route, status: 255) }
            let route = try RouteArguments.parse(&words, &session, isRemoval: true)
            try session.performSoon(RemoveRoute(route))
        case prefix("flush"): try RouteFlush.run(&words, &session)
        case prefix("save"): try RouteFile.save(&words, &session)
        case prefix("restore"): try RouteFile.restore(&session)
        case prefix("showdump"): try RouteFile.show(&session)
        case prefix("help"): throw Usage.error(.route, status: 255)
        default: throw .unknownCommand(word, help: "ip route help")
        }
    }

    private static func change(
        _ mode: AddRoute.Mode, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        if words.isEmpty { throw Usage.error(.route, status: 255) }
        let route = try RouteArguments.parse(&words, &session, isRemoval: false)
        try session.performSoon(AddRoute(route, mode: mode))
    }

    private static func show(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try RouteFilter.parse(&words, &session)
        let omissions = filter.omissions
        session.output.beginArray()
        let failure = try stream(filter.dump, &session) { (route: Route, session: inout Session) in
            if filter.accepts(route) { RoutePrinter.print(route, &session, omissions) }
        }
        session.output.endArray()
        if let failure { throw failure }
    }

    /// Prints a dump a datagram at a time, in constant memory.
    ///
    /// - Returns: the kernel's refusal, thrown only when what came before it is printed whole.
    static func stream(
        _ dump: RouteDump, _ session: inout Session, _ body: (Route, inout Session) -> Void
    ) throws(CommandError) -> CommandError? {
        let connection = try session.connection
        let kernel = session.kernel
        do throws(NetlinkError) {
            try kernel.stream(dump, over: connection) { (route: Route) throws(NetlinkError) in body(route, &session) }
        } catch {
            // A namespace without routes has no main table yet; that is an empty listing.
            // In a batch iproute2 does not have the kernel check what is asked for, so that any table may be missing.
            if error.isNotFound, dump.table == .main || session.options.batch != nil { return nil }
            return KernelAnswer.refusedDump(error)
        }
        return nil
    }
}
