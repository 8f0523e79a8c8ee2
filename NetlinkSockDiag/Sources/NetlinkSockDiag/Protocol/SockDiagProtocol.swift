// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The kernel's sockets: listing, looking up, closing them, and the news of those that close.
///
/// Kernel: `NETLINK_SOCK_DIAG`.
public enum SockDiagProtocol: NetlinkProtocol {
    /// The protocol's number.
    public static var number: Int32 { 4 }  // NETLINK_SOCK_DIAG

    /// What is known of a message type.
    public static func schema(of messageType: UInt16) -> MessageSchema? {
        // One type serves all families, each with a header of its own; only requests about internet sockets take
        // attributes, which errors then name.
        switch SockDiagMessageType(rawValue: messageType) {
        case .byFamily: request("SOCK_DIAG_BY_FAMILY")
        case .destroy: request("SOCK_DESTROY")
        default: nil
        }
    }

    private static func request(_ name: String) -> MessageSchema {
        MessageSchema(
            name, fixedByteCount: InetSocketRequest.byteCount, attributes: AttributeSchema(InetRequestAttribute.self))
    }
}

/// A connection to the kernel's sockets, for tasks.
public typealias SockDiagConnection = Connection<SockDiagProtocol>
/// A connection to the kernel's sockets, for threads and tools.
public typealias BlockingSockDiagConnection = BlockingConnection<SockDiagProtocol>

/// The type of a message about sockets.
struct SockDiagMessageType: RawRepresentable, Hashable {
    let rawValue: UInt16

    /// The older request about TCP sockets alone.
    static var tcpOnly: Self { Self(rawValue: 18) }  // TCPDIAG_GETSOCK
    /// The older request about DCCP sockets alone.
    static var dccpOnly: Self { Self(rawValue: 19) }  // DCCPDIAG_GETSOCK
    /// Asks for sockets of a family, and carries each of them.
    static var byFamily: Self { Self(rawValue: 20) }  // SOCK_DIAG_BY_FAMILY
    /// Closes a socket.
    static var destroy: Self { Self(rawValue: 21) }  // SOCK_DESTROY
}

extension AddressFamily {
    /// Sockets of netlink.
    static var netlink: Self { Self(rawValue: 16) }  // AF_NETLINK
    /// Sockets of TIPC.
    static var tipc: Self { Self(rawValue: 30) }  // AF_TIPC
    /// Sockets between a virtual machine and its host.
    static var vsock: Self { Self(rawValue: 40) }  // AF_VSOCK
    /// Express data path sockets.
    static var xdp: Self { Self(rawValue: 44) }  // AF_XDP
}
