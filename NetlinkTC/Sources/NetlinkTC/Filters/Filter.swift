// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
internal import NetlinkRoute

/// Finds packets at a place where they pass, and says what becomes of them.
///
/// Filters of a place stand in chains; within a chain they are asked in the order of their priority. All filters of a
/// priority are of one kind and one protocol.
///
/// ```swift
/// let drop = MatchAllFilter(actions: [Action(GenericAction(), control: .drop)])
/// try connection.add(Filter(at: .ingress(of: 3), protocolType: .ipv4, kind: drop))
/// ```
///
/// Kernel: `RTM_NEWTFILTER`, `struct tcmsg` and `TCA_*`.
public struct Filter: Hashable, Sendable {
    /// Where it stands.
    public var place: FilterPlace
    /// When it is asked, smaller numbers first; 0 lets the kernel choose one before all others.
    ///
    /// Kernel: the upper half of `tcm_info`.
    public var priority: UInt16
    /// Of which protocol packets are.
    ///
    /// Kernel: the lower half of `tcm_info`, big-endian.
    public var protocolType: EthernetProtocol
    /// Which of the filters of a priority; 0 lets the kernel choose one.
    ///
    /// What it says besides depends on the kind.
    ///
    /// Kernel: `tcm_handle`.
    public var handle: UInt32
    /// The chain; nil, the same as 0, for the chain with which filtering begins.
    ///
    /// Kernel: `TCA_CHAIN`, `u32`.
    public var chain: UInt32?
    /// The kind with its options; nil where the kernel reports only that a priority is there.
    ///
    /// Kernel: `TCA_KIND`, `TCA_OPTIONS`.
    public var kind: AnyFilterKind?
    /// How the rate of the packets found is to be measured.
    ///
    /// Kernel: `TCA_RATE`, `struct tc_estimator`; few kinds take it.
    public var estimator: RateEstimator?
    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model; goes back on add, never on change.
    public var unknown = UnknownAttributes()

    /// A filter of a kind.
    public init(
        at place: FilterPlace, priority: UInt16 = 0, protocolType: EthernetProtocol = .all, handle: UInt32 = 0,
        chain: UInt32? = nil, kind: some FilterKind
    ) {
        self.init(
            at: place, priority: priority, protocolType: protocolType, handle: handle, chain: chain,
            kind: AnyFilterKind(kind))
    }

    /// A filter of a kind that may be unknown.
    public init(
        at place: FilterPlace, priority: UInt16 = 0, protocolType: EthernetProtocol = .all, handle: UInt32 = 0,
        chain: UInt32? = nil, kind: AnyFilterKind?
    ) {
        self.place = place
        self.priority = priority
        self.protocolType = protocolType
        self.handle = handle
        self.chain = chain
        self.kind = kind
    }

    /// What the kernel reports of a filter.
    public struct State: Hashable, Sendable {
        /// What a police action in its old place has counted.
        ///
        /// Kernel: `TCA_STATS`, `TCA_STATS2`.
        public var statistics: TCStatistics?
        /// What the kernel warned of.
        ///
        /// Kernel: `TCA_EXT_WARN_MSG`; since Linux 6.3.
        public var warning: String?

        /// Nothing reported.
        public init() {}
    }

    /// The filter without what the kernel only reports.
    public var settings: Filter {
        var copy = self
        copy.state = State()
        copy.kind = kind?.settings
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let chain, chain > ActionControl.numberLimit {
            validation.add("chain", "chain \(chain) is above \(ActionControl.numberLimit)")
        }
        if let kind {
            validation.include("kind") { () throws(NetlinkError) in try kind.validate() }
        } else {
            validation.add("kind", "a filter has a kind")
        }
        try validation.finish(operation: kind.map { "\($0.name) filter" } ?? "filter")
    }
}

/// Where filters stand: at a queueing discipline or class of an interface, or in a block that some share.
public enum FilterPlace: Hashable, Sendable {
    /// At a queueing discipline or class; the unspecified handle means the root discipline.
    ///
    /// Kernel: `tcm_ifindex`, `tcm_parent`.
    case link(InterfaceIndex, parent: TCHandle)
    /// In a shared block.
    ///
    /// Kernel: `TCM_IFINDEX_MAGIC_BLOCK`, `tcm_block_index`.
    case block(UInt32)

    /// Where packets come in, of an interface with `ingress` or `clsact`.
    public static func ingress(of link: InterfaceIndex) -> Self { .link(link, parent: .ingressFilters) }
    /// Where packets go out, of an interface with `clsact`.
    public static func egress(of link: InterfaceIndex) -> Self { .link(link, parent: .egressFilters) }
    /// At the root queueing discipline of an interface.
    public static func root(of link: InterfaceIndex) -> Self { .link(link, parent: .unspecified) }

    init(_ header: TCHeader) {
        if header.index == TCHandle.sharedBlock {
            self = .block(header.parent)
        } else {
            self = .link(InterfaceIndex(rawValue: header.index), parent: TCHandle(rawValue: header.parent))
        }
    }

    /// A header that names the place.
    var header: TCHeader {
        var header = TCHeader()
        switch self {
        case .link(let link, let parent):
            header.index = link.rawValue
            header.parent = parent.rawValue
        case .block(let block):
            header.index = TCHandle.sharedBlock
            header.parent = block
        }
        return header
    }
}

extension FilterPlace: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        switch self {
        case .link(let link, let parent): "link \(link.rawValue) parent \(parent)"
        case .block(let block): "block \(block)"
        }
    }
}
