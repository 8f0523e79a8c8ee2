// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

extension Connection where Family == RouteProtocol {
    /// The classes of a link, or of one of its queueing disciplines.
    public func classes(
        on index: InterfaceIndex, of qdisc: TCHandle = .unspecified
    ) async throws(NetlinkError) -> [TrafficClass] {
        try await dump(ClassDump(on: index, of: qdisc))
    }

    /// Adds a class.
    public func add(_ trafficClass: TrafficClass) async throws(NetlinkError) {
        try await perform(SetClass(trafficClass))
    }

    /// Adds a class, or changes the one that is there.
    public func replace(_ trafficClass: TrafficClass) async throws(NetlinkError) {
        try await perform(SetClass(trafficClass, mode: .replace))
    }

    /// Changes a class.
    public func update(_ trafficClass: TrafficClass) async throws(NetlinkError) {
        try await perform(SetClass(trafficClass, mode: .change))
    }

    /// Removes a class.
    public func remove(_ trafficClass: TrafficClass) async throws(NetlinkError) {
        try await perform(RemoveClass(trafficClass))
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The classes of a link, or of one of its queueing disciplines.
    public func classes(
        on index: InterfaceIndex, of qdisc: TCHandle = .unspecified
    ) throws(NetlinkError) -> [TrafficClass] {
        try dump(ClassDump(on: index, of: qdisc))
    }

    /// Adds a class.
    public func add(_ trafficClass: TrafficClass) throws(NetlinkError) { try perform(SetClass(trafficClass)) }

    /// Adds a class, or changes the one that is there.
    public func replace(_ trafficClass: TrafficClass) throws(NetlinkError) {
        try perform(SetClass(trafficClass, mode: .replace))
    }

    /// Changes a class.
    public func update(_ trafficClass: TrafficClass) throws(NetlinkError) {
        try perform(SetClass(trafficClass, mode: .change))
    }

    /// Removes a class.
    public func remove(_ trafficClass: TrafficClass) throws(NetlinkError) {
        try perform(RemoveClass(trafficClass))
    }
}
