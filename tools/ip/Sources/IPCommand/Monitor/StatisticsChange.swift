// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A change of what a device counts by itself of the packets that it forwards.
struct StatisticsChange {
    private struct Attribute: AttributeID {
        let rawValue: UInt16

        static var offloaded: Self { Self(rawValue: 4) }  // IFLA_STATS_LINK_OFFLOAD_XSTATS
    }

    /// Attributes inside `IFLA_STATS_LINK_OFFLOAD_XSTATS`.
    private struct OffloadAttribute: AttributeID {
        let rawValue: UInt16

        static var information: Self { Self(rawValue: 2) }  // IFLA_OFFLOAD_XSTATS_HW_S_INFO
        static var routed: Self { Self(rawValue: 3) }  // IFLA_OFFLOAD_XSTATS_L3_STATS
    }

    /// Attributes of one group of counters.
    private struct GroupAttribute: AttributeID {
        let rawValue: UInt16

        static var isRequested: Self { Self(rawValue: 1) }  // IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST
        static var isUsed: Self { Self(rawValue: 2) }  // IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED
    }

    private let index: InterfaceIndex
    private var routed: (isRequested: Bool?, isUsed: Bool?)?

    init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 12  // sizeof(struct if_stats_msg)
        index = InterfaceIndex(rawValue: try message.field(4))  // struct if_stats_msg.ifindex
        var reader = try message.attributes(of: Attribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            guard attribute.id == .offloaded else { continue }
            var offloaded = attribute.nested(OffloadAttribute.self)
            while let part = try offloaded.next() {
                guard part.id == .information else { continue }
                var groups = part.nested(OffloadAttribute.self)
                while let group = try groups.next() {
                    if group.id == .routed { routed = try Self.group(group.nested()) }
                }
            }
        }
    }

    private static func group(
        _ attributes: consuming AttributeReader<GroupAttribute>
    ) throws(DecodeError) -> (isRequested: Bool?, isUsed: Bool?) {
        var isRequested: Bool?
        var isUsed: Bool?
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .isRequested: isRequested = try attribute.integer(UInt8.self) != 0
            case .isUsed: isUsed = try attribute.integer(UInt8.self) != 0
            default: break
            }
        }
        return (isRequested, isUsed)
    }

    func print(_ session: inout Session) {
        session.output.number(nil, index.rawValue, suffix: ":")
        session.output.string(nil, [0x20] + session.links.name(of: index), suffix: ":", color: .interfaceName)
        if let routed {
            session.output.newline()
            session.output.text("    l3_stats")
            if let isRequested = routed.isRequested { session.output.text(isRequested ? " on" : " off") }
            if let isUsed = routed.isUsed { session.output.text(isUsed ? " used on" : " used off") }
        }
        // With -o iproute2 ends this line with a backslash too.
        session.output.newline()
    }
}
