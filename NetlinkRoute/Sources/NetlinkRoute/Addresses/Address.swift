// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// An IPv4 or IPv6 address of a link.
///
/// ```swift
/// try connection.perform(AddAddress(Address("10.0.0.1/24", on: link.index)))
/// ```
///
/// Kernel: `RTM_NEWADDR`, `struct ifaddrmsg` and `IFA_*`.
public struct Address: Hashable, Sendable {
    /// The family.
    ///
    /// Kernel: `ifa_family`.
    public var family: AddressFamily
    /// How many leading bits of ``peer``, or else of ``local``, the hosts on the link share.
    ///
    /// Kernel: `ifa_prefixlen`.
    public var prefixLength: UInt8
    /// The link.
    ///
    /// Kernel: `ifa_index`.
    public var index: InterfaceIndex
    /// How far the address is known; nil is ``RouteScope/host`` for 127.0.0.0/8, else ``RouteScope/universe``.
    ///
    /// Kernel: `ifa_scope`. Of an IPv6 address the kernel computes it.
    public var scope: RouteScope?
    /// What is asked of the address and what became of it; those in ``AddressFlags/reported`` are never sent.
    ///
    /// Kernel: `ifa_flags`, or `IFA_FLAGS` where bits above the eighth are set.
    public var flags: AddressFlags = []

    /// The link's own address.
    ///
    /// Kernel: `IFA_LOCAL`, or `IFA_ADDRESS` where an IPv6 address has no peer.
    public var local: IPAddress?
    /// The other end of a point-to-point link; nil when there is none.
    ///
    /// Read, 0.0.0.0 says that the address was made without a prefix of its own.
    ///
    /// Kernel: `IFA_ADDRESS` where it differs from `IFA_LOCAL`.
    public var peer: IPAddress?
    /// The broadcast address (IPv4).
    ///
    /// Kernel: `IFA_BROADCAST`.
    public var broadcast: IPAddress?
    /// The anycast address; kernels to date ignore it when they are sent one.
    ///
    /// Kernel: `IFA_ANYCAST`.
    public var anycast: IPAddress?
    /// The name under which old programs see the address (IPv4); the link's name where nil is added.
    ///
    /// Kernel: `IFA_LABEL`, at most 15 bytes.
    public var label: String?
    /// How long the address is valid; nil is for ever when it is added.
    ///
    /// Kernel: `ifa_valid` of `IFA_CACHEINFO`.
    public var validLifetime: AddressLifetime?
    /// How long new connections use the address; nil is as long as it is valid when it is added.
    ///
    /// Kernel: `ifa_prefered` of `IFA_CACHEINFO`.
    public var preferredLifetime: AddressLifetime?
    /// The metric of the route to the prefix.
    ///
    /// Kernel: `IFA_RT_PRIORITY`, `u32`.
    public var metric: UInt32?
    /// Who put the address there.
    ///
    /// Kernel: `IFA_PROTO`, `u8`, since Linux 5.18.
    public var origin: AddressProtocol?

    /// What the kernel only reports; never sent.
    public var state = AddressState()
    /// What this library does not model; goes back when the address is added.
    public var unknown = UnknownAttributes()

    /// An address with the length of its prefix, to be added to a link.
    public init(_ prefix: IPPrefix, on index: InterfaceIndex) {
        family = prefix.family
        prefixLength = prefix.length
        local = prefix.address
        self.index = index
    }

    /// An address towards one other host, to be added to a point-to-point link.
    ///
    /// `peer` is the other end, with the length of the prefix that is reached through it.
    public init(_ local: IPAddress, peer: IPPrefix, on index: InterfaceIndex) {
        family = local.family
        prefixLength = peer.length
        self.local = local
        self.peer = peer.address
        self.index = index
    }

    /// The link's own address with the length of the prefix.
    public var prefix: IPPrefix? { local.flatMap { IPPrefix($0, length: Int(prefixLength)) } }

    /// The same without what the kernel only reports: what goes back when the address is added again.
    public var settings: Address {
        var copy = self
        copy.state = AddressState()
        copy.flags.subtract(.reported)
        return copy
    }
}

