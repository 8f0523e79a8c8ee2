// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip rule save` and `restore`: rules as the kernel's messages in a file, in iproute2's format.
enum RuleFile {
    private static let magic: UInt32 = 0x7170_6986

    static func save(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        if !words.isEmpty { throw CommandError("\"ip rule save\" does not take any arguments.", status: 1) }
        if System.isTerminal(1) { throw CommandError("Not sending a binary stream to stdout", status: 255) }
        var family = AddressFamily(rawValue: session.options.family)
        if family == .unspecified { family = .ipv4 }
        var file = DumpFile.Writer(magic: magic)
        for message in try session.list(RawDump(RuleDump(family: family)) { _ in true }) { file.append(message) }
        session.output.flush()
        guard System.write(file.bytes, to: 1) == 0 else { throw CommandError("Cannot write the rules", status: 1) }
    }

    static func restore(_ session: inout Session) throws(CommandError) {
        guard let bytes = System.readAll(0) else { throw CommandError("Cannot read the rules", status: 1) }
        var file = try DumpFile(bytes, magic: magic, status: 255)
        let connection = try session.connection
        while let message = try file.next() {
            guard message.type == RouteMessageType.newRule.rawValue else {
                throw message.notOne("a rule", status: 255)
            }
            do throws(NetlinkError) {
                try connection.perform(RawCommand<RouteProtocol>(message, flags: .create))
            } catch {
                if !error.isExisting { throw KernelAnswer.refusal(error) }
            }
        }
    }
}

extension RawMessage {
    /// The message as a rule.
    var rule: Rule? {
        guard [RouteMessageType.newRule.rawValue, RouteMessageType.deleteRule.rawValue].contains(type) else {
            return nil
        }
        return decoded { (message: borrowing Message) throws(DecodeError) in try Rule(decoding: message) }
    }
}
