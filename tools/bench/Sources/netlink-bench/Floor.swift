// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Receives the datagrams of a dump and looks at nothing but whether one ends it.
final class Floor {
    private let socket: NetlinkSocket
    private var buffer = ReceiveBuffer()
    private let request: [UInt8]

    init(_ dump: some Dump<RouteProtocol>) throws {
        socket = try NetlinkSocket(protocol: RouteProtocol.number)
        request = try dump.messageBytes()
    }

    func run() throws {
        let request = request
        try socket.send(request.rawSpan)
        while let count = try socket.receive(into: &buffer) {
            let isDone = buffer.withReceived(count) { (bytes: RawSpan) -> Bool in
                // A done message stands alone in the last datagram, or behind objects in it: only its type is read.
                var reader = MessageReader(bytes)
                guard let first = try? reader.next() else { return true }
                return first.header.type == ControlMessageType.done.rawValue
            }
            if isDone { return }
        }
    }
}