extension Address {
    /// Reads an address message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try AddressHeader(message)
        family = header.family
        prefixLength = header.prefixLength
        index = InterfaceIndex(rawValue: Int32(truncatingIfNeeded: header.index))
        scope = RouteScope(rawValue: header.scope)
        flags = AddressFlags(rawValue: UInt32(header.flags))
        var first: IPAddress?
        var reader = try message.attributes(of: AddressAttribute.self, after: AddressHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .address: first = try keep(attribute) ?? first
            case .local: local = try keep(attribute) ?? local
            case .broadcast: broadcast = try keep(attribute) ?? broadcast
            case .anycast: anycast = try keep(attribute) ?? anycast
            case .multicast: state.multicast = try keep(attribute) ?? state.multicast
            case .label: label = attribute.string()
            case .cacheInformation: try decodeLifetimes(attribute.payload)
            case .flags: flags = AddressFlags(rawValue: try attribute.integer())
            case .metric: metric = try attribute.integer()
            case .origin: origin = AddressProtocol(rawValue: try attribute.integer())
            case .targetNamespaceID: state.namespaceID = NamespaceID(rawValue: try attribute.integer())
            default: unknown.keep(attribute)
            }
        }
        // With a peer it stands where the address itself does otherwise; an IPv4 address may have neither.
        if local == nil {
            local = first
        } else if let first {
            peer = first == local ? nil : first
        } else {
            peer = IPAddress(anyOf: family)
        }
    }

    /// Reads an address; those of families with other lengths are kept as they are.
    private mutating func keep(
        _ attribute: borrowing Attribute<AddressAttribute>
    ) throws(DecodeError) -> IPAddress? {
        if let address = try attribute.payload.ipAddress() { return address }
        unknown.keep(attribute)
        return nil
    }

    private mutating func decodeLifetimes(_ payload: RawSpan) throws(DecodeError) {
        preferredLifetime = AddressLifetime(rawValue: try payload.load(at: 0))  // struct ifa_cacheinfo.ifa_prefered
        validLifetime = AddressLifetime(rawValue: try payload.load(at: 4))  // struct ifa_cacheinfo.ifa_valid
        state.created = try payload.load(at: 8)  // struct ifa_cacheinfo.cstamp
        state.updated = try payload.load(at: 12)  // struct ifa_cacheinfo.tstamp
    }
}

extension Address {
    /// Writes all that is set.
    func encode(into writer: inout MessageWriter, keepingUnknown: Bool = true) {
        let sent = flags.subtracting(.reported)
        header(flags: sent).encode(into: &writer)
        writer.put(AddressAttribute.local, local)
        writer.put(AddressAttribute.address, peer ?? local)
        writer.put(AddressAttribute.broadcast, broadcast)
        writer.put(AddressAttribute.anycast, anycast)
        writer.put(AddressAttribute.label, label)
        writer.put(AddressAttribute.metric, metric)
        writer.put(AddressAttribute.origin, origin)
        if sent.rawValue > UInt8.max { writer.put(AddressAttribute.flags, sent.rawValue) }
        encodeLifetimes(into: &writer)
        if keepingUnknown { writer.put(unknown) }
    }

    /// Writes what finds the address, for removing it.
    func encodeKey(into writer: inout MessageWriter, anyPrefix: Bool) {
        var header = header(flags: flags.intersection(.manageTemporary))
        if anyPrefix { header.prefixLength = UInt8(truncatingIfNeeded: local?.bitCount ?? 0) }
        header.encode(into: &writer)
        writer.put(AddressAttribute.local, local)
        // Without it the kernel does not look at the prefix.
        if !anyPrefix { writer.put(AddressAttribute.address, peer ?? local) }
        writer.put(AddressAttribute.label, label)
        let sent = flags.intersection(.manageTemporary)
        if !sent.isEmpty { writer.put(AddressAttribute.flags, sent.rawValue) }
    }

    private func header(flags: AddressFlags) -> AddressHeader {
        var header = AddressHeader()
        header.family = family
        header.prefixLength = prefixLength
        header.flags = UInt8(exactly: flags.rawValue) ?? 0
        header.scope = (scope ?? defaultScope).rawValue
        header.index = UInt32(bitPattern: index.rawValue)
        return header
    }

    private var defaultScope: RouteScope {
        if let local = local?.ipv4, local.isLoopback { return .host }
        return .universe
    }

    private func encodeLifetimes(into writer: inout MessageWriter) {
        guard validLifetime != nil || preferredLifetime != nil else { return }
        let valid = validLifetime ?? .forever
        writer.put(AddressAttribute.cacheInformation, structure: 16) { structure in  // sizeof(struct ifa_cacheinfo)
            structure.store((preferredLifetime ?? valid).rawValue, at: 0)  // struct ifa_cacheinfo.ifa_prefered
            structure.store(valid.rawValue, at: 4)  // struct ifa_cacheinfo.ifa_valid
        }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        check(&validation)
        try validation.finish(object: prefix?.description)
    }

    private func check(_ validation: inout Validation) {
        guard let local else { return validation.add("local", "an address is missing") }
        if local.family != family { validation.add("local", "the address is not of the family") }
        if Int(prefixLength) > local.bitCount {
            validation.add("prefixLength", "prefix length above \(local.bitCount)")
        }
        for (field, other) in [("peer", peer), ("broadcast", broadcast), ("anycast", anycast)] {
            if let other, other.family != family { validation.add(field, "\(other) is not of the address's family") }
        }
        if let label, label.utf8.count > InterfaceName.maximumByteCount {
            validation.add("label", "label longer than 15 bytes")
        }
        if validLifetime == .seconds(0) { validation.add("validLifetime", "a valid lifetime of 0") }
        if let preferred = preferredLifetime, preferred > (validLifetime ?? .forever) {
            validation.add("preferredLifetime", "the preferred lifetime is longer than the valid one")
        }
        if flags.contains(.multicastAutojoin), !local.isMulticast {
            validation.add("flags", "autojoin of an address that is no group")
        }
        if flags.contains(.manageTemporary), family == .ipv6, prefixLength != 64 {
            validation.add("flags", "temporary addresses need a prefix length of 64")
        }
    }
}
