// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A queueing discipline: what decides in which order and how fast a link sends packets.
///
/// ```swift
/// var slow = NetemQdisc()
/// slow.delay = .milliseconds(100)
/// try connection.add(Qdisc(slow, on: link))
/// ```
///
/// Kernel: `RTM_NEWQDISC`, `struct tcmsg` and `TCA_*`.
public struct Qdisc: Hashable, Sendable {
    /// The link that it belongs to.
    ///
    /// Kernel: `tcm_ifindex`.
    public var index: InterfaceIndex
    /// Where it is: ``TCHandle/root``, ``TCHandle/ingress``, or the class of another one to which it belongs.
    ///
    /// Kernel: `tcm_parent`.
    public var parent: TCHandle
    /// Its own number, of which the minor part is 0; unspecified lets the kernel choose when it is added.
    ///
    /// Kernel: `tcm_handle`.
    public var handle: TCHandle
    /// Its kind with the options; nil only changes what all kinds have.
    ///
    /// Kernel: `TCA_KIND` and `TCA_OPTIONS`.
    public var kind: AnyQdiscKind?
    /// How packets are counted where the wire takes more, or less, than their bytes.
    ///
    /// Kernel: `TCA_STAB`.
    public var sizeTable: SizeTable?
    /// Measures its rate; written, but not told by the kernel.
    ///
    /// Kernel: `TCA_RATE`.
    public var estimator: RateEstimator?
    /// The block of filters that received packets go through, shared by the links that name it.
    ///
    /// Kernel: `TCA_INGRESS_BLOCK`, `u32`, since Linux 4.16.
    public var ingressBlock: UInt32?
    /// The block of filters that packets to be sent go through, shared by the links that name it.
    ///
    /// Kernel: `TCA_EGRESS_BLOCK`, `u32`, since Linux 4.16.
    public var egressBlock: UInt32?
    /// What is only reported.
    public var state: QdiscState?
    /// What this library does not model; goes back when it is added or replaced.
    public var unknown = UnknownAttributes()

    /// A queueing discipline of a kind.
    public init(
        _ kind: some QdiscKind, on index: InterfaceIndex, parent: TCHandle = .root, handle: TCHandle = .unspecified
    ) {
        self.init(AnyQdiscKind(kind), on: index, parent: parent, handle: handle)
    }

    /// A queueing discipline of any kind, or, to be removed, of whatever kind is there.
    public init(
        _ kind: AnyQdiscKind? = nil, on index: InterfaceIndex, parent: TCHandle = .root,
        handle: TCHandle = .unspecified
    ) {
        self.kind = kind
        self.index = index
        self.parent = parent
        self.handle = handle
    }

    /// The same without what the kernel only reports: what goes back when it is added again.
    public var settings: Qdisc {
        var copy = self
        copy.state = nil
        copy.kind = kind?.settings
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let kind {
            validation.include("kind") { () throws(NetlinkError) in try kind.validate() }
        }
        if handle.minor != 0 {
            validation.add("handle", "the handle of a queueing discipline has no minor part")
        }
        try validation.finish(object: summary)
    }

    /// The queueing discipline in a word, for errors.
    var summary: String {
        let what = kind?.name ?? "queueing discipline"
        let place = handle == .unspecified ? "at \(parent)" : "\(handle)"
        return "\(what) \(place) of link \(index)"
    }
}

/// What the kernel reports of a queueing discipline.
public struct QdiscState: Hashable, Sendable {
    /// How many hold it.
    ///
    /// Kernel: `tcm_info`.
    public var references: UInt32 = 0
    /// Whether hardware does its work.
    ///
    /// Kernel: `TCA_HW_OFFLOAD`, `u8`.
    public var isOffloaded: Bool?
    /// Whether it is shown only where that is asked for.
    ///
    /// Kernel: `TCA_DUMP_INVISIBLE`.
    public var isInvisible = false
    /// What it has counted.
    public var statistics: TCStatistics?

    /// Nothing.
    public init() {}
}
