// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What was done so that an object is there as it should be.
public enum EnsureOutcome: Hashable, Sendable {
    /// It was missing and was added.
    case added
    /// It was there, but not as wanted, and was changed.
    case changed
    /// It was there as wanted.
    case unchanged
}

extension Address {
    /// Whether this address, as read, has all that is set in another.
    func satisfies(_ wanted: Address) -> Bool {
        func fits<T: Equatable>(_ have: T?, _ want: T?) -> Bool { want == nil || want == have }
        // A lifetime that ends has gone on since it was set.
        func fits(_ have: AddressLifetime?, lasting want: AddressLifetime?) -> Bool {
            want == nil || have == .forever && want == .forever
        }
        return prefixLength == wanted.prefixLength && peer == wanted.peer
            && flags.isSuperset(of: wanted.flags.subtracting(.reported))
            && (family == .ipv6 || fits(scope, wanted.scope)) && fits(broadcast, wanted.broadcast)
            && fits(label, wanted.label) && fits(metric, wanted.metric) && fits(origin, wanted.origin)
            && fits(validLifetime, lasting: wanted.validLifetime)
            && fits(preferredLifetime, lasting: wanted.preferredLifetime)
    }

    /// Whether replacing this address, as read, by another leaves a difference.
    func keepsDifference(to wanted: Address) -> Bool {
        var reachable = wanted
        // What the kernel takes over into an address that is there.
        reachable.validLifetime = nil
        reachable.preferredLifetime = nil
        reachable.metric = nil
        if family == .ipv6 {
            reachable.flags = []
            reachable.peer = peer
            reachable.origin = nil
        }
        return !satisfies(reachable)
    }

    /// Whether both stand for the same object of the kernel, so that only one can be there.
    func isSameObject(as other: Address) -> Bool {
        guard index == other.index, local == other.local else { return false }
        if family == .ipv6 { return true }
        guard prefixLength == other.prefixLength else { return false }
        let network = (peer ?? local).flatMap { IPPrefix($0, length: Int(prefixLength))?.network }
        let otherNetwork = (other.peer ?? other.local).flatMap { IPPrefix($0, length: Int(prefixLength))?.network }
        return network == otherNetwork
    }

    /// What is left to do when the kernel says that the address exists.
    func outcome(among addresses: [Address]) throws(NetlinkError) -> EnsureOutcome {
        guard let present = addresses.first(where: { $0.isSameObject(as: self) }) else { return .changed }
        if present.satisfies(self) { return .unchanged }
        if present.keepsDifference(to: self) {
            throw NetlinkError(
                .exists, operation: "ensure address", object: prefix?.description,
                explanation: "it is there with other settings that only removing it can change")
        }
        return .changed
    }
}
