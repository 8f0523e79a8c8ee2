// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute

/// Gives bytes to everything that reads bytes from outside.
///
/// What it may not do is trap, hang or use much memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    readMessages(bytes)
    readExchange(bytes, .dump)
    readExchange(bytes, .query)
    _ = MessageDescription.describe(bytes.rawSpan, schema: RouteProtocol.schema)
    _ = try? AttributePolicy(decoding: bytes.rawSpan)
    readText(bytes)
    readDatagram(bytes)
    return 0
}

/// Every message as an event, which decodes by its type; objects that were read are written and read again.
private func readMessages(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes.rawSpan)
    var steps = 0
    while true {
        steps += 1
        precondition(steps <= bytes.count + 2, "the message reader does not advance")
        do throws(DecodeError) {
            guard let message = try reader.next() else { return }
            if let route = try? Route(decoding: message) { writeBack(AddRoute(route.settings)) }
            if let link = try? Link(decoding: message) {
                writeBack(AddLink(link.settings))
                writeBack(UpdateLink(link.settings, from: link))
            }
            _ = try? RouteEvent(decoding: message)
            readAttributes(message)
            readLayers(message)
        } catch {}
    }
}

private func readAttributes(_ message: borrowing Message) {
    guard var reader = try? message.attributes(of: RawAttributeID.self, after: 0) else { return }
    while let attribute = try? reader.next() {
        _ = attribute.string()
        _ = try? attribute.unsigned()
        _ = try? attribute.bitfield()
    }
}

private func writeBack(_ command: some Command<RouteProtocol>) { _ = try? command.messageBytes() }

private func readExchange(_ bytes: [UInt8], _ kind: RequestKind) {
    guard let sequence = try? bytes.rawSpan.load(at: 8, as: UInt32.self),
        let port = try? bytes.rawSpan.load(at: 12, as: UInt32.self)
    else { return }
    var exchange = Exchange(kind, sequence: sequence, port: port)
    var reader = MessageReader(bytes.rawSpan)
    var objects = 0
    do throws(NetlinkError) {
        while try exchange.next(in: &reader) != nil {
            objects += 1
            precondition(objects <= bytes.count, "the exchange does not advance")
        }
    } catch {
        _ = "\(error)"
    }
}

private func readText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self)
    if let address = IPv6Address(text) { precondition(IPv6Address(address.description) == address) }
    if let prefix = IPPrefix(text) { precondition(IPPrefix(prefix.description) == prefix) }
    if let address = HardwareAddress(text) { precondition(HardwareAddress(address.description) == address) }
    _ = try? PrefixArgument(parsing: text)
    _ = InterfaceName(text)
}
