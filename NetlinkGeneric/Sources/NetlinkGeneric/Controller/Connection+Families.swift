// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Connection where Family: GenericFamily {
    /// The families that are registered.
    public func families() async throws(NetlinkError) -> [FamilyDescription] { try await dump(FamilyDump()) }

    /// One family.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have it.
    public func family(_ family: FamilyReference) async throws(NetlinkError) -> FamilyDescription {
        try await query(FamilyQuery(family))
    }

    /// The family that the connection is typed to.
    public func family() async throws(NetlinkError) -> FamilyDescription { try await family(.name(Family.name)) }

    /// What the commands of a family accept.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family, with
    ///   `NetlinkError.Code.notSupported` when it cannot say (before Linux 5.7) and with `NetlinkError.Code.noData` when
    ///   the family or the command checks nothing.
    public func policy(of family: FamilyReference, command: UInt8? = nil) async throws(NetlinkError) -> FamilyPolicy {
        try await dump(PolicyDump(family, command: command)).first ?? FamilyPolicy()
    }

    /// What the kernel's family can do and accepts.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family.
    public func capabilities(of family: FamilyReference) async throws(NetlinkError) -> FamilyCapabilities {
        let description = try await self.family(family)
        let result: Result<FamilyPolicy, NetlinkError>
        do throws(NetlinkError) { result = .success(try await policy(of: .id(description.id))) } catch {
            result = .failure(error)
        }
        return try FamilyCapabilities(description, result)
    }

    /// What the kernel's family that the connection is typed to can do and accepts.
    public func capabilities() async throws(NetlinkError) -> FamilyCapabilities {
        try await capabilities(of: .name(Family.name))
    }
}

extension BlockingConnection where Family: GenericFamily {
    /// The families that are registered.
    public func families() throws(NetlinkError) -> [FamilyDescription] { try dump(FamilyDump()) }

    /// One family.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have it.
    public func family(_ family: FamilyReference) throws(NetlinkError) -> FamilyDescription {
        try query(FamilyQuery(family))
    }

    /// The family that the connection is typed to.
    public func family() throws(NetlinkError) -> FamilyDescription { try family(.name(Family.name)) }

    /// What the commands of a family accept.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family, with
    ///   `NetlinkError.Code.notSupported` when it cannot say (before Linux 5.7) and with `NetlinkError.Code.noData` when
    ///   the family or the command checks nothing.
    public func policy(of family: FamilyReference, command: UInt8? = nil) throws(NetlinkError) -> FamilyPolicy {
        try dump(PolicyDump(family, command: command)).first ?? FamilyPolicy()
    }

    /// What the kernel's family can do and accepts.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family.
    public func capabilities(of family: FamilyReference) throws(NetlinkError) -> FamilyCapabilities {
        let description = try self.family(family)
        let result: Result<FamilyPolicy, NetlinkError>
        do throws(NetlinkError) { result = .success(try policy(of: .id(description.id))) } catch {
            result = .failure(error)
        }
        return try FamilyCapabilities(description, result)
    }

    /// What the kernel's family that the connection is typed to can do and accepts.
    public func capabilities() throws(NetlinkError) -> FamilyCapabilities {
        try capabilities(of: .name(Family.name))
    }
}
