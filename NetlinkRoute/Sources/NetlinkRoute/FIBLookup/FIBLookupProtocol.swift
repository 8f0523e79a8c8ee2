// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lookups in one IPv4 routing table, without rules.
///
/// The kernel answers with the request itself, filled in: it knows neither message types nor acknowledgements. A
/// ``FIBLookupTransport`` hides that; ``NetlinkCore/Connection/init(lookupsIn:timeout:)`` opens a connection over one.
///
/// Kernel: `NETLINK_FIB_LOOKUP`.
public enum FIBLookupProtocol: NetlinkProtocol {
    /// The protocol's number.
    public static var number: Int32 { 10 }  // NETLINK_FIB_LOOKUP

    /// The type that requests carry; any will do.
    static var messageType: UInt16 { 0x10 }  // NLMSG_MIN_TYPE
}

/// A connection for lookups in routing tables, for tasks.
public typealias FIBLookupConnection = Connection<FIBLookupProtocol>
/// A connection for lookups in routing tables, for threads and tools.
public typealias BlockingFIBLookupConnection = BlockingConnection<FIBLookupProtocol>

/// Makes of the kernel's answers what a connection expects: a reply to this socket's port, and an acknowledgement.
public final class FIBLookupTransport: Transport {
    private let socket: NetlinkSocket

    /// Opens a socket in a network namespace.
    public init(in namespace: Namespace = .current) throws(NetlinkError) {
        socket = try NetlinkSocket.open(protocol: FIBLookupProtocol.number, in: namespace)
    }

    /// The socket's descriptor.
    public var descriptor: Int32 { socket.descriptor }
    /// The socket's port.
    public var port: UInt32 { socket.port }

    /// Sends a request with this socket's port in it.
    public func send(_ bytes: RawSpan) throws(SystemError) {
        // The reply carries the port that the request does, and others leave that to the kernel.
        var writer = MessageWriter(capacity: bytes.byteCount)
        writer.append(bytes.bytes(from: 0, count: 12))
        writer.append(port)
        writer.append(bytes.bytes(from: MessageHeader.byteCount))
        try socket.send(writer.bytes)
    }

    /// Receives an answer and puts an acknowledgement behind it.
    public func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int? {
        guard let count = try socket.receive(into: &buffer) else { return nil }
        guard count <= buffer.count else { return count }
        var writer = MessageWriter(capacity: 128)
        buffer.withReceived(count) { bytes in
            writer.append(bytes)
            writer.append(zeros: -count & 3)
            var reader = MessageReader(bytes)
            guard let reply = try? reader.next() else { return }
            writer.beginMessage(
                type: ControlMessageType.error.rawValue, flags: .capped, sequence: reply.header.sequence, port: port)
            writer.append(Int32(0))
            writer.append(bytes.bytes(from: 0, count: MessageHeader.byteCount))
            writer.endMessage()
        }
        return buffer.fill(with: writer.bytes)
    }
}

extension TransportSource {
    /// Sockets for lookups in routing tables, all in the same network namespace.
    public static func fibLookup(in namespace: Namespace = .current) throws(NetlinkError) -> TransportSource {
        // Held open, so that later sockets are in the same one, whatever became of its name.
        let handle = try NamespaceHandle(namespace)
        return TransportSource { () throws(NetlinkError) in
            try FIBLookupTransport(in: .descriptor(handle.descriptor))
        }
    }
}
