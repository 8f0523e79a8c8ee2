// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip address save`, `restore` and `showdump`: addresses as the kernel's messages in a file, in iproute2's format.
enum AddressFile {
    private static let magic: UInt32 = 0x4736_1222

    static func save(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var filter = try AddressFilter.parse(&words, &session)
        if let device = filter.link.device {
            guard let index = try session.lookUp(device) else { throw .deviceDoesNotExist(device) }
            filter.index = index
        }
        if System.isTerminal(1) { throw CommandError("Not sending a binary stream to stdout", status: 255) }
        var file = DumpFile.Writer(magic: magic)
        for message in try session.list(RawDump(filter.dump) { _ in true }) {
            if let address = message.address, filter.shows(address, session.links) { file.append(message) }
        }
        session.output.flush()
        guard System.write(file.bytes, to: 1) == 0 else { throw CommandError("Cannot write the addresses", status: 1) }
    }

    static func restore(_ session: inout Session) throws(CommandError) {
        var file = try read()
        let connection = try session.connection
        while let message = try file.next() {
            guard message.type == RouteMessageType.newAddress.rawValue else {
                throw message.notOne("an address", status: 255)
            }
            do throws(NetlinkError) {
                try connection.perform(RawCommand<RouteProtocol>(message, flags: [.create, .exclusive]))
            } catch {
                let refusal = KernelAnswer.refusal(error)
                guard error.isExisting else { throw refusal }
                refusal.report()
            }
        }
    }

    static func show(_ session: inout Session) throws(CommandError) {
        var file = try read()
        session.output.beginArray()
        session.output.beginObject()
        session.output.beginArray("addr_info")
        while let message = try file.next() {
            guard let address = message.address else {
                message.notOne("an address", status: 0).report()
                continue
            }
            session.output.beginObject()
            AddressPrinter.print(address, .number, &session)
            session.output.endObject()
        }
        session.output.endArray()
        session.output.endObject()
        session.output.endArray()
    }

    private static func read() throws(CommandError) -> DumpFile {
        guard let bytes = System.readAll(0) else { throw CommandError("Cannot read the addresses", status: 1) }
        return try DumpFile(bytes, magic: magic, status: 255)
    }
}

extension RawMessage {
    /// The message as an address.
    var address: Address? {
        let types = [RouteMessageType.newAddress.rawValue, RouteMessageType.deleteAddress.rawValue]
        guard types.contains(type) else { return nil }
        return decoded { (message: borrowing Message) throws(DecodeError) in try Address(decoding: message) }
    }
}
