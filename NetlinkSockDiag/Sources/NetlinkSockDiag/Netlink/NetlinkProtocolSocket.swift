// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A netlink socket of any process, as the kernel reports it.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct netlink_diag_msg` and `NETLINK_DIAG_*`.
public struct NetlinkProtocolSocket: Hashable, Sendable {
    /// Names the socket among all of its namespace.
    ///
    /// Kernel: `ndiag_cookie`.
    public var cookie: UInt64
    /// How it hands on data.
    ///
    /// Kernel: `ndiag_type`.
    public var type: SocketType
    /// The netlink protocol, such as 0 for routes.
    ///
    /// Kernel: `ndiag_protocol`.
    public var netlinkProtocol: UInt8
    /// What it is doing.
    ///
    /// Kernel: `ndiag_state`.
    public var state: SocketState
    /// Its port id; 0 is the kernel's own socket.
    ///
    /// Kernel: `ndiag_portid`.
    public var port: UInt32
    /// The port id that it sends to unless told otherwise.
    ///
    /// Kernel: `ndiag_dst_portid`.
    public var remotePort: UInt32
    /// The group that it sends to unless told otherwise.
    ///
    /// Kernel: `ndiag_dst_group`.
    public var remoteGroup: UInt32
    /// The number of its file; 0 of the kernel's own.
    ///
    /// Kernel: `ndiag_ino`.
    public var inode: UInt32
    /// What memory it holds and may hold.
    ///
    /// Kernel: `NETLINK_DIAG_MEMINFO`.
    public var memory: SocketMemory?
    /// The groups that it joined, 32 in each word from the lowest bit on.
    ///
    /// Kernel: `NETLINK_DIAG_GROUPS`.
    public var groups: [UInt32]?
    /// How it is set up.
    ///
    /// Kernel: `NETLINK_DIAG_FLAGS`.
    public var flags: NetlinkSocketFlags?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    private static let messageByteCount = 28  // sizeof(struct netlink_diag_msg)

    /// Reads a message about a socket.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        type = SocketType(rawValue: try message.field(1, UInt8.self))  // struct netlink_diag_msg.ndiag_type
        netlinkProtocol = try message.field(2, UInt8.self)  // struct netlink_diag_msg.ndiag_protocol
        state = SocketState(rawValue: try message.field(3, UInt8.self))  // struct netlink_diag_msg.ndiag_state
        port = try message.field(4, UInt32.self)  // struct netlink_diag_msg.ndiag_portid
        remotePort = try message.field(8, UInt32.self)  // struct netlink_diag_msg.ndiag_dst_portid
        remoteGroup = try message.field(12, UInt32.self)  // struct netlink_diag_msg.ndiag_dst_group
        inode = try message.field(16, UInt32.self)  // struct netlink_diag_msg.ndiag_ino
        let low = try message.field(20, UInt32.self)  // struct netlink_diag_msg.ndiag_cookie[0]
        let high = try message.field(24, UInt32.self)  // struct netlink_diag_msg.ndiag_cookie[1]
        cookie = UInt64(high) << 32 | UInt64(low)
        var attributes = try message.attributes(of: NetlinkAttribute.self, after: Self.messageByteCount)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .memory: memory = try SocketMemory(attribute.payload)
            case .groups: groups = try attribute.payload.words()
            case .flags: flags = NetlinkSocketFlags(rawValue: try attribute.integer())
            default: unknown.keep(attribute)
            }
        }
    }

    /// Whether it joined a group, by its number from 1 on.
    public func isMember(of group: UInt32) -> Bool {
        guard group > 0, let groups, Int(group - 1) / 32 < groups.count else { return false }
        return groups[Int(group - 1) / 32] >> ((group - 1) % 32) & 1 != 0
    }
}

/// How a netlink socket is set up.
///
/// Kernel: `NDIAG_FLAG_*`.
public struct NetlinkSocketFlags: OptionSet, Hashable, Sendable {
    /// The kernel's flags.
    public let rawValue: UInt32
    /// Takes any flags.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A dump runs.
    public static var isDumping: Self { Self(rawValue: 1) }  // NDIAG_FLAG_CB_RUNNING
    /// Messages tell of their group.
    public static var tellsGroup: Self { Self(rawValue: 2) }  // NDIAG_FLAG_PKTINFO
    /// Failures to deliver are told to the sender.
    public static var reportsBroadcastErrors: Self { Self(rawValue: 4) }  // NDIAG_FLAG_BROADCAST_ERROR
    /// Overflows are not told.
    public static var hidesOverflow: Self { Self(rawValue: 8) }  // NDIAG_FLAG_NO_ENOBUFS
    /// Notifications come from other namespaces too.
    public static var listensToAllNamespaces: Self { Self(rawValue: 16) }  // NDIAG_FLAG_LISTEN_ALL_NSID
    /// Acknowledgements do not repeat the request.
    public static var capsAcknowledgements: Self { Self(rawValue: 32) }  // NDIAG_FLAG_CAP_ACK
}

