// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

extension Link {
    /// The name by which a link is ensured: without one every new link would be another.
    func nameToEnsure() throws(NetlinkError) -> LinkReference {
        guard let name else {
            throw NetlinkError(.invalidArgument, operation: "ensure link", explanation: "a name is missing")
        }
        return .name(name)
    }

    /// Whether some of what is set is taken by the kernel only from a link that exists.
    var needsSecondRequest: Bool { families != nil || protocolDown != nil || protocolDownReasons != nil }

    /// What of this a new link can have.
    var firstRequest: AddLink {
        var first = self
        first.families = nil
        first.protocolDown = nil
        first.protocolDownReasons = nil
        return AddLink(first)
    }

    /// The change that gives a link that was found what is set in this one; nil where it has all of it.
    func update(toEnsure found: Link, of reference: LinkReference) throws(NetlinkError) -> UpdateLink? {
        if let kind, kind.name != found.kind?.name {
            throw NetlinkError(
                .exists, operation: "ensure link", object: reference.description,
                explanation: "it is of kind \(found.kind?.name ?? "none"), not \(kind.name)")
        }
        var wanted = self
        wanted.index = found.index
        // An alternative name finds the link too, and is no reason to rename it.
        wanted.name = nil
        wanted.kind = kind?.reported
        // Taken out of a master and never having had one are the same.
        if wanted.master == InterfaceIndex.none, found.master == nil { wanted.master = nil }
        wanted.changedFlags = changedFlags.intersection(flags.symmetricDifference(found.flags))
        wanted.flags = found.flags.symmetricDifference(wanted.changedFlags)
        wanted.unknown = UnknownAttributes()
        let update = UpdateLink(wanted, from: found)
        if !wanted.changedFlags.isEmpty { return update }
        return try update.messageBytes().count == Self.emptyMessageByteCount ? nil : update
    }

    private static var emptyMessageByteCount: Int { MessageHeader.byteCount + LinkHeader.byteCount }
}
