// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
internal import NetlinkGeneric

extension LinkReference {
    /// Names longer than a link's first name are not found by WireGuard itself.
    var needsResolving: Bool { (name?.utf8.count ?? 0) > InterfaceName.maximumByteCount }
}

extension NetlinkError {
    static func noDevice(_ device: LinkReference) -> NetlinkError {
        NetlinkError(.noReply, operation: "read WireGuard device", object: device.description)
    }
}

extension Connection where Family == WireGuard {
    private func resolved(_ device: LinkReference) async throws(NetlinkError) -> LinkReference {
        device.needsResolving ? .index(try await makeResolver().index(of: device)) : device
    }

    /// A device with its peers.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is no such link, with
    ///   `NetlinkError.Code.notSupported` when it is none of WireGuard's.
    public func device(_ device: LinkReference) async throws(NetlinkError) -> WireGuardDevice {
        let elements = try await dump(.device(try await resolved(device)))
        guard let found = elements.first else { throw .noDevice(device) }
        return found
    }

    /// The links of WireGuard.
    public func interfaces() async throws(NetlinkError) -> [WireGuardInterface] {
        let links = try makeConnection(of: WireGuardLinks.self)
        return try await links.dump(WireGuardInterfaceDump())
    }

    /// All devices with their peers; one that goes away meanwhile is left out.
    public func devices() async throws(NetlinkError) -> [WireGuardDevice] {
        var devices: [WireGuardDevice] = []
        for interface in try await interfaces() {
            do throws(NetlinkError) { devices.append(try await device(.index(interface.index))) } catch {
                guard error.isNoDevice else { throw error }
            }
        }
        return devices
    }

    /// Changes a device and its peers, in as many messages as it takes.
    ///
    /// - Throws: `NetlinkError` of the first message that fails; what stood in those before it is done.
    public func update(_ device: LinkReference, _ change: WireGuardChange) async throws(NetlinkError) {
        try change.validate()
        for command in change.commands(for: try await resolved(device)) { try await perform(command) }
    }

    /// Gives a device all settings of another and no others; sessions of all peers end.
    public func replace(_ device: LinkReference, with settings: WireGuardDevice) async throws(NetlinkError) {
        try await update(device, WireGuardChange(replacingWith: settings))
    }

    /// Makes a device what is given with as little change as possible; sessions of peers that stay go on.
    ///
    /// - Returns: what was changed.
    @discardableResult
    public func ensure(
        _ device: LinkReference, is settings: WireGuardDevice
    ) async throws(NetlinkError) -> WireGuardChange {
        let change = WireGuardChange(from: try await self.device(device), to: settings)
        if !change.isEmpty { try await update(device, change) }
        return change
    }

    /// Adds a peer, or gives one that is there these settings.
    public func replace(_ peer: WireGuardPeer, of device: LinkReference) async throws(NetlinkError) {
        try await update(device, WireGuardChange(peers: [WireGuardPeerChange(peer)]))
    }

    /// Removes a peer; one that is not there is no error.
    public func remove(_ peer: WireGuardPublicKey, of device: LinkReference) async throws(NetlinkError) {
        try await update(device, WireGuardChange(peers: [.removing(peer)]))
    }

    /// What the running kernel's WireGuard accepts.
    public func wireGuardCapabilities() async throws(NetlinkError) -> WireGuardCapabilities {
        WireGuardCapabilities(try await capabilities())
    }
}

extension BlockingConnection where Family == WireGuard {
    private func resolved(_ device: LinkReference) throws(NetlinkError) -> LinkReference {
        device.needsResolving ? .index(try makeResolver().index(of: device)) : device
    }

    /// A device with its peers.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is no such link, with
    ///   `NetlinkError.Code.notSupported` when it is none of WireGuard's.
    public func device(_ device: LinkReference) throws(NetlinkError) -> WireGuardDevice {
        guard let found = try dump(.device(try resolved(device))).first else { throw .noDevice(device) }
        return found
    }

    /// The links of WireGuard.
    public func interfaces() throws(NetlinkError) -> [WireGuardInterface] {
        let links = try makeConnection(of: WireGuardLinks.self)
        return try links.dump(WireGuardInterfaceDump())
    }

    /// All devices with their peers; one that goes away meanwhile is left out.
    public func devices() throws(NetlinkError) -> [WireGuardDevice] {
        var devices: [WireGuardDevice] = []
        for interface in try interfaces() {
            do throws(NetlinkError) { devices.append(try device(.index(interface.index))) } catch {
                guard error.isNoDevice else { throw error }
            }
        }
        return devices
    }

    /// Changes a device and its peers, in as many messages as it takes.
    ///
    /// - Throws: `NetlinkError` of the first message that fails; what stood in those before it is done.
    public func update(_ device: LinkReference, _ change: WireGuardChange) throws(NetlinkError) {
        try change.validate()
        for command in change.commands(for: try resolved(device)) { try perform(command) }
    }

    /// Gives a device all settings of another and no others; sessions of all peers end.
    public func replace(_ device: LinkReference, with settings: WireGuardDevice) throws(NetlinkError) {
        try update(device, WireGuardChange(replacingWith: settings))
    }

    /// Makes a device what is given with as little change as possible; sessions of peers that stay go on.
    ///
    /// - Returns: what was changed.
    @discardableResult
    public func ensure(
        _ device: LinkReference, is settings: WireGuardDevice
    ) throws(NetlinkError) -> WireGuardChange {
        let change = WireGuardChange(from: try self.device(device), to: settings)
        if !change.isEmpty { try update(device, change) }
        return change
    }

    /// Adds a peer, or gives one that is there these settings.
    public func replace(_ peer: WireGuardPeer, of device: LinkReference) throws(NetlinkError) {
        try update(device, WireGuardChange(peers: [WireGuardPeerChange(peer)]))
    }

    /// Removes a peer; one that is not there is no error.
    public func remove(_ peer: WireGuardPublicKey, of device: LinkReference) throws(NetlinkError) {
        try update(device, WireGuardChange(peers: [.removing(peer)]))
    }

    /// What the running kernel's WireGuard accepts.
    public func wireGuardCapabilities() throws(NetlinkError) -> WireGuardCapabilities {
        WireGuardCapabilities(try capabilities())
    }
}
