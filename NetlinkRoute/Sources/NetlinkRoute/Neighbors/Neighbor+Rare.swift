// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What few neighbours have, in one box that copies of a neighbour share.
struct RareNeighborFields: Hashable, Sendable {
    /// The fields; the box is never changed.
    struct Fields: Hashable, Sendable {
        var longHardwareAddress: HardwareAddress?
        var port: UInt16?
        var vni: UInt32?
        var sourceVNI: UInt32?
        var output: InterfaceIndex?
        var linkNamespaceID: NamespaceID?
        var activity: ForwardingActivity?
        var unknown = UnknownAttributes()
    }

    private final class Box: Sendable {
        let fields: Fields
        init(_ fields: Fields) { self.fields = fields }
    }

    private let box: Box

    init(_ fields: Fields) { box = Box(fields) }

    var fields: Fields { box.fields }

    static func == (a: Self, b: Self) -> Bool { a.box === b.box || a.fields == b.fields }
    func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension Neighbor {
    private static let noFields = RareNeighborFields.Fields()

    private func rareValue<T>(_ path: KeyPath<RareNeighborFields.Fields, T>) -> T {
        (rare?.fields ?? Self.noFields)[keyPath: path]
    }

    mutating func setRare<T: Equatable>(_ path: WritableKeyPath<RareNeighborFields.Fields, T>, _ value: T) {
        var fields = rare?.fields ?? Self.noFields
        guard fields[keyPath: path] != value else { return }
        fields[keyPath: path] = value
        rare = fields == Self.noFields ? nil : RareNeighborFields(fields)
    }

    /// The UDP port of the other end of a tunnel, where it is not the tunnel's own.
    ///
    /// Kernel: `NDA_PORT`, `u16`, big-endian.
    public var port: UInt16? {
        get { rareValue(\.port) }
        set { setRare(\.port, newValue) }
    }

    /// The network number that packets to the other end of a tunnel get, where it is not the tunnel's own.
    ///
    /// Kernel: `NDA_VNI`, `u32`.
    public var vni: UInt32? {
        get { rareValue(\.vni) }
        set { setRare(\.vni, newValue) }
    }

    /// The network number in which the entry of a tunnel for many holds.
    ///
    /// Kernel: `NDA_SRC_VNI`, `u32`.
    public var sourceVNI: UInt32? {
        get { rareValue(\.sourceVNI) }
        set { setRare(\.sourceVNI, newValue) }
    }

    /// The link by which packets to the other end of a tunnel leave.
    ///
    /// Kernel: `NDA_IFINDEX`, `u32`.
    public var output: InterfaceIndex? {
        get { rareValue(\.output) }
        set { setRare(\.output, newValue) }
    }

    /// The namespace in which ``output`` is; reported only.
    ///
    /// Kernel: `NDA_LINK_NETNSID`, `s32`.
    public var linkNamespaceID: NamespaceID? {
        get { rareValue(\.linkNamespaceID) }
        set { setRare(\.linkNamespaceID, newValue) }
    }

    /// What a bridge tells about the use of a forwarding entry.
    ///
    /// Kernel: `NDA_FDB_EXT_ATTRS`.
    public var activity: ForwardingActivity? {
        get { rareValue(\.activity) }
        set { setRare(\.activity, newValue) }
    }

    /// What this library does not model; goes back when it is added.
    public var unknown: UnknownAttributes {
        get { rareValue(\.unknown) }
        set { setRare(\.unknown, newValue) }
    }
}