/// What to tell of netlink sockets.
///
/// Kernel: `ndiag_show`, `NDIAG_SHOW_*`.
public struct NetlinkSocketParts: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// ``NetlinkProtocolSocket/memory``.
    public static var memory: Self { Self(rawValue: 1) }  // NDIAG_SHOW_MEMINFO
    /// ``NetlinkProtocolSocket/groups``.
    public static var groups: Self { Self(rawValue: 2) }  // NDIAG_SHOW_GROUPS
    /// ``NetlinkProtocolSocket/flags``; since Linux 4.12.
    public static var flags: Self { Self(rawValue: 8) }  // NDIAG_SHOW_FLAGS
}

/// Lists netlink sockets.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` with `NLM_F_DUMP`, `struct netlink_diag_req`.
public struct NetlinkSocketDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Only sockets of this netlink protocol; nil for all.
    public var netlinkProtocol: UInt8?
    /// What to tell.
    public var parts: NetlinkSocketParts
    /// Only these sockets, sorted out here: the kernel has no filter for them.
    public var filter: SocketExpression?

    /// Netlink sockets.
    public init(
        netlinkProtocol: UInt8? = nil, parts: NetlinkSocketParts = [.memory, .groups], filter: SocketExpression? = nil
    ) {
        self.netlinkProtocol = netlinkProtocol
        self.parts = parts
        self.filter = filter
    }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.byFamily.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list sockets" }
    /// What it is done to, for errors.
    public var object: String? { "netlink sockets" }

    private static let byteCount = 20  // sizeof(struct netlink_diag_req)
    // NDIAG_PROTO_ALL is all bits of the byte.
    private static let allProtocols = UInt8.max

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(AddressFamily.netlink.rawValue, at: 0)  // struct netlink_diag_req.sdiag_family
            structure.store(netlinkProtocol ?? Self.allProtocols, at: 1)  // struct netlink_diag_req.sdiag_protocol
            structure.store(parts.rawValue, at: 8)  // struct netlink_diag_req.ndiag_show
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> NetlinkProtocolSocket? {
        guard message.header.type == SockDiagMessageType.byFamily.rawValue else { return nil }
        let socket = try NetlinkProtocolSocket(decoding: message)
        return filter.map { $0.matches(socket) == true } == false ? nil : socket
    }
}

extension Dump where Self == NetlinkSocketDump {
    /// Netlink sockets.
    public static func netlinkSockets(
        _ netlinkProtocol: UInt8? = nil, parts: NetlinkSocketParts = [.memory, .groups], filter: SocketExpression? = nil
    ) -> NetlinkSocketDump {
        NetlinkSocketDump(netlinkProtocol: netlinkProtocol, parts: parts, filter: filter)
    }
}

extension NetlinkProtocolSocket: FilterableSocket {
    /// Whether the local address is like a pattern.
    public func isLocalAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .netlink(let kind, let wanted) = pattern else { return pattern.isAny }
        return (kind == nil || kind == netlinkProtocol) && (wanted == nil || wanted == port)
    }
    /// Whether the remote address is like a pattern.
    public func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .netlink(let kind, let wanted) = pattern else { return pattern.isAny }
        return (kind == nil || kind == netlinkProtocol) && (wanted == nil || wanted == remotePort)
    }
    // Port ids that the kernel makes up are negative.
    /// The local port that expressions compare.
    public var comparedLocalPort: Int64 { Int64(Int32(bitPattern: port)) }
    /// The remote port that expressions compare.
    public var comparedRemotePort: Int64 { Int64(Int32(bitPattern: remotePort)) }
    /// The link to which it is bound.
    public var boundInterface: InterfaceIndex? { nil }
    /// Whether the kernel made up its port id, which it does with negative ones.
    public var isAutobound: Bool? { Int32(bitPattern: port) < 0 }
}

/// Attributes of a message about a netlink socket.
struct NetlinkAttribute: AttributeID {
    let rawValue: UInt16

    static var memory: Self { Self(rawValue: 0) }  // NETLINK_DIAG_MEMINFO
    static var groups: Self { Self(rawValue: 1) }  // NETLINK_DIAG_GROUPS
    static var receiveRing: Self { Self(rawValue: 2) }  // NETLINK_DIAG_RX_RING
    static var sendRing: Self { Self(rawValue: 3) }  // NETLINK_DIAG_TX_RING
    static var flags: Self { Self(rawValue: 4) }  // NETLINK_DIAG_FLAGS
}
