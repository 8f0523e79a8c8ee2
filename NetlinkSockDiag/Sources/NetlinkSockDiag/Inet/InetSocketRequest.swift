// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Which socket is meant: the two ends of it, the link it is bound to and its cookie.
///
/// A socket that was listed finds itself by ``InetSocket/id``, and no other, even when its address is taken over.
public struct InetSocketID: Hashable, Sendable {
    /// Its protocol.
    public var ipProtocol: InetProtocol
    /// Where it is bound.
    public var local: SocketEndpoint
    /// Where it is connected to; zeros of the same family when it is not.
    public var remote: SocketEndpoint
    /// The link to which it is bound.
    public var interface: InterfaceIndex?
    /// Its cookie; nil takes any socket with these ends.
    public var cookie: UInt64?
    /// Of a raw socket, whose ``ipProtocol`` is ``InetProtocol/raw``, the IP protocol of its packets.
    ///
    /// Kernel: `sdiag_raw_protocol`.
    public var rawProtocol: UInt8?

    /// The socket between two ends; without a remote end one that is not connected.
    ///
    /// Both ends are of one family.
    public init(
        _ ipProtocol: InetProtocol, local: SocketEndpoint, remote: SocketEndpoint? = nil,
        interface: InterfaceIndex? = nil, cookie: UInt64? = nil, rawProtocol: UInt8? = nil
    ) {
        self.ipProtocol = ipProtocol
        self.rawProtocol = rawProtocol
        self.local = local
        self.remote =
            remote ?? SocketEndpoint(local.address.family == .ipv6 ? .v6(.any) : .v4(.any), port: 0)
        self.interface = interface
        self.cookie = cookie
    }
}

extension InetSocketID: CustomStringConvertible {
    /// The protocol and both ends.
    public var description: String { "\(ipProtocol) socket \(local) to \(remote)" }
}

extension InetSocket {
    /// What finds this socket again.
    public var id: InetSocketID {
        InetSocketID(
            isRaw ? .raw : ipProtocol, local: local, remote: remote, interface: interface, cookie: cookie,
            rawProtocol: isRaw ? UInt8(truncatingIfNeeded: ipProtocol.rawValue) : nil)
    }
}

/// The fixed part of a request about internet sockets.
struct InetSocketRequest {
    static let byteCount = 56  // sizeof(struct inet_diag_req_v2)
    private static var anyCookie: UInt32 { 0xffff_ffff }  // INET_DIAG_NOCOOKIE

    var family = AddressFamily.unspecified
    var ipProtocol = InetProtocol.tcp
    var parts: InetSocketParts = []
    var states: SocketStates = []
    var id: InetSocketID?
    // Of a dump: only sockets with these ports; 0 for any. The kernel looks at them before it runs a filter's program.
    var localPort: UInt16 = 0
    var remotePort: UInt16 = 0

    init() {}

    /// About one socket.
    init(_ id: InetSocketID) {
        family = id.local.address.family
        ipProtocol = id.ipProtocol
        // A lookup goes by the ends alone, but every request has states.
        states = .all
        self.id = id
    }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct inet_diag_req_v2.sdiag_family
            let number = UInt8(truncatingIfNeeded: ipProtocol.rawValue)
            structure.store(number, at: 1)  // struct inet_diag_req_v2.sdiag_protocol
            structure.store(parts.rawValue, at: 2)  // struct inet_diag_req_v2.idiag_ext
            if let number = id?.rawProtocol {
                structure.store(number, at: 3)  // struct inet_diag_req_raw.sdiag_raw_protocol
            }
            structure.store(states.rawValue, at: 4)  // struct inet_diag_req_v2.idiag_states
            structure.store(localPort.bigEndian, at: 8)  // struct inet_diag_req_v2.id.idiag_sport
            structure.store(remotePort.bigEndian, at: 10)  // struct inet_diag_req_v2.id.idiag_dport
            guard let id else { return }
            structure.store(id.local.port.bigEndian, at: 8)  // struct inet_diag_req_v2.id.idiag_sport
            structure.store(id.remote.port.bigEndian, at: 10)  // struct inet_diag_req_v2.id.idiag_dport
            structure.store(id.local.address, at: 12)  // struct inet_diag_req_v2.id.idiag_src
            structure.store(id.remote.address, at: 28)  // struct inet_diag_req_v2.id.idiag_dst
            let interface = id.interface?.rawValue ?? 0
            structure.store(interface, at: 44)  // struct inet_diag_req_v2.id.idiag_if
            let low = id.cookie.map { UInt32(truncatingIfNeeded: $0) } ?? Self.anyCookie
            let high = id.cookie.map { UInt32(truncatingIfNeeded: $0 >> 32) } ?? Self.anyCookie
            structure.store(low, at: 48)  // struct inet_diag_req_v2.id.idiag_cookie[0]
            structure.store(high, at: 52)  // struct inet_diag_req_v2.id.idiag_cookie[1]
        }
        // The header has eight bits for the protocol.
        if ipProtocol.rawValue > 255 { writer.put(InetRequestAttribute.ipProtocol, UInt32(ipProtocol.rawValue)) }
    }
    /// Writes the request that kernels took before there was one for each family: it is for both.
    func encodeForBothFamilies(into writer: inout MessageWriter) {
        writer.structure(60) { structure in  // sizeof(struct inet_diag_req)
            structure.store(AddressFamily.ipv4.rawValue, at: 0)  // struct inet_diag_req.idiag_family
            structure.store(parts.rawValue, at: 3)  // struct inet_diag_req.idiag_ext
            structure.store(localPort.bigEndian, at: 4)  // struct inet_diag_req.id.idiag_sport
            structure.store(remotePort.bigEndian, at: 6)  // struct inet_diag_req.id.idiag_dport
            structure.store(states.rawValue, at: 52)  // struct inet_diag_req.idiag_states
        }
    }
}

extension StructureWriter {
    /// Stores the four or sixteen bytes of an address.
    mutating func store(_ address: IPAddress, at offset: Int) {
        switch address {
        case .v4(let address): store(address.networkOrder, at: offset)
        case .v6(let address):
            let (high, low) = address.networkOrder
            store(high, at: offset)
            store(low, at: offset + 8)
        }
    }
}
