// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// A network namespace of a test's own, without a name, which is gone with the last reference to it.
///
/// Nothing is left behind: its links go with it.
public final class NamespaceFixture: Sendable {
    /// The namespace.
    public let handle: NamespaceHandle
    /// The namespace, to open connections in; valid as long as the fixture.
    public var namespace: Namespace { .descriptor(handle.descriptor) }

    /// Makes a namespace whose loopback link is up unless told otherwise.
    public init(loopback: Bool = true) throws(NetlinkError) {
        handle = try NamespaceHandle.anonymous()
        if loopback { try setUp("lo") }
    }

    /// Opens a connection in the namespace.
    public func connect<Family: NetlinkProtocol>(
        _ family: Family.Type = Family.self, timeout: Duration? = .seconds(10),
        observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) -> BlockingConnection<Family> {
        try BlockingConnection(in: namespace, timeout: timeout, observer: observer)
    }

    /// The resolver of link names in the namespace.
    public func resolver() throws(NetlinkError) -> InterfaceResolver { try InterfaceResolver(in: namespace) }

    /// The number of a link in the namespace.
    public func index(of name: String) throws(NetlinkError) -> InterfaceIndex { try resolver().index(of: .name(name)) }

    private func perform(_ command: FixtureLinkCommand) throws(NetlinkError) {
        try connect(FixtureProtocol.self).perform(command)
    }

    /// Makes a pair of links, the second one in another namespace where one is given, and sets both up.
    public func addVeth(_ name: String, _ peer: String, in other: NamespaceFixture? = nil) throws(NetlinkError) {
        try perform(.addVeth(name, peer, peerNamespace: other?.handle.descriptor))
        try setUp(name)
        try (other ?? self).setUp(peer)
    }

    /// Makes a link of a kind that needs no options, and leaves it down.
    public func addLink(_ name: String, kind: String) throws(NetlinkError) { try perform(.add(name, kind: kind)) }

    /// Sets a link up or down.
    public func setUp(_ name: String, _ isUp: Bool = true) throws(NetlinkError) {
        try perform(.setUp(try index(of: name), isUp))
    }

    /// Gives a link another name.
    public func rename(_ name: String, to newName: String) throws(NetlinkError) {
        try perform(.rename(try index(of: name), to: newName))
    }

    /// Gives a link a further name.
    public func addAlternativeName(_ alternative: String, to name: String) throws(NetlinkError) {
        try perform(.addAlternativeName(alternative, to: try index(of: name)))
    }

    /// Removes a link.
    public func remove(_ name: String) throws(NetlinkError) { try perform(.remove(try index(of: name))) }

    // MARK: What is possible here

    static let isAvailable: Bool = (try? NamespaceFixture()) != nil

    static let canMount: Bool = {
        // By time, not by process: a test kernel's processes have the same numbers each time, and share this machine's files.
        let time = timeOfDay()
        let path = "/tmp/netlink-probe-\(time.seconds)-\(time.nanoseconds)"
        guard (try? NamespaceStore.create(atPath: path)) != nil else { return false }
        try? NamespaceStore.delete(atPath: path)
        return true
    }()

    static func canMake(_ kind: String) -> Bool {
        do throws(NetlinkError) {
            try NamespaceFixture(loopback: false).addLink("probe", kind: kind)
            return true
        } catch {
            // Many kinds want options; only one that the kernel does not have is not supported.
            return isAvailable && !error.isNotSupported
        }
    }
}
