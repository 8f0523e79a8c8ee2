// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Route {
    /// Reads a route message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        self.init(family: AddressFamily(rawValue: try message.field(0, UInt8.self)))  // struct rtmsg.rtm_family
        destinationLength = try message.field(1, UInt8.self)  // struct rtmsg.rtm_dst_len
        let sourceLength = try message.field(2, UInt8.self)  // struct rtmsg.rtm_src_len
        typeOfService = try message.field(3, UInt8.self)  // struct rtmsg.rtm_tos
        table = RoutingTable(rawValue: UInt32(try message.field(4, UInt8.self)))  // struct rtmsg.rtm_table
        origin = RoutingProtocol(rawValue: try message.field(5, UInt8.self))  // struct rtmsg.rtm_protocol
        scope = RouteScope(rawValue: try message.field(6, UInt8.self))  // struct rtmsg.rtm_scope
        type = RouteType(rawValue: try message.field(7, UInt8.self))  // struct rtmsg.rtm_type
        flags = RouteFlags(rawValue: try message.field(8, UInt32.self))  // struct rtmsg.rtm_flags
        let bits = family == .ipv6 ? 128 : 32
        if family == .ipv4 || family == .ipv6, Int(destinationLength) > bits || Int(sourceLength) > bits {
            throw DecodeError(.invalidValue, expected: bits, actual: Int(max(destinationLength, sourceLength)))
        }
        var reader = try message.attributes(of: RouteAttribute.self, after: RouteHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .destination:
                if isIP, try packedDestination.load(attribute.payload) {
                    present.insert(.destination)
                } else {
                    rawDestination = attribute.payload.array
                }
            case .gateway:
                if try packedGateway.load(attribute.payload) {
                    present.insert(attribute.payload.byteCount == 16 ? [.gateway, .gatewayIsV6] : .gateway)
                }
            case .preferredSource:
                if try packedSource.load(attribute.payload) {
                    present.insert(
                        attribute.payload.byteCount == 16 ? [.preferredSource, .sourceIsV6] : .preferredSource)
                }
            case .outputInterface:
                outputIndex = try attribute.integer()
                present.insert(.output)
            case .priority:
                priority = try attribute.integer()
                present.insert(.priority)
            case .table: table = RoutingTable(rawValue: try attribute.integer())
            case .preference:
                routerPreference = try attribute.integer()
                present.insert(.preference)
            case .padding: break
            default: try decodeRare(attribute, sourceLength: sourceLength)
            }
        }
    }

    private var isIP: Bool { family == .ipv4 || family == .ipv6 }

    private mutating func decodeRare(
        _ attribute: borrowing Attribute<RouteAttribute>, sourceLength: UInt8
    ) throws(DecodeError) {
        switch attribute.id {
        case .source:
            source = try attribute.payload.ipAddress().flatMap { IPPrefix($0, length: Int(sourceLength)) }
        case .inputInterface: input = InterfaceIndex(rawValue: try attribute.integer())
        case .metrics: metrics = try RouteMetrics(attribute.nested())
        case .multipath: nextHops = try NextHop.list(attribute.payload)
        case .realms: realms = RouteRealms(rawValue: try attribute.integer())
        case .cacheInformation: cache = try RouteCacheInformation(attribute.payload)
        case .mark: mark = try attribute.integer()
        case .multicastStatistics: multicastStatistics = try MulticastRouteStatistics(attribute.payload)
        case .via:
            let raw = try RawVia(attribute.payload)
            if let address = try raw.ipAddress { gateway = address } else { via = raw }
        case .newDestination: newDestination = attribute.payload.array
        case .encapsulationType:
            encapsulation = RawEncapsulation(type: try attribute.integer(), data: encapsulation?.data ?? [])
        case .encapsulation:
            encapsulation = RawEncapsulation(type: encapsulation?.type ?? 0, data: attribute.payload.array)
        case .expires: expires = try attribute.integer()
        case .user: user = try attribute.integer()
        case .ttlPropagation: ttlPropagation = try attribute.integer(UInt8.self) != 0
        case .ipProtocol: ipProtocol = try attribute.integer()
        case .sourcePort: sourcePort = try attribute.bigEndian()
        case .destinationPort: destinationPort = try attribute.bigEndian()
        case .nextHopID: nextHopID = try attribute.integer()
        case .flowLabel: flowLabel = try attribute.bigEndian()
        default:
            var kept = unknown
            kept.keep(attribute)
            unknown = kept
        }
    }

    /// The header that names this route.
    var header: RouteHeader {
        var header = RouteHeader()
        header.family = family
        header.destinationLength = destinationLength
        header.sourceLength = rare == nil ? 0 : source?.length ?? 0
        header.typeOfService = typeOfService
        header.table = table.rawValue < 256 ? UInt8(table.rawValue) : 0
        header.origin = origin.rawValue
        header.scope = scope.rawValue
        header.type = type.rawValue
        header.flags = flags.rawValue
        return header
    }

    /// Writes everything that is set.
    func encode(into writer: inout MessageWriter) { encode(header, into: &writer) }

    /// Writes everything that is set, under the header given.
    func encode(_ header: RouteHeader, into writer: inout MessageWriter, keepingUnknown: Bool = true) {
        header.encode(into: &writer)
        if present.contains(.destination) { writer.put(RouteAttribute.destination, destination?.address) }
        if rare != nil {
            writer.put(RouteAttribute.destination, rawDestination)
            writer.put(RouteAttribute.source, source.flatMap { $0.length > 0 ? $0.address : nil })
        }
        if table.rawValue >= 256 { writer.put(RouteAttribute.table, table.rawValue) }
        writer.put(RouteAttribute.self, gateway: gateway, of: family)
        if rare != nil { via?.encode(RouteAttribute.via, into: &writer) }
        writer.put(RouteAttribute.preferredSource, preferredSource)
        if present.contains(.priority) { writer.put(RouteAttribute.priority, priority) }
        if present.contains(.output) { writer.put(RouteAttribute.outputInterface, outputIndex) }
        if present.contains(.preference) { writer.put(RouteAttribute.preference, routerPreference) }
        if rare != nil { encodeRare(into: &writer, keepingUnknown: keepingUnknown) }
    }

    private func encodeRare(into writer: inout MessageWriter, keepingUnknown: Bool) {
        writer.put(RouteAttribute.inputInterface, input)
        writer.put(RouteAttribute.realms, realms?.rawValue)
        writer.put(RouteAttribute.mark, mark)
        writer.put(RouteAttribute.user, user)
        writer.put(RouteAttribute.nextHopID, nextHopID)
        writer.put(RouteAttribute.newDestination, newDestination)
        writer.put(RouteAttribute.ttlPropagation, ttlPropagation)
        writer.put(RouteAttribute.expires, expires)
        writer.put(RouteAttribute.ipProtocol, ipProtocol)
        writer.put(RouteAttribute.sourcePort, bigEndian: sourcePort)
        writer.put(RouteAttribute.destinationPort, bigEndian: destinationPort)
        writer.put(RouteAttribute.flowLabel, bigEndian: flowLabel)
        if let metrics {
            writer.nestUnlessEmpty(RouteAttribute.metrics, marked: false) {
                metrics.encode(into: &$0, keepingUnknown: keepingUnknown)
            }
        }
        if !nextHops.isEmpty {
            writer.nest(RouteAttribute.multipath, marked: false) { writer in
                for hop in nextHops { hop.encode(into: &writer, family: family, keepingUnknown: keepingUnknown) }
            }
        }
        if let encapsulation { writer.put(encapsulation) }
        if keepingUnknown { writer.put(unknown) }
    }

    /// The same without what the kernel only reports: what goes back when the route is made again.
    ///
    /// What is left of an IPv6 route's life becomes ``expires``, and of a route that uses a next hop object the object alone
    /// remains.
    public var settings: Route {
        var copy = self
        copy.cache = nil
        copy.multicastStatistics = nil
        copy.flags.formIntersection([.onLink, .pervasive, .notify, .equalize])
        guard rare != nil else { return copy }
        copy.nextHops = nextHops.map { hop in
            var hop = hop
            hop.flags.subtract(.reported)
            return hop
        }
        // An IPv6 route tells the rest of its life as ticks among its cache information.
        if family == .ipv6, expires == nil, let left = cache?.expires, left > 0 {
            copy.expires = (UInt32(left) + 99) / 100
        }
        // The kernel tells the next hop that an object stands for, and takes only the object.
        if nextHopID != nil {
            copy.gateway = nil
            copy.output = nil
            copy.nextHops = []
            copy.encapsulation = nil
        }
        return copy
    }
}
