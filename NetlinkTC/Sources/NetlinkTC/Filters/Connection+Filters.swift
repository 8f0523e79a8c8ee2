// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

extension Connection where Family == RouteProtocol {
    /// The filters of a place in their order; those that only say that a priority is there are left out.
    public func filters(at place: FilterPlace, chain: UInt32? = nil) async throws(NetlinkError) -> [Filter] {
        try await dump(.filters(at: place, chain: chain)).filter(\.hasOptions)
    }

    /// One filter, named by place, chain, protocol, priority, handle and kind.
    public func filter(_ selection: FilterSelection) async throws(NetlinkError) -> Filter {
        try await query(FilterQuery(selection))
    }

    /// Adds a filter; as the kernel has it, with the priority and the handle that it chose.
    @discardableResult
    public func add(_ filter: Filter) async throws(NetlinkError) -> Filter {
        try await query(AddedFilter(AddFilter(filter)))
    }

    /// Adds a filter, or replaces the one of its handle.
    @discardableResult
    public func replace(_ filter: Filter) async throws(NetlinkError) -> Filter {
        try await query(AddedFilter(AddFilter(filter, replaces: true)))
    }

    /// Changes a filter that exists: what differs from what it was when it was read.
    public func update(_ filter: Filter, from base: Filter? = nil) async throws(NetlinkError) {
        try await perform(UpdateFilter(filter, from: base))
    }

    /// Removes one filter.
    public func remove(_ filter: Filter) async throws(NetlinkError) {
        try await perform(RemoveFilters(FilterSelection(filter)))
    }

    /// Removes the filters of a selection.
    public func remove(_ selection: FilterSelection) async throws(NetlinkError) {
        try await perform(RemoveFilters(selection))
    }

    /// The chains of a place.
    public func chains(at place: FilterPlace) async throws(NetlinkError) -> [Chain] {
        try await dump(.chains(at: place))
    }

    /// Adds a chain.
    public func add(_ chain: Chain) async throws(NetlinkError) { try await perform(AddChain(chain)) }

    /// Removes a chain with its filters.
    public func remove(_ chain: Chain) async throws(NetlinkError) { try await perform(RemoveChain(chain)) }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The filters of a place in their order; those that only say that a priority is there are left out.
    public func filters(at place: FilterPlace, chain: UInt32? = nil) throws(NetlinkError) -> [Filter] {
        try dump(.filters(at: place, chain: chain)).filter(\.hasOptions)
    }

    /// One filter, named by place, chain, protocol, priority, handle and kind.
    public func filter(_ selection: FilterSelection) throws(NetlinkError) -> Filter {
        try query(FilterQuery(selection))
    }

    /// Adds a filter; as the kernel has it, with the priority and the handle that it chose.
    @discardableResult
    public func add(_ filter: Filter) throws(NetlinkError) -> Filter { try query(AddedFilter(AddFilter(filter))) }

    /// Adds a filter, or replaces the one of its handle.
    @discardableResult
    public func replace(_ filter: Filter) throws(NetlinkError) -> Filter {
        try query(AddedFilter(AddFilter(filter, replaces: true)))
    }

    /// Changes a filter that exists: what differs from what it was when it was read.
    public func update(_ filter: Filter, from base: Filter? = nil) throws(NetlinkError) {
        try perform(UpdateFilter(filter, from: base))
    }

    /// Removes one filter.
    public func remove(_ filter: Filter) throws(NetlinkError) { try perform(RemoveFilters(FilterSelection(filter))) }

    /// Removes the filters of a selection.
    public func remove(_ selection: FilterSelection) throws(NetlinkError) { try perform(RemoveFilters(selection)) }

    /// The chains of a place.
    public func chains(at place: FilterPlace) throws(NetlinkError) -> [Chain] { try dump(.chains(at: place)) }

    /// Adds a chain.
    public func add(_ chain: Chain) throws(NetlinkError) { try perform(AddChain(chain)) }

    /// Removes a chain with its filters.
    public func remove(_ chain: Chain) throws(NetlinkError) { try perform(RemoveChain(chain)) }
}

extension Filter {
    /// Whether this is a filter, and not only the word that there are some of a priority.
    public var hasOptions: Bool { kind?.value != nil || kind?.data != nil || handle != 0 }
}
