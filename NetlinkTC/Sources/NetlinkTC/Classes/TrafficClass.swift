// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A class of a queueing discipline: a share of its link, to which filters send packets.
///
/// ```swift
/// var web = HTBClass(rate: .megabits(10))
/// web.ceiling = .megabits(50)
/// try connection.add(TrafficClass(web, on: link, handle: TCHandle(1, 0x10), parent: TCHandle(1)))
/// ```
///
/// Kernel: `RTM_NEWTCLASS`, `struct tcmsg` and `TCA_*`.
public struct TrafficClass: Hashable, Sendable {
    /// The link that it belongs to.
    ///
    /// Kernel: `tcm_ifindex`.
    public var index: InterfaceIndex
    /// Its number: the major part is its queueing discipline's.
    ///
    /// Kernel: `tcm_handle`.
    public var handle: TCHandle
    /// The class above it, or its queueing discipline; ``TCHandle/root`` where there is none above.
    ///
    /// Kernel: `tcm_parent`.
    public var parent: TCHandle
    /// Its kind, which is its queueing discipline's, with the options.
    ///
    /// Kernel: `TCA_KIND` and `TCA_OPTIONS`.
    public var kind: AnyClassKind?
    /// Measures its rate; written, but not told by the kernel.
    ///
    /// Kernel: `TCA_RATE`.
    public var estimator: RateEstimator?
    /// What is only reported.
    public var state: TrafficClassState?
    /// What this library does not model; goes back when it is added or replaced.
    public var unknown = UnknownAttributes()

    /// A class of a kind.
    public init(_ kind: some ClassKind, on index: InterfaceIndex, handle: TCHandle, parent: TCHandle) {
        self.init(AnyClassKind(kind), on: index, handle: handle, parent: parent)
    }

    /// A class of any kind, or, to be removed, of whatever kind it is.
    public init(
        _ kind: AnyClassKind? = nil, on index: InterfaceIndex, handle: TCHandle, parent: TCHandle = .unspecified
    ) {
        self.kind = kind
        self.index = index
        self.handle = handle
        self.parent = parent
    }

    /// The same without what the kernel only reports: what goes back when it is added again.
    public var settings: TrafficClass {
        var copy = self
        copy.state = nil
        copy.kind = kind?.settings
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) { try kind?.validate() }

    /// The class in a word, for errors.
    var summary: String { "class \(handle) of link \(index)" }
}

/// What the kernel reports of a class.
public struct TrafficClassState: Hashable, Sendable {
    /// The queueing discipline in which its packets wait; unspecified for a class that has classes below it.
    ///
    /// Kernel: `tcm_info`.
    public var leaf = TCHandle.unspecified
    /// What it has counted.
    public var statistics: TCStatistics?

    /// Nothing.
    public init() {}
}

extension TrafficClass {
    /// Reads a message about a class.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try TCHeader(message)
        self.init(
            nil, on: InterfaceIndex(rawValue: header.index), handle: TCHandle(rawValue: header.handle),
            parent: TCHandle(rawValue: header.parent))
        var state = TrafficClassState()
        state.leaf = TCHandle(rawValue: header.info)
        var content = TCContent()
        var reader = try message.attributes(of: TCAttribute.self, after: TCHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .estimator: estimator = try RateEstimator(attribute.payload)
            default: if try !content.decode(attribute) { unknown.keep(attribute) }
            }
        }
        state.statistics = content.statistics
        self.state = state
        if let name = content.kind { kind = try ClassKinds.decode(name, content.options?.rawSpan) }
    }

    /// Writes all that is set; of the kind, with a base, what differs.
    func encode(into writer: inout MessageWriter, changing base: TrafficClass? = nil) {
        var header = TCHeader()
        header.index = index.rawValue
        header.parent = parent.rawValue
        header.handle = handle.rawValue
        header.encode(into: &writer)
        kind?.encode(into: &writer, changing: base?.kind)
        estimator?.encode(TCAttribute.estimator, into: &writer)
        if base == nil { writer.put(unknown) }
    }
}
