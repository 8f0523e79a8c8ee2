// SPDX-License-Identifier: Apache-2.0

/// Finds the numbers and names of links in one network namespace, by asking the kernel each time.
///
/// The one resolver that all layers use. Numbers mean nothing outside their namespace and `/sys` shows another one's, so a
/// resolver has sockets of its own in the namespace of the connection for which it resolves, opened when first needed.
/// Nothing is remembered: names change. Share it freely.
public final class InterfaceResolver: Sendable {
    private let source: TransportSource
    private let timeout: Duration?
    private let observer: (any ConnectionObserver)?
    private let blocking: Lock<BlockingConnection<RouteLookupProtocol>?>
    private let shared: Lock<Connection<RouteLookupProtocol>?>

    /// Resolves in a network namespace, the same one whatever becomes of its name.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when the namespace does not exist.
    public convenience init(
        in namespace: Namespace = .current, timeout: Duration? = .seconds(30),
        observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        self.init(
            opening: try TransportSource(protocol: RouteLookupProtocol.number, in: namespace), timeout: timeout,
            observer: observer)
    }

    /// Resolves over rtnetlink transports of the caller's own.
    public init(
        opening source: TransportSource, timeout: Duration? = .seconds(30), observer: (any ConnectionObserver)? = nil
    ) {
        self.source = source
        self.timeout = timeout
        self.observer = observer
        blocking = Lock(nil)
        shared = Lock(nil)
    }

    /// Resolves in the namespace of a connection of any protocol.
    convenience init(beside source: TransportSource, timeout: Duration?, observer: (any ConnectionObserver)?) {
        self.init(
            opening: source.speaking(protocol: RouteLookupProtocol.number), timeout: timeout, observer: observer)
    }

    /// The number of a link that is named by its number, its name or an alternative name.
    ///
    /// A number is returned as it is, without asking.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/noDevice`` and the link as its object when there is none of that
    ///   name, with ``NetlinkError/Code/invalidArgument`` when no link could have it.
    public func index(of link: LinkReference) throws(NetlinkError) -> InterfaceIndex {
        try link.validate()
        if let index = link.index { return index }
        return try find(link).index
    }

    /// The number of a link that is named by its number, its name or an alternative name.
    ///
    /// As the synchronous form.
    public func index(of link: LinkReference) async throws(NetlinkError) -> InterfaceIndex {
        try link.validate()
        if let index = link.index { return index }
        return try await find(link).index
    }

    /// The name of a link.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/noDevice`` when there is none of that number.
    public func name(of index: InterfaceIndex) throws(NetlinkError) -> InterfaceName {
        try LinkReference.index(index).validate()
        return try find(.index(index)).name
    }

    /// The name of a link.
    ///
    /// As the synchronous form.
    public func name(of index: InterfaceIndex) async throws(NetlinkError) -> InterfaceName {
        try LinkReference.index(index).validate()
        return try await find(.index(index)).name
    }

    private func find(_ link: LinkReference) throws(NetlinkError) -> ResolvedLink {
        try blocking.withLock { (kept) throws(NetlinkError) -> ResolvedLink in
            let connection: BlockingConnection<RouteLookupProtocol>
            if let kept {
                connection = kept
            } else {
                connection = try BlockingConnection(opening: source, timeout: timeout, observer: observer)
                kept = connection
            }
            return try connection.query(LinkLookup(link: link))
        }
    }

    private func find(_ link: LinkReference) async throws(NetlinkError) -> ResolvedLink {
        let connection = try shared.withLock { (kept) throws(NetlinkError) -> Connection<RouteLookupProtocol> in
            if let kept { return kept }
            let connection = try Connection<RouteLookupProtocol>(opening: source, timeout: timeout, observer: observer)
            kept = connection
            return connection
        }
        return try await connection.query(LinkLookup(link: link))
    }
}

extension BlockingConnection {
    /// A resolver of link names in the connection's namespace, whatever its protocol; keep it while you need it.
    public func makeResolver() -> InterfaceResolver {
        InterfaceResolver(beside: source, timeout: timeout, observer: observer)
    }
}

extension Connection {
    /// A resolver of link names in the connection's namespace, whatever its protocol; keep it while you need it.
    public func makeResolver() -> InterfaceResolver {
        InterfaceResolver(beside: source, timeout: timeout, observer: observer)
    }
}
