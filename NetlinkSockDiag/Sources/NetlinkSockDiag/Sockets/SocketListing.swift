// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Kinds of sockets, for listing several at once.
public struct SocketKinds: OptionSet, Hashable, Sendable {
    /// One bit for each kind.
    public let rawValue: UInt16
    /// Takes any bits; those without a kind mean nothing.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// TCP over IPv4 and IPv6, subflows of MPTCP included.
    @inlinable public static var tcp: Self { Self(rawValue: 1 << 0) }
    /// UDP over IPv4 and IPv6.
    @inlinable public static var udp: Self { Self(rawValue: 1 << 1) }
    /// Raw sockets over IPv4 and IPv6.
    @inlinable public static var raw: Self { Self(rawValue: 1 << 2) }
    /// MPTCP connections as a whole.
    @inlinable public static var mptcp: Self { Self(rawValue: 1 << 3) }
    /// Sockets of the local machine.
    @inlinable public static var unix: Self { Self(rawValue: 1 << 4) }
    /// Netlink sockets.
    @inlinable public static var netlink: Self { Self(rawValue: 1 << 5) }
    /// Packet sockets.
    @inlinable public static var packet: Self { Self(rawValue: 1 << 6) }
    /// Sockets between virtual machines and their host.
    @inlinable public static var vsock: Self { Self(rawValue: 1 << 7) }

    /// All internet sockets.
    @inlinable public static var internet: Self { [.tcp, .udp, .raw, .mptcp] }
    /// All kinds.
    @inlinable public static var all: Self { [.internet, .unix, .netlink, .packet, .vsock] }
}

/// The sockets of several kinds, grouped by kind.
public struct SocketListing: Hashable, Sendable {
    /// TCP sockets, those over IPv4 first.
    public var tcp: [InetSocket] = []
    /// UDP sockets, those over IPv4 first.
    public var udp: [InetSocket] = []
    /// Raw sockets, those over IPv4 first.
    public var raw: [InetSocket] = []
    /// MPTCP connections, those over IPv4 first.
    public var mptcp: [InetSocket] = []
    /// Sockets of the local machine.
    public var unix: [UnixSocket] = []
    /// Netlink sockets.
    public var netlink: [NetlinkProtocolSocket] = []
    /// Packet sockets.
    public var packet: [PacketSocket] = []
    /// Sockets between virtual machines and their host.
    public var vsock: [VSockSocket] = []
    /// Kinds that were asked for and that this kernel cannot list; there may be sockets of them nevertheless.
    public var unlisted: SocketKinds = []

    /// None of any kind.
    public init() {}

    /// How many sockets there are of all kinds.
    public var count: Int {
        tcp.count + udp.count + raw.count + mptcp.count + unix.count + netlink.count + packet.count + vsock.count
    }
}

extension SocketListing {
    static var inetKinds: [(SocketKinds, InetProtocol, WritableKeyPath<SocketListing, [InetSocket]>)] {
        [(.tcp, .tcp, \.tcp), (.udp, .udp, \.udp), (.raw, .raw, \.raw), (.mptcp, .mptcp, \.mptcp)]
    }

    /// Notes that a kind cannot be listed; any other error is thrown on.
    mutating func note(_ error: NetlinkError, _ kind: SocketKinds) throws(NetlinkError) {
        guard error.isNotFound || error.isNotSupported else { throw error }
        unlisted.insert(kind)
    }
}

extension Connection where Family == SockDiagProtocol {
    /// The sockets of several kinds, grouped by kind.
    ///
    /// One listing after the other: what changes meanwhile may be in it twice or not at all. Every kind is told with what
    /// comes unasked, Unix sockets with names and peers.
    ///
    /// - Parameters:
    ///   - kinds: Which kinds; what the kernel cannot list is in ``SocketListing/unlisted``.
    ///   - states: Only sockets in these states; packet sockets count as ``SocketState/closed``.
    ///   - filter: Only these sockets; conditions on ports and internet addresses leave no socket of other families.
    /// - Returns: The sockets by kind.
    /// - Throws: `NetlinkError` of the first listing that fails for another reason than that the kernel has none.
    public func allSockets(
        _ kinds: SocketKinds = .all, in states: SocketStates = .all, filter: SocketExpression? = nil
    ) async throws(NetlinkError) -> SocketListing {
        var listing = SocketListing()
        for (kind, ipProtocol, path) in SocketListing.inetKinds where kinds.contains(kind) {
            do throws(NetlinkError) {
                listing[keyPath: path] = try await sockets(ipProtocol, in: states, filter: filter)
            } catch { try listing.note(error, kind) }
        }
        if kinds.contains(.unix) {
            do throws(NetlinkError) { listing.unix = try await unixSockets(in: states, filter: filter) } catch {
                try listing.note(error, .unix)
            }
        }
        if kinds.contains(.netlink) {
            do throws(NetlinkError) {
                listing.netlink = try await netlinkSockets(filter: filter).filter { states.contains($0.state) }
            } catch { try listing.note(error, .netlink) }
        }
        if kinds.contains(.packet), states.contains(.closed) {
            do throws(NetlinkError) { listing.packet = try await packetSockets(filter: filter) } catch {
                try listing.note(error, .packet)
            }
        }
        if kinds.contains(.vsock) {
            do throws(NetlinkError) {
                listing.vsock = try await dump(.vsockSockets(states: states, filter: filter))
            } catch { try listing.note(error, .vsock) }
        }
        return listing
    }
}

extension BlockingConnection where Family == SockDiagProtocol {
    /// The sockets of several kinds, grouped by kind.
    ///
    /// One listing after the other: what changes meanwhile may be in it twice or not at all. Every kind is told with what
    /// comes unasked, Unix sockets with names and peers.
    ///
    /// - Parameters:
    ///   - kinds: Which kinds; what the kernel cannot list is in ``SocketListing/unlisted``.
    ///   - states: Only sockets in these states; packet sockets count as ``SocketState/closed``.
    ///   - filter: Only these sockets; conditions on ports and internet addresses leave no socket of other families.
    /// - Returns: The sockets by kind.
    /// - Throws: `NetlinkError` of the first listing that fails for another reason than that the kernel has none.
    public func allSockets(
        _ kinds: SocketKinds = .all, in states: SocketStates = .all, filter: SocketExpression? = nil
    ) throws(NetlinkError) -> SocketListing {
        var listing = SocketListing()
        for (kind, ipProtocol, path) in SocketListing.inetKinds where kinds.contains(kind) {
            do throws(NetlinkError) {
                listing[keyPath: path] = try sockets(ipProtocol, in: states, filter: filter)
            } catch { try listing.note(error, kind) }
        }
        if kinds.contains(.unix) {
            do throws(NetlinkError) { listing.unix = try unixSockets(in: states, filter: filter) } catch {
                try listing.note(error, .unix)
            }
        }
        if kinds.contains(.netlink) {
            do throws(NetlinkError) {
                listing.netlink = try netlinkSockets(filter: filter).filter { states.contains($0.state) }
            } catch { try listing.note(error, .netlink) }
        }
        if kinds.contains(.packet), states.contains(.closed) {
            do throws(NetlinkError) { listing.packet = try packetSockets(filter: filter) } catch {
                try listing.note(error, .packet)
            }
        }
        if kinds.contains(.vsock) {
            do throws(NetlinkError) { listing.vsock = try dump(.vsockSockets(states: states, filter: filter)) } catch {
                try listing.note(error, .vsock)
            }
        }
        return listing
    }
}
