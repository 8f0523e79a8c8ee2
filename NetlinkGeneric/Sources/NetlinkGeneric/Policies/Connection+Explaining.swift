// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

// A refusal that the kernel gives no reason for is explained by what the kernel says of the family: these take the place
// of Core's methods for requests to families.

/// What was refused, as far as the family's description and policy can say something about it.
private struct Refusal {
    let error: NetlinkError
    let command: UInt8
    let isDump: Bool
    let commandName: String?

    /// Nil where the kernel gave a reason, or none is to be found.
    init?(_ error: NetlinkError, of request: some GenericRequest, isDump: Bool) {
        guard error.isInvalid || error.isNotSupported || error.isPermission, error.code.errorNumber != nil,
            error.explanation == nil, error.message == nil, error.path == nil, error.acknowledgement?.missing == nil
        else { return nil }
        self.error = error
        self.isDump = isDump
        command = request.command
        commandName = Self.schema(of: request)?.name
    }

    private static func schema<R: GenericRequest>(of request: R) -> MessageSchema? {
        R.Family.schema(ofCommand: request.command)
    }

    /// What the family's description says of it.
    func explanation(by family: FamilyDescription) -> String? {
        let name = commandName.map { "\($0) (\(command))" } ?? "\(command)"
        guard let flags = family.flags(of: command) else {
            return "\(family.name) has no command \(name) in this kernel"
        }
        if error.isNotSupported, !flags.contains(isDump ? .dump : .single) {
            return isDump ? "command \(name) is no dump" : "command \(name) is a dump only"
        }
        if error.isPermission, flags.contains(.needsAdministrator) {
            return "command \(name) is for the administrator of the first user namespace"
        }
        return nil
    }

    /// Whether the family's policy may say more.
    var concernsAttributes: Bool { !error.isPermission }
}

extension Connection where Family: GenericFamily {
    private func explaining<R: GenericRequest>(
        _ error: NetlinkError, _ request: R, isDump: Bool = false, _ problem: (FamilyPolicy) -> NetlinkError?
    ) async -> NetlinkError {
        guard let refusal = Refusal(error, of: request, isDump: isDump) else { return error }
        do throws(NetlinkError) {
            let family = try await family()
            if let text = refusal.explanation(by: family) { return error.explained(text) }
            guard refusal.concernsAttributes else { return error }
            return error.explained(by: problem(try await policy(of: .id(family.id), command: request.command)))
        } catch _ {
            // What cannot be explained stays as the kernel said it.
            return error
        }
    }

    private func plain(_ command: some Command<Family>) async throws(NetlinkError) -> ExtendedAcknowledgement? {
        try await perform(command)
    }
    private func plain<Q: Query<Family>>(_ query: Q) async throws(NetlinkError) -> Q.Reply {
        try await self.query(query)
    }
    private func plain<D: Dump<Family>>(_ dump: D) async throws(NetlinkError) -> [D.Element] {
        try await self.dump(dump)
    }

    /// Runs a command and waits for its acknowledgement.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Returns: what the kernel said with success, such as a warning.
    @discardableResult
    public func perform<C: Command<Family> & GenericRequest<Family>>(
        _ command: C
    ) async throws(NetlinkError) -> ExtendedAcknowledgement? {
        do throws(NetlinkError) { return try await plain(command) } catch {
            throw await explaining(error, command) { $0.problem(in: command) }
        }
    }

    /// Runs a query and returns its reply.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noReply` when the kernel acknowledges without answering.
    public func query<Q: Query<Family> & GenericRequest<Family>>(_ query: Q) async throws(NetlinkError) -> Q.Reply {
        do throws(NetlinkError) { return try await plain(query) } catch {
            throw await explaining(error, query) { $0.problem(in: query) }
        }
    }

    /// Runs a dump and returns its elements; when the objects changed meanwhile, it is run again.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.interrupted` when they changed every time.
    public func dump<D: Dump<Family> & GenericRequest<Family>>(_ dump: D) async throws(NetlinkError) -> [D.Element] {
        do throws(NetlinkError) { return try await plain(dump) } catch {
            throw await explaining(error, dump, isDump: true) { $0.problem(in: dump) }
        }
    }
}

extension BlockingConnection where Family: GenericFamily {
    private func explaining<R: GenericRequest>(
        _ error: NetlinkError, _ request: R, isDump: Bool = false, _ problem: (FamilyPolicy) -> NetlinkError?
    ) -> NetlinkError {
        guard let refusal = Refusal(error, of: request, isDump: isDump) else { return error }
        do throws(NetlinkError) {
            let family = try family()
            if let text = refusal.explanation(by: family) { return error.explained(text) }
            guard refusal.concernsAttributes else { return error }
            return error.explained(by: problem(try policy(of: .id(family.id), command: request.command)))
        } catch _ {
            // What cannot be explained stays as the kernel said it.
            return error
        }
    }

    private func plain(_ command: some Command<Family>) throws(NetlinkError) -> ExtendedAcknowledgement? {
        try perform(command)
    }
    private func plain<Q: Query<Family>>(_ query: Q) throws(NetlinkError) -> Q.Reply { try self.query(query) }
    private func plain<D: Dump<Family>>(_ dump: D) throws(NetlinkError) -> [D.Element] { try self.dump(dump) }

    /// Runs a command and waits for its acknowledgement.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Returns: what the kernel said with success, such as a warning.
    @discardableResult
    public func perform<C: Command<Family> & GenericRequest<Family>>(
        _ command: C
    ) throws(NetlinkError) -> ExtendedAcknowledgement? {
        do throws(NetlinkError) { return try plain(command) } catch {
            throw explaining(error, command) { $0.problem(in: command) }
        }
    }

    /// Runs a query and returns its reply.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noReply` when the kernel acknowledges without answering.
    public func query<Q: Query<Family> & GenericRequest<Family>>(_ query: Q) throws(NetlinkError) -> Q.Reply {
        do throws(NetlinkError) { return try plain(query) } catch {
            throw explaining(error, query) { $0.problem(in: query) }
        }
    }

    /// Runs a dump and returns its elements; when the objects changed meanwhile, it is run again.
    ///
    /// Where the kernel only refuses, the error says what the family's description and policy tell about it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.interrupted` when they changed every time.
    public func dump<D: Dump<Family> & GenericRequest<Family>>(_ dump: D) throws(NetlinkError) -> [D.Element] {
        do throws(NetlinkError) { return try plain(dump) } catch {
            throw explaining(error, dump, isDump: true) { $0.problem(in: dump) }
        }
    }
}
