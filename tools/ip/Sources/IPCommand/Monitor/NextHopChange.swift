// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A change of a next hop, or a group of them, that is an object of its own.
struct NextHopChange {
    private struct Attribute: AttributeID {
        let rawValue: UInt16

        static var id: Self { Self(rawValue: 1) }  // NHA_ID
        static var group: Self { Self(rawValue: 2) }  // NHA_GROUP
        static var groupType: Self { Self(rawValue: 3) }  // NHA_GROUP_TYPE
        static var blackhole: Self { Self(rawValue: 4) }  // NHA_BLACKHOLE
        static var output: Self { Self(rawValue: 5) }  // NHA_OIF
        static var gateway: Self { Self(rawValue: 6) }  // NHA_GATEWAY
        static var encapsulationType: Self { Self(rawValue: 7) }  // NHA_ENCAP_TYPE
        static var encapsulation: Self { Self(rawValue: 8) }  // NHA_ENCAP
        static var forwardingDatabase: Self { Self(rawValue: 11) }  // NHA_FDB
        static var resilient: Self { Self(rawValue: 12) }  // NHA_RES_GROUP
    }

    /// Attributes inside `NHA_RES_GROUP`.
    private struct ResilientAttribute: AttributeID {
        let rawValue: UInt16

        static var buckets: Self { Self(rawValue: 1) }  // NHA_RES_GROUP_BUCKETS
        static var idleTimer: Self { Self(rawValue: 2) }  // NHA_RES_GROUP_IDLE_TIMER
        static var unbalancedTimer: Self { Self(rawValue: 3) }  // NHA_RES_GROUP_UNBALANCED_TIMER
        static var unbalancedTime: Self { Self(rawValue: 4) }  // NHA_RES_GROUP_UNBALANCED_TIME
    }

    private struct Resilient {
        var buckets: UInt16 = 0
        var idleTimer: UInt32 = 0
        var unbalancedTimer: UInt32 = 0
        var unbalancedTime: UInt64 = 0
    }

    private let scope: UInt8
    private let origin: UInt8
    private let flags: RouteFlags
    private var id: UInt32?
    private var members: [(id: UInt32, weight: UInt32)] = []
    private var groupType: UInt16?
    private var resilient: Resilient?
    private var isBlackhole = false
    private var output: InterfaceIndex?
    private var gateway: IPAddress?
    private var encapsulation: RawEncapsulation?
    private var isForwardingDatabase = false

    init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 8  // sizeof(struct nhmsg)
        scope = try message.field(1)  // struct nhmsg.nh_scope
        origin = try message.field(2)  // struct nhmsg.nh_protocol
        flags = RouteFlags(rawValue: try message.field(4))  // struct nhmsg.nh_flags
        var encapsulationType: UInt16?
        var reader = try message.attributes(of: Attribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .id: id = try attribute.integer()
            case .group: members = try Self.members(attribute.payload)
            case .groupType: groupType = try attribute.integer()
            case .blackhole: isBlackhole = true
            case .output: output = InterfaceIndex(rawValue: try attribute.integer())
            case .gateway: gateway = try attribute.payload.hostAddress()
            case .encapsulationType: encapsulationType = try attribute.integer()
            case .encapsulation: encapsulation = RawEncapsulation(type: 0, data: attribute.payload.array)
            case .forwardingDatabase: isForwardingDatabase = true
            case .resilient: resilient = try Self.resilient(attribute.nested())
            default: break
            }
        }
        if let encapsulationType {
            encapsulation = RawEncapsulation(type: encapsulationType, data: encapsulation?.data ?? [])
        }
    }

    private static func members(_ payload: RawSpan) throws(DecodeError) -> [(id: UInt32, weight: UInt32)] {
        let memberByteCount = 8  // sizeof(struct nexthop_grp)
        var members: [(id: UInt32, weight: UInt32)] = []
        var start = 0
        while start + memberByteCount <= payload.byteCount {
            let id: UInt32 = try payload.load(at: start + 0)  // struct nexthop_grp.id
            let low: UInt8 = try payload.load(at: start + 4)  // struct nexthop_grp.weight
            let high: UInt8 = try payload.load(at: start + 5)  // struct nexthop_grp.weight_high
            members.append((id, UInt32(high) << 8 + UInt32(low) + 1))
            start += memberByteCount
        }
        return members
    }

    private static func resilient(
        _ attributes: consuming AttributeReader<ResilientAttribute>
    ) throws(DecodeError) -> Resilient {
        var resilient = Resilient()
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .buckets: resilient.buckets = try attribute.integer()
            case .idleTimer: resilient.idleTimer = try attribute.integer()
            case .unbalancedTimer: resilient.unbalancedTimer = try attribute.integer()
            case .unbalancedTime: resilient.unbalancedTime = try attribute.integer()
            default: break
            }
        }
        return resilient
    }

    // MARK: Printing

    func print(isDeleted: Bool, _ session: inout Session) {
        if isDeleted { session.output.text("Deleted ") }
        if let id { session.output.number(nil, id, prefix: "id ", suffix: " ") }
        if !members.isEmpty { printMembers(&session.output) }
        if let groupType { printType(groupType, &session.output) }
        if let encapsulation { RouteExtras.print(encapsulation, &session) }
        if let gateway {
            session.output.string(
                nil, session.host(gateway), prefix: "via ", suffix: " ", color: .of(gateway.family))
        }
        if let output {
            session.output.string(
                nil, session.links.name(of: output), prefix: "dev ", suffix: " ", color: .interfaceName)
        }
        if scope != 0 || session.options.details > 0 {
            session.output.string(nil, session.names.scopes.name(UInt32(scope)), prefix: "scope ", suffix: " ")
        }
        if isBlackhole { session.output.text("blackhole ") }
        if origin != 0 || session.options.details > 0 {
            session.output.string(nil, session.names.protocols.name(UInt32(origin)), prefix: "proto ", suffix: " ")
        }
        RoutePrinter.printFlags(flags, &session)
        if isForwardingDatabase { session.output.text("fdb") }
        session.output.endLine()
    }

    private func printMembers(_ output: inout Output) {
        output.text("group ")
        for (position, member) in members.enumerated() {
            if position > 0 { output.text("/") }
            output.text(number: member.id)
            if member.weight > 1 { output.number(nil, member.weight, prefix: ",") }
        }
        output.text(" ")
    }

    private func printType(_ type: UInt16, _ output: inout Output) {
        let hashThreshold: UInt16 = 0  // NEXTHOP_GRP_TYPE_MPATH
        let resilientType: UInt16 = 1  // NEXTHOP_GRP_TYPE_RES
        if type == hashThreshold { return }
        if type == resilientType {
            output.text("type resilient ")
        } else {
            output.number(nil, type, prefix: "type ", suffix: " ")
        }
        guard let resilient else { return }
        output.number(nil, resilient.buckets, prefix: "buckets ", suffix: " ")
        // Times come in hundredths of a second.
        output.general(nil, Double(resilient.idleTimer) / 100, prefix: "idle_timer ", suffix: " ")
        output.general(nil, Double(resilient.unbalancedTimer) / 100, prefix: "unbalanced_timer ", suffix: " ")
        output.general(nil, Double(resilient.unbalancedTime) / 100, prefix: "unbalanced_time ", suffix: " ")
    }
}
