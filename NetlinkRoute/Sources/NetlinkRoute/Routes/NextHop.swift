// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One of the next hops among which a route shares its traffic.
///
/// Kernel: `struct rtnexthop` inside `RTA_MULTIPATH`.
public struct NextHop: Hashable, Sendable {
    static let headerByteCount = 8  // sizeof(struct rtnexthop)

    /// The router on the way, of either family.
    ///
    /// Kernel: `RTA_GATEWAY`, or `RTA_VIA` for the other family.
    public var gateway: IPAddress?
    /// The link that packets leave by.
    ///
    /// Kernel: `rtnh_ifindex`.
    public var output: InterfaceIndex?
    /// Its share of the traffic, 1...256.
    ///
    /// Kernel: `rtnh_hops`, which is one less.
    public var weight: Int
    /// Flags, of which ``RouteFlags/onLink`` may be set.
    ///
    /// Kernel: `rtnh_flags`.
    public var flags: RouteFlags = []
    /// Realms.
    ///
    /// Kernel: `RTA_FLOW`.
    public var realms: RouteRealms?
    /// What packets are wrapped into.
    ///
    /// Kernel: `RTA_ENCAP_TYPE`, `RTA_ENCAP`.
    public var encapsulation: RawEncapsulation?
    /// A gateway of a family other than IPv4 and IPv6.
    ///
    /// Kernel: `RTA_VIA`.
    public var via: RawVia?
    /// The labels that replace the destination's; MPLS, as the kernel's bytes.
    ///
    /// Kernel: `RTA_NEWDST`.
    public var newDestination: [UInt8]?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A next hop by way of a gateway, a link or both.
    public init(via gateway: IPAddress? = nil, on output: InterfaceIndex? = nil, weight: Int = 1) {
        self.gateway = gateway
        self.output = output
        self.weight = weight
    }

    /// Reads the next hops of a route; lengths are checked before they are used, and every step advances.
    static func list(_ span: RawSpan) throws(DecodeError) -> [NextHop] {
        var hops: [NextHop] = []
        var start = 0
        while start < span.byteCount {
            let length = Int(try span.load(at: start, as: UInt16.self))
            guard length >= headerByteCount, length <= span.byteCount - start else {
                throw DecodeError(
                    .invalidLength, attribute: RouteAttribute.multipath.rawValue, expected: length,
                    actual: span.byteCount - start)
            }
            hops.append(try NextHop(span.bytes(from: start, count: length)))
            start += (length + 3) & ~3
        }
        return hops
    }

    private init(_ span: RawSpan) throws(DecodeError) {
        flags = RouteFlags(rawValue: UInt32(try span.load(at: 2, as: UInt8.self)))  // struct rtnexthop.rtnh_flags
        weight = Int(try span.load(at: 3, as: UInt8.self)) + 1  // struct rtnexthop.rtnh_hops
        let index = try span.load(at: 4, as: Int32.self)  // struct rtnexthop.rtnh_ifindex
        output = index == 0 ? nil : InterfaceIndex(rawValue: index)
        var encapsulationType: UInt16?
        var reader = AttributeReader<RouteAttribute>(span.bytes(from: Self.headerByteCount))
        while let attribute = try reader.next() {
            switch attribute.id {
            case .gateway: gateway = try attribute.payload.ipAddress()
            case .via:
                let raw = try RawVia(attribute.payload)
                if let address = try raw.ipAddress { gateway = address } else { via = raw }
            case .realms: realms = RouteRealms(rawValue: try attribute.integer())
            case .encapsulationType: encapsulationType = try attribute.integer()
            case .encapsulation: encapsulation = RawEncapsulation(type: 0, data: attribute.payload.array)
            case .newDestination: newDestination = attribute.payload.array
            default: unknown.keep(attribute)
            }
        }
        if let encapsulationType {
            encapsulation = RawEncapsulation(type: encapsulationType, data: encapsulation?.data ?? [])
        }
    }

    /// Writes the next hop inside the multipath attribute of a route of a family.
    func encode(into writer: inout MessageWriter, family: AddressFamily, keepingUnknown: Bool) {
        var body = MessageWriter(capacity: 256)
        body.put(RouteAttribute.self, gateway: gateway, of: family)
        via?.encode(RouteAttribute.via, into: &body)
        body.put(RouteAttribute.realms, realms?.rawValue)
        body.put(RouteAttribute.newDestination, newDestination)
        if let encapsulation { body.put(encapsulation) }
        if keepingUnknown { body.put(unknown) }
        do throws(NetlinkError) { try body.finish() } catch { return writer.fail(error) }
        guard (1...256).contains(weight) else {
            return writer.fail(
                NetlinkError(.invalidArgument, object: "next hop", explanation: "weight \(weight) is not in 1...256"))
        }
        guard let length = UInt16(exactly: Self.headerByteCount + body.count) else {
            return writer.fail(NetlinkError(.messageTooLong, object: "next hop"))
        }
        let flagNumber = UInt8(truncatingIfNeeded: flags.subtracting(.reported).rawValue)
        writer.structure(Self.headerByteCount) { structure in
            structure.store(length, at: 0)  // struct rtnexthop.rtnh_len
            structure.store(flagNumber, at: 2)  // struct rtnexthop.rtnh_flags
            structure.store(UInt8(truncatingIfNeeded: weight - 1), at: 3)  // struct rtnexthop.rtnh_hops
            structure.store(output?.rawValue ?? 0, at: 4)  // struct rtnexthop.rtnh_ifindex
        }
        writer.append(body.bytes)
    }
}

extension MessageWriter {
    /// Appends a gateway: plainly when it is of the route's family, else with its family.
    mutating func put(_: RouteAttribute.Type, gateway: IPAddress?, of family: AddressFamily) {
        guard let gateway else { return }
        if gateway.family == family { return put(RouteAttribute.gateway, gateway) }
        let bytes: [UInt8]
        switch gateway {
        case .v4(let address): bytes = bigEndianBytes(address.rawValue)
        case .v6(let address): bytes = bigEndianBytes(address.high) + bigEndianBytes(address.low)
        }
        RawVia(family: gateway.family, address: bytes).encode(RouteAttribute.via, into: &self)
    }

    /// Appends an encapsulation: its type behind its contents, as iproute2 orders them.
    mutating func put(_ encapsulation: RawEncapsulation) {
        nest(RouteAttribute.encapsulation) { $0.append(encapsulation.data.rawSpan) }
        put(RouteAttribute.encapsulationType, encapsulation.type)
    }
}

/// The bytes of an integer, most significant first.
func bigEndianBytes<T: FixedWidthInteger & UnsignedInteger>(_ value: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T(T.bitWidth - 8 - $0 * 8)) }
}
