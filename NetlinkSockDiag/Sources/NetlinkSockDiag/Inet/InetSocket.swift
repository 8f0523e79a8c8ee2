// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One end of a connection: an address and a port.
public struct SocketEndpoint: Hashable, Sendable {
    /// The address; zeros where the socket has none.
    public var address: IPAddress
    /// The port; 0 where the socket has none.
    public var port: UInt16

    /// An address and a port.
    @inlinable public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension SocketEndpoint: CustomStringConvertible {
    /// The address and the port: `10.0.0.1:80`, `[::1]:80`.
    public var description: String {
        switch address {
        case .v4(let address): "\(address):\(port)"
        case .v6(let address): "[\(address)]:\(port)"
        }
    }
}

/// A socket of TCP, UDP or another internet protocol, as the kernel reports it.
///
/// ```swift
/// for socket in try await connection.sockets(.tcp, in: .connected) {
///     print(socket.state, socket.local, socket.remote)
/// }
/// ```
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct inet_diag_msg` and `INET_DIAG_*`. A socket takes 96 bytes: what comes unasked is
/// inside, what ``InetSocketParts`` asked for in one shared box.
public struct InetSocket: Hashable, Sendable {
    /// Names the socket among all of its namespace; 0 where the kernel gave it none.
    ///
    /// Kernel: `idiag_cookie`.
    public var cookie: UInt64
    var source = PackedAddress()
    var destination = PackedAddress()
    /// After how many milliseconds the timer runs out.
    ///
    /// Kernel: `idiag_expires`.
    public var expires: UInt32
    /// Bytes received and not read yet; of a listening socket the connections that wait to be accepted.
    ///
    /// Kernel: `idiag_rqueue`.
    public var receiveQueue: UInt32
    /// Bytes that the other side has not acknowledged; of a listening socket how many connections may wait.
    ///
    /// Kernel: `idiag_wqueue`.
    public var sendQueue: UInt32
    /// The user whom it belongs to.
    ///
    /// Kernel: `idiag_uid`.
    public var user: UInt32
    /// Its file's number; 0 where no file is left, as in ``SocketState/timeWait``.
    ///
    /// Kernel: `idiag_inode`.
    public var inode: UInt32
    var interfaceNumber: UInt32
    var markValue: UInt32 = 0
    var cgroupLow: UInt32 = 0
    var sourcePort: UInt16
    var destinationPort: UInt16
    /// Its protocol; of a raw socket that of its packets, where the kernel names it: since Linux 4.10.
    public var ipProtocol: InetProtocol
    /// IPv4 or IPv6; an IPv6 socket may have IPv4 addresses mapped into IPv6.
    ///
    /// Kernel: `idiag_family`.
    public var family: AddressFamily
    /// What it is doing.
    ///
    /// Kernel: `idiag_state`.
    public var state: SocketState
    /// Which timer runs.
    ///
    /// Kernel: `idiag_timer`.
    public var timer: SocketTimer
    /// How often the timer's action was repeated.
    ///
    /// Kernel: `idiag_retrans`.
    public var retransmits: UInt8
    var shutdownBits: UInt8 = 0
    var present = Presence()
    var optionBits: UInt16 = 0
    var rare: InetSocketDetails?

    /// Which of the packed fields are there.
    struct Presence: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static var mark: Self { Self(rawValue: 1) }
        static var cgroup: Self { Self(rawValue: 2) }
        static var shutdown: Self { Self(rawValue: 4) }
        static var options: Self { Self(rawValue: 8) }
        static var onlyIPv6: Self { Self(rawValue: 16) }
        static var alsoIPv4: Self { Self(rawValue: 32) }
        static var isRaw: Self { Self(rawValue: 64) }
    }

    /// Where it is bound; of a raw socket the port is its IP protocol.
    ///
    /// Kernel: `idiag_src`, `idiag_sport`, big-endian.
    public var local: SocketEndpoint {
        get { SocketEndpoint(source.address(isV6: family == .ipv6), port: sourcePort) }
        set {
            source = PackedAddress(newValue.address)
            sourcePort = newValue.port
        }
    }

    /// Where it is connected to; zeros when it is not.
    ///
    /// Kernel: `idiag_dst`, `idiag_dport`, big-endian.
    public var remote: SocketEndpoint {
        get { SocketEndpoint(destination.address(isV6: family == .ipv6), port: destinationPort) }
        set {
            destination = PackedAddress(newValue.address)
            destinationPort = newValue.port
        }
    }

    /// Whether it is a raw socket, of whichever protocol: its ports are no ports.
    public var isRaw: Bool {
        get { present.contains(.isRaw) }
        set { present.set(.isRaw, newValue) }
    }

    /// The link to which it is bound; nil for none.
    ///
    /// Kernel: `idiag_if`.
    public var interface: InterfaceIndex? {
        get { interfaceNumber == 0 ? nil : InterfaceIndex(rawValue: Int32(bitPattern: interfaceNumber)) }
        set { interfaceNumber = newValue.map { UInt32(bitPattern: $0.rawValue) } ?? 0 }
    }

    /// The mark of its packets; nil where the kernel does not say, which takes CAP_NET_ADMIN.
    ///
    /// Kernel: `INET_DIAG_MARK`, `u32`.
    public var mark: UInt32? {
        get { present.contains(.mark) ? markValue : nil }
        set {
            markValue = newValue ?? 0
            present.set(.mark, newValue != nil)
        }
    }

    /// The control group, of version 2, of the process that made it; since Linux 5.9.
    ///
    /// Kernel: `INET_DIAG_CGROUP_ID`, `u64`.
    public var cgroupID: UInt64? {
        get { present.contains(.cgroup) ? UInt64(cgroupLow) | UInt64(rare?.fields.cgroupHigh ?? 0) << 32 : nil }
        set {
            cgroupLow = UInt32(truncatingIfNeeded: newValue ?? 0)
            setRare(\.cgroupHigh, UInt32(truncatingIfNeeded: (newValue ?? 0) >> 32))
            present.set(.cgroup, newValue != nil)
        }
    }

    /// Which directions were shut down.
    ///
    /// Kernel: `INET_DIAG_SHUTDOWN`, `u8`.
    public var shutdown: SocketShutdown? {
        get { present.contains(.shutdown) ? SocketShutdown(rawValue: shutdownBits) : nil }
        set {
            shutdownBits = newValue?.rawValue ?? 0
            present.set(.shutdown, newValue != nil)
        }
    }

    /// Options that the program set; since Linux 5.10.
    ///
    /// Kernel: `INET_DIAG_SOCKOPT`.
    public var options: InetSocketOptions? {
        get { present.contains(.options) ? InetSocketOptions(rawValue: optionBits) : nil }
        set {
            optionBits = newValue?.rawValue ?? 0
            present.set(.options, newValue != nil)
        }
    }

    /// Whether an IPv6 socket takes no IPv4 connections; nil of IPv4 sockets, and of those in small states.
    ///
    /// Kernel: `INET_DIAG_SKV6ONLY`, `u8`.
    public var isIPv6Only: Bool? {
        get { present.contains(.onlyIPv6) ? true : present.contains(.alsoIPv4) ? false : nil }
        set {
            present.set(.onlyIPv6, newValue == true)
            present.set(.alsoIPv4, newValue == false)
        }
    }

    /// A socket that is not connected, for making one up.
    public init(_ ipProtocol: InetProtocol, family: AddressFamily) {
        self.ipProtocol = ipProtocol
        self.family = family
        cookie = 0
        expires = 0
        receiveQueue = 0
        sendQueue = 0
        user = 0
        inode = 0
        interfaceNumber = 0
        sourcePort = 0
        destinationPort = 0
        state = .closed
        timer = .off
        retransmits = 0
        isRaw = ipProtocol == .raw
    }
}

extension OptionSet {
    /// Inserts or removes an option.
    mutating func set(_ option: Element, _ isOn: Bool) {
        if isOn { insert(option) } else { remove(option) }
    }
}
