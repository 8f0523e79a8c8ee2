// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `tc monitor`: prints changes of queueing disciplines, classes, filters, chains and actions as they come.
enum MonitorCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var file: Word?
        while let word = words.next() {
            switch word {
            case prefix("file"): file = try words.required()
            default:
                if word.isPrefix(of: "help") { throw Usage.error(.monitor, status: 255) }
                let error = CommandError(
                    "Argument \"\(word.string)\" is unknown, try \"tc monitor help\".", status: 255)
                throw error
            }
        }
        // Changes are printed as text, whatever is asked for.
        session.output = Output(
            descriptor: 1, colors: session.options.colors.scheme(), oneLine: session.options.oneLine)
        if let file { return try play(file, &session) }
        do throws(NetlinkError) {
            let events = try BlockingRouteEvents(RouteSubscription([.trafficControl]))
            while let element = try events.next() {
                print(element, &session)
                session.output.flush()
            }
        } catch {
            throw CommandError("netlink receive error: \(error)", status: 2)
        }
    }

    private static func print(_ element: RouteEventElement, _ session: inout Session) {
        switch element {
        case .notification(let notification):
            guard case .other(let type, let payload) = notification.event else { return }
            if session.options.timestamp {
                session.output.text(Timestamp.now(isShort: session.options.shortTimestamp))
            }
            let message = RawMessage(
                type: type.rawValue, flags: notification.flags, sequence: notification.sequence,
                port: notification.port, payload: payload)
            Echo.show(message, &session)
        case .overflow:
            CommandError("netlink receive error: changes were lost, the receive buffer was full", status: 0).report()
        case .malformed(let error, _):
            CommandError("netlink receive error: \(error)", status: 0).report()
        @unknown default: break
        }
    }

    /// Prints what a file has recorded.
    private static func play(_ file: Word, _ session: inout Session) throws(CommandError) {
        guard let bytes = System.readFile(file.string) else {
            throw CommandError("Cannot fopen: No such file or directory", status: 255)
        }
        var reader = MessageReader(bytes.rawSpan)
        do throws(DecodeError) {
            while let message = try reader.next() { Echo.show(RawMessage(message), &session) }
        } catch {
            throw CommandError("Malformed file of changes: \(error)", status: 1)
        }
    }
}
