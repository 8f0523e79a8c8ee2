// SPDX-License-Identifier: Apache-2.0

/// The protocol of an internet socket.
///
/// Kernel: `IPPROTO_*`; numbers above 255 go in `INET_DIAG_REQ_PROTOCOL`, `u32`.
public struct InetProtocol: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// TCP.
    @inlinable public static var tcp: Self { Self(rawValue: 6) }  // IPPROTO_TCP
    /// UDP.
    @inlinable public static var udp: Self { Self(rawValue: 17) }  // IPPROTO_UDP
    /// DCCP; before Linux 6.16.
    @inlinable public static var dccp: Self { Self(rawValue: 33) }  // IPPROTO_DCCP
    /// SCTP.
    @inlinable public static var sctp: Self { Self(rawValue: 132) }  // IPPROTO_SCTP
    /// UDP-Lite; before Linux 7.1.
    @inlinable public static var udpLite: Self { Self(rawValue: 136) }  // IPPROTO_UDPLITE
    /// Raw sockets of every IP protocol; the protocol itself is in the socket's local port.
    @inlinable public static var raw: Self { Self(rawValue: 255) }  // IPPROTO_RAW
    /// MPTCP connections as a whole; their subflows are TCP sockets.
    ///
    /// Since Linux 5.13.
    @inlinable public static var mptcp: Self { Self(rawValue: 262) }  // IPPROTO_MPTCP
}

extension InetProtocol: CustomStringConvertible {
    /// The usual name, or the number.
    public var description: String {
        switch self {
        case .tcp: "TCP"
        case .udp: "UDP"
        case .dccp: "DCCP"
        case .sctp: "SCTP"
        case .udpLite: "UDP-Lite"
        case .raw: "raw"
        case .mptcp: "MPTCP"
        default: String(rawValue)
        }
    }
}

/// What to tell of internet sockets beyond what comes unasked.
///
/// Each costs the kernel time and bytes per socket, so ask for what you look at.
///
/// Kernel: `idiag_ext`, bit `attribute - 1`.
public struct InetSocketParts: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt8
    /// Takes any bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    private init(asking attribute: InetAttribute) { rawValue = 1 << UInt8(truncatingIfNeeded: attribute.rawValue - 1) }

    /// ``InetSocket/memory``.
    public static var memory: Self { Self(asking: .memory) }
    /// ``InetSocket/tcp``, ``InetSocket/mptcp`` or ``InetSocket/information``.
    public static var information: Self { Self(asking: .information) }
    /// ``InetSocket/congestionDetails``.
    public static var congestionDetails: Self { Self(asking: .vegasInformation) }
    /// ``InetSocket/congestionControl``.
    public static var congestionControl: Self { Self(asking: .congestionControl) }
    /// ``InetSocket/typeOfService``.
    public static var typeOfService: Self { Self(asking: .typeOfService) }
    /// ``InetSocket/trafficClass`` and ``InetSocket/classID``.
    public static var trafficClass: Self { Self(asking: .trafficClass) }
    /// ``InetSocket/socketMemory``.
    public static var socketMemory: Self { Self(asking: .socketMemory) }
    /// ``InetSocket/shutdown``, which comes unasked too.
    public static var shutdown: Self { Self(asking: .shutdown) }
}

/// The timer that runs for a TCP socket.
///
/// Kernel: `idiag_timer`, `IDIAG_TIMER_*`.
public struct SocketTimer: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// None.
    @inlinable public static var off: Self { Self(rawValue: 0) }  // IDIAG_TIMER_OFF
    /// Sends again what has no acknowledgement.
    @inlinable public static var retransmission: Self { Self(rawValue: 1) }  // IDIAG_TIMER_ON
    /// Asks whether the other side is there.
    @inlinable public static var keepalive: Self { Self(rawValue: 2) }  // IDIAG_TIMER_KEEPALIVE
    /// Ends the time in which stray packets may come.
    @inlinable public static var timeWait: Self { Self(rawValue: 3) }  // IDIAG_TIMER_TIMEWAIT
    /// Asks whether the window has opened.
    @inlinable public static var windowProbe: Self { Self(rawValue: 4) }  // IDIAG_TIMER_PROBE0
    /// Sends a delayed acknowledgement; since Linux 6.17.
    @inlinable public static var delayedAcknowledgement: Self { Self(rawValue: 5) }  // IDIAG_TIMER_DELACK
}

/// Which directions of a socket were shut down.
///
/// Kernel: `sk_shutdown`: bit 0 receiving, bit 1 sending.
public struct SocketShutdown: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt8
    /// Takes any bits.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing more is received.
    @inlinable public static var receiving: Self { Self(rawValue: 1) }
    /// Nothing more is sent.
    @inlinable public static var sending: Self { Self(rawValue: 2) }
}

/// Options that a program set on an internet socket.
///
/// Kernel: `INET_DIAG_SOCKOPT`, `struct inet_diag_sockopt`, bit by bit from the first; since Linux 5.10.
public struct InetSocketOptions: OptionSet, Hashable, Sendable {
    /// The bits in the order of the structure, the first one lowest.
    public let rawValue: UInt16
    /// Takes any bits.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Errors are queued: `IP_RECVERR`.
    @inlinable public static var queuesErrors: Self { Self(rawValue: 1 << 0) }
    /// The socket makes connections: the kernel's own mark.
    @inlinable public static var isConnectionOriented: Self { Self(rawValue: 1 << 1) }
    /// May be bound to addresses that are not local: `IP_FREEBIND`.
    @inlinable public static var bindsFreely: Self { Self(rawValue: 1 << 2) }
    /// The program writes the IP header: `IP_HDRINCL`.
    @inlinable public static var includesHeader: Self { Self(rawValue: 1 << 3) }
    /// Multicast packets come back: `IP_MULTICAST_LOOP`.
    @inlinable public static var loopsMulticast: Self { Self(rawValue: 1 << 4) }
    /// Stands in for other hosts: `IP_TRANSPARENT`.
    @inlinable public static var isTransparent: Self { Self(rawValue: 1 << 5) }
    /// Receives the packets of groups that others joined: `IP_MULTICAST_ALL`.
    @inlinable public static var receivesAllMulticast: Self { Self(rawValue: 1 << 6) }
    /// Fragments come as they are: `IP_NODEFRAG`.
    @inlinable public static var keepsFragments: Self { Self(rawValue: 1 << 7) }
    /// A port is chosen only when connecting: `IP_BIND_ADDRESS_NO_PORT`.
    @inlinable public static var bindsWithoutPort: Self { Self(rawValue: 1 << 8) }
    /// Queued errors carry more: `IP_RECVERR_RFC4884`.
    @inlinable public static var queuesExtendedErrors: Self { Self(rawValue: 1 << 9) }
    /// The connection is made with the first data: `TCP_FASTOPEN_CONNECT`.
    @inlinable public static var defersConnecting: Self { Self(rawValue: 1 << 10) }
}
