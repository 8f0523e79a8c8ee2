// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension LinkDetail {
    /// What is left to ask for when an answer with everything was too long for one message; nil where nothing is.
    func fallback(after error: NetlinkError) -> LinkDetail? {
        let isTooLong = error.code == .messageTooLong || error.code == .malformedReply
        return isTooLong && contains(.virtualFunctions) ? subtracting(.virtualFunctions) : nil
    }

    /// What is left to ask for when the list of virtual functions was too long for its attribute.
    ///
    /// Kernels do not notice: the length wraps, and what follows it is read as attributes of the link.
    func fallback(after links: [Link]) -> LinkDetail? {
        guard contains(.virtualFunctions) else { return nil }
        let isWrapped = links.contains { link in
            link.state.virtualFunctionCount.map { Int($0) != link.state.virtualFunctions.count } ?? false
        }
        return isWrapped ? subtracting(.virtualFunctions) : nil
    }
}

extension Connection where Family == RouteProtocol {
    /// The links that are ports of a master, of a kind, or all.
    ///
    /// Virtual functions are reported when `detail` asks for them; where one has too many for a message (some 200, or 330
    /// without statistics), the links come without them.
    public func links(
        master: InterfaceIndex? = nil, kind: String? = nil, detail: LinkDetail = []
    ) async throws(NetlinkError) -> [Link] {
        do throws(NetlinkError) {
            let links = try await dump(.links(master: master, kind: kind, detail: detail))
            guard let rest = detail.fallback(after: links) else { return links }
            return try await dump(.links(master: master, kind: kind, detail: rest))
        } catch {
            guard let rest = detail.fallback(after: error) else { throw error }
            return try await dump(.links(master: master, kind: kind, detail: rest))
        }
    }

    /// One link, by its number, its name or an alternative name: `link("eth0")`.
    ///
    /// Virtual functions are reported when `detail` asks for them; where one has too many for a message (some 200, or 330
    /// without statistics), the link comes without them.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is none.
    public func link(_ reference: LinkReference, detail: LinkDetail = []) async throws(NetlinkError) -> Link {
        do throws(NetlinkError) {
            let link = try await query(LinkQuery(reference, detail: detail))
            guard let rest = detail.fallback(after: [link]) else { return link }
            return try await query(LinkQuery(reference, detail: rest))
        } catch {
            guard let rest = detail.fallback(after: error) else { throw error }
            return try await query(LinkQuery(reference, detail: rest))
        }
    }

    /// Makes a link, here or in another namespace, with all that is set in it.
    ///
    /// Where something is set that the kernel leaves aside or refuses in a new link (alias, carrier, families, options as
    /// a port, what holds it down, programs, virtual functions, being up as a port), the link is made without, read, and
    /// given the rest by a second request; in another namespace that is an error. ``AddLink`` is always one request.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when there is a link of the name; when the second request
    ///   fails, its error, and the link stays.
    public func add(_ link: Link, in target: LinkTarget = LinkTarget()) async throws(NetlinkError) {
        guard link.needsSecondRequest else {
            try await perform(AddLink(link, in: target))
            return
        }
        let reference = try link.referenceToNewLink(in: target)
        try await perform(AddLink(link.initialSettings, in: target))
        if let rest = try link.laterSettings.update(toEnsure: try await self.link(reference), of: reference) {
            try await perform(rest)
        }
    }

    /// Makes a link on another one, which is its ``Link/parent``: a VLAN's, a tunnel's.
    ///
    /// ```swift
    /// try await connection.add(Link(name: "eth0.7", kind: VLANLink(id: 7)), on: "eth0")
    /// ```
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is no such other link.
    public func add(
        _ link: Link, on parent: LinkReference, in target: LinkTarget = LinkTarget()
    ) async throws(NetlinkError) {
        var link = link
        link.parent = parent.index
        if parent.index == nil { link.parent = try await self.link(parent, detail: .withoutStatistics).index }
        try await add(link, in: target)
    }

    /// Changes a link: what is set and differs from `base` is sent, without a base all that is set; it may be moved.
    ///
    /// ```swift
    /// let before = try await connection.link("eth0")
    /// var after = before
    /// after.mtu = 9000
    /// try await connection.update(after, from: before)
    /// ```
    public func update(
        _ link: Link, from base: Link? = nil, to target: LinkTarget = LinkTarget()
    ) async throws(NetlinkError) {
        try await perform(UpdateLink(link, from: base, to: target))
    }

    /// Removes a link, by its number, its name or an alternative name.
    public func remove(_ reference: LinkReference) async throws(NetlinkError) {
        try await perform(RemoveLink(reference))
    }

