// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Address {
    fileprivate static func first(
        _ local: IPAddress, among addresses: [Address]
    ) throws(NetlinkError) -> Address {
        guard let found = addresses.first(where: { $0.local == local }) else {
            throw NetlinkError(.addressNotAvailable, operation: "get address", object: local.description)
        }
        return found
    }
}

extension Connection where Family == RouteProtocol {
    /// The addresses of a link, of a family, or all.
    public func addresses(
        on index: InterfaceIndex? = nil, family: AddressFamily = .unspecified
    ) async throws(NetlinkError) -> [Address] {
        try await dump(.addresses(on: index, family: family))
    }

    /// One address, of a link or of whichever has it.
    ///
    /// IPv6 addresses are asked for one by one; of IPv4 addresses the kernel has only lists, in which the first is taken.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.addressNotAvailable` when there is none.
    public func address(
        _ local: IPAddress, on index: InterfaceIndex? = nil
    ) async throws(NetlinkError) -> Address {
        if case .v6(let local) = local { return try await query(AddressQuery(local, on: index)) }
        return try Address.first(local, among: try await addresses(on: index, family: .ipv4))
    }

    /// Adds an address to its link.
    public func add(_ address: Address) async throws(NetlinkError) { try await perform(AddAddress(address)) }

    /// Adds an address, or changes lifetimes and metric of the one that is there.
    public func replace(_ address: Address) async throws(NetlinkError) {
        try await perform(AddAddress(address, mode: .replace))
    }

    /// Changes lifetimes and metric of an address that is there; kernels to date add one that is not.
    public func update(_ address: Address) async throws(NetlinkError) {
        try await perform(AddAddress(address, mode: .change))
    }

    /// Removes an address from its link.
    public func remove(_ address: Address) async throws(NetlinkError) { try await perform(RemoveAddress(address)) }

    /// Sees to it that an address is there with all that is set in it; what is nil stays as it is.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when it is there with what cannot be changed.
    @discardableResult
    public func ensure(_ address: Address) async throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try await perform(AddAddress(address))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        let outcome = try address.outcome(
            among: try await dump(.addresses(on: address.index, family: address.family)))
        if outcome == .changed { try await perform(AddAddress(address, mode: .replace)) }
        return outcome
    }

    /// Removes all addresses of a selection, looking again until none is left.
    @discardableResult
    public func flushAddresses(
        _ selection: AddressDump = .addresses, rounds: Int = 10, where isMeant: (Address) -> Bool = { _ in true }
    ) async throws(NetlinkError) -> FlushReport {
        try await flush(selection, rounds: rounds, where: isMeant) { RemoveAddress($0) }
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The addresses of a link, of a family, or all.
    public func addresses(
        on index: InterfaceIndex? = nil, family: AddressFamily = .unspecified
    ) throws(NetlinkError) -> [Address] {
        try dump(.addresses(on: index, family: family))
    }

    /// One address, of a link or of whichever has it.
    ///
    /// IPv6 addresses are asked for one by one; of IPv4 addresses the kernel has only lists, in which the first is taken.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.addressNotAvailable` when there is none.
    public func address(
        _ local: IPAddress, on index: InterfaceIndex? = nil
    ) throws(NetlinkError) -> Address {
        if case .v6(let local) = local { return try query(AddressQuery(local, on: index)) }
        return try Address.first(local, among: try addresses(on: index, family: .ipv4))
    }

    /// Adds an address to its link.
    public func add(_ address: Address) throws(NetlinkError) { try perform(AddAddress(address)) }

    /// Adds an address, or changes lifetimes and metric of the one that is there.
    public func replace(_ address: Address) throws(NetlinkError) { try perform(AddAddress(address, mode: .replace)) }

    /// Changes lifetimes and metric of an address that is there; kernels to date add one that is not.
    public func update(_ address: Address) throws(NetlinkError) { try perform(AddAddress(address, mode: .change)) }

    /// Removes an address from its link.
    public func remove(_ address: Address) throws(NetlinkError) { try perform(RemoveAddress(address)) }

    /// Sees to it that an address is there with all that is set in it; what is nil stays as it is.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when it is there with what cannot be changed.
    @discardableResult
    public func ensure(_ address: Address) throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try perform(AddAddress(address))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        let outcome = try address.outcome(among: try dump(.addresses(on: address.index, family: address.family)))
        if outcome == .changed { try perform(AddAddress(address, mode: .replace)) }
        return outcome
    }

    /// Removes all addresses of a selection, looking again until none is left.
    ///
    /// `onRound` is told before each round, with its number from 1 on, what will be removed.
    @discardableResult
    public func flushAddresses(
        _ selection: AddressDump = .addresses, rounds: Int = 10, where isMeant: (Address) -> Bool = { _ in true },
        onRound: (Int, [Address]) -> Void = { _, _ in }
    ) throws(NetlinkError) -> FlushReport {
        try flush(selection, rounds: rounds, where: isMeant, onRound: onRound) { RemoveAddress($0) }
    }
}
