// SPDX-License-Identifier: Apache-2.0

/// Asks which id a namespace has for another; nil when it has none.
///
/// Kernel: `RTM_GETNSID`. A target or an id that does not exist is an error, a peer without an id is not.
public struct NamespaceIDQuery<Family: RouteFamily>: Query {
    /// The namespace whose id is asked for.
    public var peer: NamespacePeer
    /// Whose id for it, as the connection's namespace knows that one; nil for the connection's own.
    public var target: NamespaceID?

    /// Asks for the id of a peer.
    public init(of peer: NamespacePeer, in target: NamespaceID? = nil) {
        self.peer = peer
        self.target = target
    }

    /// The message's number.
    public var messageType: UInt16 { RouteLookupMessage.getNamespaceID.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get namespace id" }
    /// What it is done to, for errors.
    public var object: String? { peer.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        NamespaceIDMessage.begin(&writer)
        peer.encode(into: &writer)
        writer.put(NamespaceIDAttribute.target, target?.rawValue)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> NamespaceID? {
        try NamespaceIDEntry(message)?.id
    }
}

/// Gives a namespace an id, for good: it is gone only with one of the two namespaces.
///
/// Kernel: `RTM_NEWNSID`; a peer that has an id, and an id that is in use, are ``NetlinkError/Code/exists``.
public struct NamespaceIDAssignment<Family: RouteFamily>: Command {
    /// The namespace that gets an id.
    public var peer: NamespacePeer
    /// The id; nil lets the kernel choose.
    public var id: NamespaceID?

    /// Gives a peer an id in the connection's namespace.
    public init(_ id: NamespaceID?, to peer: NamespacePeer) {
        self.peer = peer
        self.id = id
    }

    /// The message's number.
    public var messageType: UInt16 { RouteLookupMessage.newNamespaceID.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "set namespace id" }
    /// What it is done to, for errors.
    public var object: String? { peer.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        NamespaceIDMessage.begin(&writer)
        if let id, !id.isAssigned {
            // The kernel would take a negative id as leave to choose.
            writer.fail(NetlinkError(.invalidArgument, explanation: "a namespace id is at least 0"))
        }
        peer.encode(into: &writer)
        writer.put(NamespaceIDAttribute.id, (id ?? .notAssigned).rawValue)
    }
}

/// Lists the peers that have an id.
///
/// Kernel: `RTM_GETNSID` with `NLM_F_DUMP`.
public struct NamespaceIDDump<Family: RouteFamily>: Dump {
    /// Whose ids, as the connection's namespace knows that one; nil for the connection's own.
    public var target: NamespaceID?

    /// Lists the ids of a namespace.
    public init(of target: NamespaceID? = nil) { self.target = target }

    /// The message's number.
    public var messageType: UInt16 { RouteLookupMessage.getNamespaceID.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list namespace ids" }
    /// What it is done to, for errors.
    public var object: String? { target.map { "of nsid \($0)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        NamespaceIDMessage.begin(&writer)
        writer.put(NamespaceIDAttribute.target, target?.rawValue)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> NamespaceIDEntry? {
        try NamespaceIDEntry(message)
    }
}

/// A peer's id.
public struct NamespaceIDEntry: Hashable, Sendable {
    /// The peer's id in the namespace that was asked about.
    public var id: NamespaceID
    /// The peer's id in the connection's own namespace, when another was asked about and it has one here.
    public var currentID: NamespaceID?

    /// Names a peer by its ids.
    public init(id: NamespaceID, currentID: NamespaceID? = nil) {
        self.id = id
        self.currentID = currentID
    }

    /// Reads a message; nil when it says that the peer has no id.
    init?(_ message: borrowing Message) throws(DecodeError) {
        guard RouteLookupMessage(rawValue: message.header.type) == .newNamespaceID else { return nil }
        var id = NamespaceID.notAssigned
        var current = NamespaceID.notAssigned
        var attributes = try message.attributes(
            of: NamespaceIDAttribute.self, after: NamespaceIDMessage.headerByteCount)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .id: id = NamespaceID(rawValue: try attribute.integer())
            case .current: current = NamespaceID(rawValue: try attribute.integer())
            default: break
            }
        }
        guard id.isAssigned else { return nil }
        self.init(id: id, currentID: current.isAssigned ? current : nil)
    }
}

extension NamespaceHandle {
    /// The id by which this namespace knows another; nil when it has none.
    ///
    /// Each call opens a connection; programs that ask often run ``NamespaceIDQuery`` on one of theirs.
    public func id(of peer: Namespace) throws(NetlinkError) -> NamespaceID? {
        let connection = try BlockingConnection<RouteLookupProtocol>(in: .descriptor(descriptor))
        return try connection.query(NamespaceIDQuery(of: NamespacePeer(peer)))
    }

    /// The id by which this namespace knows another; nil when it has none.
    public func id(of peer: Namespace) async throws(NetlinkError) -> NamespaceID? {
        let connection = try Connection<RouteLookupProtocol>(in: .descriptor(descriptor))
        return try await connection.query(NamespaceIDQuery(of: NamespacePeer(peer)))
    }

    /// Gives another namespace an id in this one; nil lets the kernel choose.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/exists`` when the peer has an id already, or another peer has
    ///   this one.
    public func setID(of peer: Namespace, to id: NamespaceID? = nil) throws(NetlinkError) {
        let connection = try BlockingConnection<RouteLookupProtocol>(in: .descriptor(descriptor))
        try connection.perform(NamespaceIDAssignment(id, to: NamespacePeer(peer)))
    }

    /// Gives another namespace an id in this one; nil lets the kernel choose.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/exists`` when the peer has an id already, or another peer has
    ///   this one.
    public func setID(of peer: Namespace, to id: NamespaceID? = nil) async throws(NetlinkError) {
        let connection = try Connection<RouteLookupProtocol>(in: .descriptor(descriptor))
        try await connection.perform(NamespaceIDAssignment(id, to: NamespacePeer(peer)))
    }

    /// The peers to which this namespace has given ids, or those to which one of its peers has.
    public func ids(of target: NamespaceID? = nil) throws(NetlinkError) -> [NamespaceIDEntry] {
        let connection = try BlockingConnection<RouteLookupProtocol>(in: .descriptor(descriptor))
        return try connection.dump(NamespaceIDDump(of: target))
    }

    /// The peers to which this namespace has given ids, or those to which one of its peers has.
    public func ids(of target: NamespaceID? = nil) async throws(NetlinkError) -> [NamespaceIDEntry] {
        let connection = try Connection<RouteLookupProtocol>(in: .descriptor(descriptor))
        return try await connection.dump(NamespaceIDDump(of: target))
    }
}
