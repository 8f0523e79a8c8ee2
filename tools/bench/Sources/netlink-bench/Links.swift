// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Pairs of links, which every kernel has.
enum Links {
    /// A pair that is up; the number of its first link.
    static func makePair(_ name: String) throws -> InterfaceIndex {
        let connection = try BlockingRouteConnection()
        let first = LinkReference.name("\(name)0")
        if let known = try? connection.query(LinkQuery(first)) { return known.index }
        try connection.perform(AddLink(pair(name)))
        for end in ["\(name)0", "\(name)1"] {
            var up = Link(index: try connection.query(LinkQuery(.name(end))).index)
            up.isUp = true
            try connection.perform(UpdateLink(up))
        }
        return try connection.query(LinkQuery(first)).index
    }

    /// Many pairs, which stay down.
    static func makePairs(_ count: Int, _ name: String = "many") throws {
        let connection = try BlockingRouteConnection()
        var batch = Batch<RouteProtocol>()
        for number in 0..<count { try batch.append(AddLink(pair("\(name)\(number)x"))) }
        for case .failure(let error) in try connection.perform(&batch) where !error.isExisting { throw error }
    }

    private static func pair(_ name: String) -> Link {
        var link = Link(name: InterfaceName("\(name)0"))
        link.kind = AnyLinkKind(VethLink(peer: Link(name: InterfaceName("\(name)1"))))
        return link
    }
}
