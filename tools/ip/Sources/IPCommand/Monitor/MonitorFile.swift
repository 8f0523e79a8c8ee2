// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip monitor file`: prints what `rtmon` has recorded.
enum MonitorFile {
    /// The record in front of a change that says when it came.
    private static let timestampType: UInt16 = 15  // rtmon's own number, which no header of the kernel has

    static func run(_ file: Word, _ printer: MonitorPrinter, _ session: inout Session) throws(CommandError) {
        guard let bytes = System.readFile(file.string) else {
            throw CommandError("Cannot fopen: No such file or directory", status: 255, endsBatch: true)
        }
        var reader = MessageReader(bytes.rawSpan)
        while true {
            do throws(DecodeError) {
                guard let message = try reader.next() else { return }
                try print(message, printer, &session)
            } catch {
                throw CommandError("Malformed file of changes: \(error)", status: 1)
            }
        }
    }

    private static func print(
        _ message: borrowing Message, _ printer: MonitorPrinter, _ session: inout Session
    ) throws(DecodeError) {
        if message.header.type == timestampType {
            let seconds: UInt32 = try message.field(0)
            let microseconds: UInt32 = try message.field(4)
            var line: [UInt8] = []
            Timestamp(seconds: Int(seconds), microseconds: Int(microseconds), isShort: false).write(to: &line)
            // The same line as of an event but for its last word.
            line.removeLast("usec\n".utf8.count)
            session.output.text(line + Array("us\n".utf8))
        } else if message.header.type >= RouteMessageType.newLink.rawValue {
            printer.print(try RouteNotification(decoding: message), &session)
        }
    }
}
