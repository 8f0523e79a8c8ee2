// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip route save`, `restore` and `showdump`: routes as the kernel's messages in a file, in iproute2's format.
enum RouteFile {
    private static let magic: UInt32 = 0x4531_1224

    static func save(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try RouteFilter.parse(&words, &session)
        if System.isTerminal(1) { throw CommandError("Not sending a binary stream to stdout", status: 255) }
        var file = DumpFile.Writer(magic: magic)
        let messages = try session.list(RawDump(filter.dump) { filter.accepts($0) })
        for message in messages { file.append(message) }
        session.output.flush()
        guard System.write(file.bytes, to: 1) == 0 else { throw CommandError("Cannot write the routes", status: 1) }
    }

    static func restore(_ session: inout Session) throws(CommandError) {
        var file = try read()
        let connection = try session.connection
        var results: [NetlinkError] = []
        // First what needs nothing, then gateways on links, then what names a source address.
        for pass in 0..<3 {
            file.rewind()
            while let message = try file.next() {
                guard message.type == RouteMessageType.newRoute.rawValue, let route = message.route else {
                    throw message.notOne("a route", status: 2)
                }
                let needs = route.gateway == nil && route.nextHops.isEmpty ? (route.preferredSource == nil ? 0 : 2) : 1
                guard needs == pass else { continue }
                do throws(NetlinkError) {
                    try connection.perform(RawCommand<RouteProtocol>(message, flags: .create))
                } catch {
                    results.append(error)
                }
            }
        }
        var refusal: CommandError?
        for error in results {
            let said = KernelAnswer.refusal(error)
            if error.isExisting { said.report() } else { refusal = refusal ?? said }
        }
        if let refusal { throw refusal }
    }

    static func show(_ session: inout Session) throws(CommandError) {
        var file = try read()
        var omissions = RouteOmissions()
        omissions.showsTable = true
        _ = try session.connection
        // Also with -j this is text, like iproute2's.
        let isJSON = session.output.isJSON
        session.output.isJSON = false
        defer { session.output.isJSON = isJSON }
        while let message = try file.next() {
            if let route = message.route {
                RoutePrinter.print(route, &session, omissions)
            } else {
                message.notOne("a route", status: 0).report()
            }
        }
    }

    private static func read() throws(CommandError) -> DumpFile {
        guard let bytes = System.readAll(0) else { throw CommandError("Cannot read the routes", status: 1) }
        return try DumpFile(bytes, magic: magic, status: 1, damageStatus: 2)
    }
}
