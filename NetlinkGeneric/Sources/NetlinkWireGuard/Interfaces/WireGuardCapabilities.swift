// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
public import NetlinkGeneric

/// What the running kernel's WireGuard accepts, as it says itself.
public struct WireGuardCapabilities: Hashable, Sendable {
    /// Whether single allowed addresses can be removed; nil where the kernel does not say (before Linux 5.10).
    public var removesAllowedAddresses: Bool?
    /// Whether a peer can be changed without being made; nil where the kernel does not say.
    public var updatesOnly: Bool?
    /// The family and its whole policy.
    public var family: FamilyCapabilities

    init(_ family: FamilyCapabilities) {
        self.family = family
        let set = WireGuardCommand.setDevice.rawValue
        let flags = [DeviceAttribute.peers.rawValue, PeerAttribute.flags.rawValue]
        removesAllowedAddresses = family.accepts(
            [
                DeviceAttribute.peers.rawValue, PeerAttribute.allowedAddresses.rawValue,
                AllowedAddressAttribute.flags.rawValue,
            ], in: set)
        updatesOnly = family.policy?.policy(of: flags, in: set)?.mask.map { $0 & UInt64(PeerFlag.updateOnly) != 0 }
    }
}
