// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One end of a virtual cable: what is sent at one end comes in at the other.
///
/// ```swift
/// try connection.add(Link(name: "a0", kind: VethLink(peer: Link(name: "b0"))))
/// ```
///
/// Both ends are made and removed together. The kernel names the other end where ``peer`` is nil, and later reports it
/// as ``Link/parent`` only, so that a link that was read has no peer here.
///
/// Kernel: kind `veth`.
public struct VethLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "veth" }

    /// The other end, to be made with this one: its name, addresses, MTU and the like.
    ///
    /// Kernel: `VETH_INFO_PEER`, `struct ifinfomsg` and `IFLA_*`.
    public var peer: Link?
    /// The namespace in which the other end is made; where this end is unless set.
    ///
    /// Kernel: `IFLA_NET_NS_FD` or `IFLA_NET_NS_PID` inside `VETH_INFO_PEER`.
    public var peerTarget: LinkTarget
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A cable, of whose other end something may be said.
    public init(peer: Link? = nil, in peerTarget: LinkTarget = LinkTarget()) {
        self.peer = peer
        self.peerTarget = peerTarget
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        peerTarget = LinkTarget()
        var reader = AttributeReader<VethAttribute>(data)
        while let attribute = try reader.next() {
            unknown.keep(attribute)
        }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(VethAttribute.self) }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: VethLink?) {
        if peer != base?.peer || peerTarget != base?.peerTarget ?? LinkTarget() {
            encodePeer(VethAttribute.peer, peer, in: peerTarget, into: &writer)
        }
        if base == nil { writer.put(unknown) }
    }

    /// What the kernel gives back: without the peer.
    public var reported: VethLink {
        var copy = self
        copy.peer = nil
        copy.peerTarget = LinkTarget()
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let peer { validation.include("peer") { () throws(NetlinkError) in try peer.validate() } }
        try validation.finish(operation: "veth link")
    }
}

/// Writes the other end of a pair as a whole link message inside an attribute, unless nothing is said about it.
func encodePeer<ID: AttributeID>(_ id: ID, _ peer: Link?, in target: LinkTarget, into writer: inout MessageWriter) {
    guard peer != nil || target != LinkTarget() else { return }
    writer.nest(id, marked: false) { (peer ?? Link()).encode(into: &$0, changing: nil, moving: target) }
}

/// Attributes of a virtual cable.
struct VethAttribute: AttributeID {
    let rawValue: UInt16

    static var peer: Self { Self(rawValue: 1) }  // VETH_INFO_PEER
}