    /// Sees to it that a link of the name is there with all that is set in it; what is nil stays as it is.
    ///
    /// What the kernel never tells, such as the other end of a cable, counts only where the link is made.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when the name is that of a link of another kind, and
    ///   the kernel's refusal of what only a new link can have.
    @discardableResult
    public func ensure(_ link: Link) async throws(NetlinkError) -> EnsureOutcome {
        let reference = try link.nameToEnsure()
        var outcome = EnsureOutcome.unchanged
        var wanted = link
        do throws(NetlinkError) {
            try await perform(AddLink(link.initialSettings))
            if !link.needsSecondRequest { return .added }
            outcome = .added
            wanted = link.laterSettings
        } catch {
            guard error.isExisting else { throw error }
        }
        guard let update = try wanted.update(toEnsure: try await self.link(reference), of: reference) else {
            return outcome
        }
        try await perform(update)
        return outcome == .added ? .added : .changed
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The links that are ports of a master, of a kind, or all.
    ///
    /// Virtual functions are reported when `detail` asks for them; where one has too many for a message (some 200, or 330
    /// without statistics), the links come without them.
    public func links(
        master: InterfaceIndex? = nil, kind: String? = nil, detail: LinkDetail = []
    ) throws(NetlinkError) -> [Link] {
        do throws(NetlinkError) {
            let links = try dump(.links(master: master, kind: kind, detail: detail))
            guard let rest = detail.fallback(after: links) else { return links }
            return try dump(.links(master: master, kind: kind, detail: rest))
        } catch {
            guard let rest = detail.fallback(after: error) else { throw error }
            return try dump(.links(master: master, kind: kind, detail: rest))
        }
    }

    /// One link, by its number, its name or an alternative name: `link("eth0")`.
    ///
    /// Virtual functions are reported when `detail` asks for them; where one has too many for a message (some 200, or 330
    /// without statistics), the link comes without them.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is none.
    public func link(_ reference: LinkReference, detail: LinkDetail = []) throws(NetlinkError) -> Link {
        do throws(NetlinkError) {
            let link = try query(LinkQuery(reference, detail: detail))
            guard let rest = detail.fallback(after: [link]) else { return link }
            return try query(LinkQuery(reference, detail: rest))
        } catch {
            guard let rest = detail.fallback(after: error) else { throw error }
            return try query(LinkQuery(reference, detail: rest))
        }
    }

    /// Makes a link, here or in another namespace, with all that is set in it.
    ///
    /// Where something is set that the kernel leaves aside or refuses in a new link (alias, carrier, families, options as
    /// a port, what holds it down, programs, virtual functions, being up as a port), the link is made without, read, and
    /// given the rest by a second request; in another namespace that is an error. ``AddLink`` is always one request.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when there is a link of the name; when the second request
    ///   fails, its error, and the link stays.
    public func add(_ link: Link, in target: LinkTarget = LinkTarget()) throws(NetlinkError) {
        guard link.needsSecondRequest else {
            try perform(AddLink(link, in: target))
            return
        }
        let reference = try link.referenceToNewLink(in: target)
        try perform(AddLink(link.initialSettings, in: target))
        if let rest = try link.laterSettings.update(toEnsure: try self.link(reference), of: reference) {
            try perform(rest)
        }
    }

    /// Makes a link on another one, which is its ``Link/parent``: a VLAN's, a tunnel's.
    ///
    /// ```swift
    /// try connection.add(Link(name: "eth0.7", kind: VLANLink(id: 7)), on: "eth0")
    /// ```
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when there is no such other link.
    public func add(
        _ link: Link, on parent: LinkReference, in target: LinkTarget = LinkTarget()
    ) throws(NetlinkError) {
        var link = link
        link.parent = parent.index
        if parent.index == nil { link.parent = try self.link(parent, detail: .withoutStatistics).index }
        try add(link, in: target)
    }

    /// Changes a link: what is set and differs from `base` is sent, without a base all that is set; it may be moved.
    ///
    /// ```swift
    /// let before = try connection.link("eth0")
    /// var after = before
    /// after.mtu = 9000
    /// try connection.update(after, from: before)
    /// ```
    public func update(
        _ link: Link, from base: Link? = nil, to target: LinkTarget = LinkTarget()
    ) throws(NetlinkError) {
        try perform(UpdateLink(link, from: base, to: target))
    }

    /// Removes a link, by its number, its name or an alternative name.
    public func remove(_ reference: LinkReference) throws(NetlinkError) { try perform(RemoveLink(reference)) }

    /// Sees to it that a link of the name is there with all that is set in it; what is nil stays as it is.
    ///
    /// What the kernel never tells, such as the other end of a cable, counts only where the link is made.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.exists` when the name is that of a link of another kind, and
    ///   the kernel's refusal of what only a new link can have.
    @discardableResult
    public func ensure(_ link: Link) throws(NetlinkError) -> EnsureOutcome {
        let reference = try link.nameToEnsure()
        var outcome = EnsureOutcome.unchanged
        var wanted = link
        do throws(NetlinkError) {
            try perform(AddLink(link.initialSettings))
            if !link.needsSecondRequest { return .added }
            outcome = .added
            wanted = link.laterSettings
        } catch {
            guard error.isExisting else { throw error }
        }
        guard let update = try wanted.update(toEnsure: try self.link(reference), of: reference) else { return outcome }
        try perform(update)
        return outcome == .added ? .added : .changed
    }
}
