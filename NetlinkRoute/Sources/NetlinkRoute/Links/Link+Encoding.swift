// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Link {
    /// Writes what is set and differs from `base`; without a base all that is set, as for making a link.
    func encode(into writer: inout MessageWriter, changing base: Link?, moving target: LinkTarget = LinkTarget()) {
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
        encodeKinds(into: &writer, changing: base)
        families?.encode(into: &writer, changing: base?.families)
        writer.put(virtualFunctionSettings)
        xdp?.encode(into: &writer)
        if base == nil { writer.put(unknown) }
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

    private func encodeKinds(into writer: inout MessageWriter, changing base: Link?) {
        let kindChanged = kind?.differs(from: base?.kind) == true
        let portChanged = portKind?.differs(from: base?.portKind) == true
        guard kindChanged || portChanged else { return }
        writer.nest(LinkAttribute.information, marked: false) { writer in
            if kindChanged, let kind {
                writer.put(LinkInformationAttribute.kind, unterminated: kind.name)
                kind.encodeData(.data, into: &writer, changing: base?.kind)
            }
            if portChanged, let portKind {
                writer.put(LinkInformationAttribute.portKind, unterminated: portKind.name)
                portKind.encodeData(.portData, into: &writer, changing: base?.portKind)
            }
        }
    }

    /// The same without what the kernel only reports: what goes back when the link is made again.
    public var settings: Link {
        var copy = self
        copy.state = LinkState()
        copy.kind = kind?.settings
        copy.portKind = portKind?.settings
        // The kernel takes the families' settings only from links that exist, and a zero address from none that has one.
        copy.families = nil
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

/// Where a link is made or moved to.
public struct LinkTarget: Hashable, Sendable {
    /// A namespace, in one of the ways in which the kernel takes it.
    public enum Destination: Hashable, Sendable {
        /// The one in which a process is.
        ///
        /// Kernel: `IFLA_NET_NS_PID`.
        case pid(Int32)
        /// An open descriptor of one.
        ///
        /// Kernel: `IFLA_NET_NS_FD`.
        case descriptor(Int32)
    }

    /// The namespace to make the link in or to move it to.
    public var namespace: Destination?
    /// The number that the link is to have there.
    ///
    /// Kernel: `IFLA_NEW_IFINDEX`.
    public var newIndex: InterfaceIndex?
    /// The namespace, by its id in this one, in which the request is carried out.
    ///
    /// Kernel: `IFLA_TARGET_NETNSID`.
    public var requestNamespaceID: Int32?

    /// This namespace.
    public init(_ namespace: Destination? = nil) { self.namespace = namespace }

    func encode(into writer: inout MessageWriter) {
        switch namespace {
        case .pid(let pid): writer.put(LinkAttribute.namespacePID, pid)
        case .descriptor(let number): writer.put(LinkAttribute.namespaceDescriptor, number)
        case nil: break
        }
        writer.put(LinkAttribute.newIndex, newIndex)
        writer.put(LinkAttribute.targetNamespaceID, requestNamespaceID)
    }
}
