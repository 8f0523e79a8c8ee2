// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Tables by other names than their own, and families by theirs.
enum RouteTables {
    /// The table of a VRF.
    static func vrf(_ name: Word, _ session: inout Session) throws(CommandError) -> RoutingTable {
        let connection = try session.connection
        guard let link = try? connection.query(LinkQuery(.name(name.string), detail: .withoutStatistics)),
            let table = link.kind?.as(VRFLink.self)?.table
        else { throw .invalid(name, "Invalid VRF\n") }
        return RoutingTable(rawValue: table)
    }

    /// The family that a word in front of a gateway names.
    static func family(named word: Word) -> AddressFamily? {
        switch word {
        case "inet": .ipv4
        case "inet6": .ipv6
        case "mpls": .mpls
        case "bridge": .bridge
        case "link": .packet
        default: nil
        }
    }
}

extension IPAddress {
    /// The address's bytes, most significant first.
    var bytes: [UInt8] {
        switch self {
        case .v4(let address): Self.bytes(UInt64(address.rawValue), 4)
        case .v6(let address): Self.bytes(address.high, 8) + Self.bytes(address.low, 8)
        }
    }

    private static func bytes(_ value: UInt64, _ count: UInt64) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
    }
}
