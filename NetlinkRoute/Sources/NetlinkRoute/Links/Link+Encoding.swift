// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Link {
    /// Writes what is set and differs from `base`; without a base all that is set.
    ///
    /// What is not modelled goes along where a link is made, never where one is changed.
    func encode(
        into writer: inout MessageWriter, changing base: Link?, moving target: LinkTarget = LinkTarget(),
        keepingUnknown: Bool = true
    ) {
        var header = LinkHeader()
        header.index = index.rawValue
        header.flags = flags.rawValue
        header.change = changedFlags.rawValue
        header.encode(into: &writer)
        if let name, name != base?.name { writer.put(LinkAttribute.name, name.description) }
        target.encode(into: &writer)
        if let address, address != base?.address { writer.put(LinkAttribute.address, address.bytes) }
        if let broadcast, broadcast != base?.broadcast { writer.put(LinkAttribute.broadcast, broadcast.bytes) }
        writer.put(LinkAttribute.mtu, mtu, changing: base?.mtu)
        writer.put(LinkAttribute.transmitQueueLength, transmitQueueLength, changing: base?.transmitQueueLength)
        writer.put(LinkAttribute.link, parent, changing: base?.parent)
        writer.put(LinkAttribute.linkNamespaceID, parentNamespaceID, changing: base?.parentNamespaceID)
        writer.put(LinkAttribute.master, master, changing: base?.master)
        encodeCounts(into: &writer, changing: base)
        writer.put(LinkAttribute.alias, unterminated: alias == base?.alias ? nil : alias)
        writer.put(LinkAttribute.group, group, changing: base?.group)
        writer.put(LinkAttribute.mode, mode, changing: base?.mode)
        writer.put(LinkAttribute.operationalState, operationalState, changing: base?.operationalState)
        writer.put(LinkAttribute.carrier, carrier, changing: base?.carrier)
        encodeProtocolDown(into: &writer, changing: base)
        encodeKinds(into: &writer, changing: base, keepingUnknown: keepingUnknown)
        families?.encode(into: &writer, changing: base?.families ?? (keepingUnknown ? nil : LinkFamilies()))
        writer.put(virtualFunctionSettings)
        xdp?.encode(into: &writer)
        if base == nil, keepingUnknown { writer.put(unknown) }
    }

    private func encodeCounts(into writer: inout MessageWriter, changing base: Link?) {
        writer.put(LinkAttribute.transmitQueueCount, transmitQueueCount, changing: base?.transmitQueueCount)
        writer.put(LinkAttribute.receiveQueueCount, receiveQueueCount, changing: base?.receiveQueueCount)
        writer.put(LinkAttribute.gsoMaxSize, gsoMaxSize, changing: base?.gsoMaxSize)
        writer.put(LinkAttribute.gsoMaxSegments, gsoMaxSegments, changing: base?.gsoMaxSegments)
        writer.put(LinkAttribute.groMaxSize, groMaxSize, changing: base?.groMaxSize)
        writer.put(LinkAttribute.gsoIPv4MaxSize, gsoIPv4MaxSize, changing: base?.gsoIPv4MaxSize)
        writer.put(LinkAttribute.groIPv4MaxSize, groIPv4MaxSize, changing: base?.groIPv4MaxSize)
    }

    private func encodeProtocolDown(into writer: inout MessageWriter, changing base: Link?) {
        writer.put(LinkAttribute.protocolDown, protocolDown, changing: base?.protocolDown)
        guard let reasons = protocolDownReasons, reasons != base?.protocolDownReasons else { return }
        writer.nest(LinkAttribute.protocolDownReason) { writer in
            writer.put(ProtocolDownReasonAttribute.mask, reasons.mask)
            writer.put(ProtocolDownReasonAttribute.value, reasons.value)
        }
    }

    private func encodeKinds(into writer: inout MessageWriter, changing base: Link?, keepingUnknown: Bool) {
        let kindChanged = kind?.differs(from: base?.kind) == true
        let portChanged = portKind?.differs(from: base?.portKind) == true
        guard kindChanged || portChanged else { return }
        writer.nest(LinkAttribute.information, marked: false) { writer in
            if kindChanged, let kind {
                writer.put(LinkInformationAttribute.kind, unterminated: kind.name)
                kind.encodeData(.data, into: &writer, changing: base?.kind ?? (keepingUnknown ? nil : kind.blank))
            }
            if portChanged, let portKind {
                writer.put(LinkInformationAttribute.portKind, unterminated: portKind.name)
                portKind.encodeData(
                    .portData, into: &writer, changing: base?.portKind ?? (keepingUnknown ? nil : portKind.blank))
            }
        }
    }

    /// The same without what the kernel only reports: what goes back when the link is made again.
    public var settings: Link {
        var copy = self
        copy.state = LinkState()
        copy.kind = kind?.settings
        copy.portKind = portKind?.settings
        copy.flags.subtract(.reported)
        copy.families = families?.settings
        // The other end of a cable is made with it, under a new number.
        if kind?.as(VethLink.self) != nil || kind?.as(NetkitLink.self) != nil { copy.parent = nil }
        // They follow from the hardware and the links around, and the kernel refuses a zero address where there is one.
        copy.carrier = nil
        copy.operationalState = nil
        if address?.isZero == true { copy.address = nil }
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let kind { validation.include("kind") { () throws(NetlinkError) in try kind.validate() } }
        if let portKind { validation.include("portKind") { () throws(NetlinkError) in try portKind.validate() } }
        for function in virtualFunctionSettings {
            validation.include("virtualFunctionSettings") { () throws(NetlinkError) in try function.validate() }
        }
        if let alias, alias.utf8.count > 255 { validation.add("alias", "alias longer than 255 bytes") }
        try validation.finish(object: name?.description)
    }
}
