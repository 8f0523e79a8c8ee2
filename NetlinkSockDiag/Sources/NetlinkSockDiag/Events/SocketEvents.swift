// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A group of news of sockets that close.
///
/// Kernel: `SKNLGRP_*`; since Linux 4.1.
public struct SocketGroup: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// TCP over IPv4.
    public static var ipv4TCP: Self { Self(rawValue: 1) }  // SKNLGRP_INET_TCP_DESTROY
    /// UDP over IPv4.
    public static var ipv4UDP: Self { Self(rawValue: 2) }  // SKNLGRP_INET_UDP_DESTROY
    /// TCP over IPv6.
    public static var ipv6TCP: Self { Self(rawValue: 3) }  // SKNLGRP_INET6_TCP_DESTROY
    /// UDP over IPv6.
    public static var ipv6UDP: Self { Self(rawValue: 4) }  // SKNLGRP_INET6_UDP_DESTROY

    /// All of them.
    public static var all: [SocketGroup] { [.ipv4TCP, .ipv4UDP, .ipv6TCP, .ipv6UDP] }
}

/// A socket that is closed for good: its last state, with ``InetSocket/tcp`` for TCP.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` of the groups of ``SocketGroup``.
public struct DestroyedSocket: Hashable, Sendable, EventNotification {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// The socket, whose protocol the message itself names.
    public var socket: InetSocket
    /// The namespace, by its id in the listener's own, in which it was; nil for the listener's own.
    public var namespaceID: NamespaceID?

    /// Reads one message.
    public init(decoding message: borrowing Message, from namespaceID: NamespaceID?) throws(DecodeError) {
        guard message.header.type == SockDiagMessageType.byFamily.rawValue else {
            throw DecodeError(
                .invalidValue, expected: Int(SockDiagMessageType.byFamily.rawValue), actual: Int(message.header.type))
        }
        socket = try InetSocket(decoding: message, .tcp)
        self.namespaceID = namespaceID
    }
}

/// The sockets that close, for tasks; takes CAP_NET_ADMIN.
///
/// ```swift
/// for try await event in try SocketEvents(.destroyedSockets([.ipv4TCP])) {
///     if case .notification(let closed) = event { print(closed.socket.local, closed.socket.remote) }
/// }
/// ```
public typealias SocketEvents = EventStream<DestroyedSocket>
/// The sockets that close, for threads and tools; takes CAP_NET_ADMIN.
public typealias BlockingSocketEvents = BlockingEventStream<DestroyedSocket>

extension EventSubscription {
    /// Asks for the sockets that close, of some groups or all.
    public static func destroyedSockets(_ groups: [SocketGroup] = SocketGroup.all) -> EventSubscription {
        EventSubscription(groups.map(\.rawValue))
    }
}
