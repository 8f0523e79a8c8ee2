// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

// The kernel leaves part of what a new link is to have aside, or refuses it; it takes it from a link that exists.
extension Link {
    /// Whether some of what is set is taken by the kernel only from a link that exists.
    var needsSecondRequest: Bool {
        families != nil || protocolDown != nil || protocolDownReasons != nil || carrier != nil || portKind != nil
            || xdp != nil || !virtualFunctionSettings.isEmpty || alias?.isEmpty == false || comesUpAsPort
    }

    /// Whether it is to be up and a port: a bond takes only links that are down.
    private var comesUpAsPort: Bool {
        guard let master, master != InterfaceIndex.none else { return false }
        return flags.contains(.up) && (changedFlags.isEmpty || changedFlags.contains(.up))
    }

    /// What of this a new link can have, for ``AddLink``; the rest goes by a second request, as `add` of a connection does.
    public var initialSettings: Link {
        var first = self
        first.families = nil
        first.protocolDown = nil
        first.protocolDownReasons = nil
        first.carrier = nil
        first.portKind = nil
        first.xdp = nil
        first.virtualFunctionSettings = []
        first.alias = nil
        if comesUpAsPort { first.flags.remove(.up) }
        return first
    }

    /// How the link that was just made is found, to give it the rest.
    func referenceToNewLink(in target: LinkTarget) throws(NetlinkError) -> LinkReference {
        guard target.namespace == nil, target.requestNamespaceID == nil else {
            throw NetlinkError(
                .invalidArgument, operation: "add link", object: name?.description,
                explanation: "some settings are taken only from a link that exists: make them in its namespace")
        }
        // Of a pattern such as `eth%d` the kernel makes a name.
        if let name, !name.bytes.contains(UInt8(ascii: "%")) { return .name(name) }
        if index.isValid { return .index(index) }
        throw NetlinkError(
            .invalidArgument, operation: "add link",
            explanation: "a name is missing, by which to find the new link for settings that only links that exist take"
        )
    }

    /// What ``initialSettings`` leaves out.
    var laterSettings: Link {
        var later = Link()
        later.families = families
        later.protocolDown = protocolDown
        later.protocolDownReasons = protocolDownReasons
        later.carrier = carrier
        later.portKind = portKind
        later.xdp = xdp
        later.virtualFunctionSettings = virtualFunctionSettings
        later.alias = alias
        if comesUpAsPort { later.isUp = true }
        return later
    }

    /// The name by which a link is ensured: without one every new link would be another.
    func nameToEnsure() throws(NetlinkError) -> LinkReference {
        guard let name else {
            throw NetlinkError(.invalidArgument, operation: "ensure link", explanation: "a name is missing")
        }
        return .name(name)
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
        if wanted.alias?.isEmpty == true, found.alias == nil { wanted.alias = nil }
        wanted.changedFlags = changedFlags.intersection(flags.symmetricDifference(found.flags))
        wanted.flags = found.flags.symmetricDifference(wanted.changedFlags)
        let update = UpdateLink(wanted, from: found)
        if !wanted.changedFlags.isEmpty { return update }
        return try update.messageBytes().count == Self.emptyMessageByteCount ? nil : update
    }

    private static var emptyMessageByteCount: Int { MessageHeader.byteCount + LinkHeader.byteCount }
}
