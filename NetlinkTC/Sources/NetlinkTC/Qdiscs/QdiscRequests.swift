// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Lists queueing disciplines.
///
/// Kernel: `RTM_GETQDISC` with `NLM_F_DUMP`; the link goes to the kernel and is checked again here, for older kernels
/// list all.
public struct QdiscDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only those of this link.
    public var index: InterfaceIndex?
    /// Whether those are listed too that the kernel made by itself and hides.
    ///
    /// Kernel: `TCA_DUMP_INVISIBLE`.
    public var includesInvisible = false

    /// All queueing disciplines, or those of a link.
    public init(on index: InterfaceIndex? = nil) { self.index = index }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getQdisc.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list queueing disciplines" }
    /// What it is done to, for errors.
    public var object: String? { index.map { "of link \($0)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = TCHeader()
        header.index = index?.rawValue ?? 0
        header.encode(into: &writer)
        writer.put(flag: TCAttribute.showsInvisible, includesInvisible)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Qdisc? {
        guard message.header.type == RouteMessageType.newQdisc.rawValue else { return nil }
        let qdisc = try Qdisc(decoding: message)
        if let index, qdisc.index != index { return nil }
        return qdisc
    }
}

extension Dump where Self == QdiscDump {
    /// All queueing disciplines.
    public static var qdiscs: QdiscDump { QdiscDump() }
    /// The queueing disciplines of a link.
    public static func qdiscs(on index: InterfaceIndex) -> QdiscDump { QdiscDump(on: index) }
}

/// Gets one queueing discipline, by its place or its handle.
///
/// Kernel: `RTM_GETQDISC`.
public struct QdiscQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Its link.
    public var index: InterfaceIndex
    /// Its place; unspecified asks by the handle alone.
    public var parent: TCHandle
    /// Its handle; unspecified asks by the place alone.
    public var handle: TCHandle

    /// Asks for the one at a place, by default the link's outermost, or of a handle.
    public init(on index: InterfaceIndex, parent: TCHandle = .root, handle: TCHandle = .unspecified) {
        self.index = index
        self.parent = parent
        self.handle = handle
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getQdisc.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get queueing discipline" }
    /// Flags beside those that follow from the kind of request: without an echo the reply goes to listeners only.
    public var flags: MessageFlags { .echo }
    /// What it is done to, for errors.
    public var object: String? { Qdisc(on: index, parent: parent, handle: handle).summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        Qdisc(on: index, parent: parent, handle: handle).encode(into: &writer)
    }

    /// Reads the reply.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Qdisc { try Qdisc(decoding: message) }
}

extension Query where Self == QdiscQuery {
    /// One queueing discipline: the one at a place, by default the link's outermost, or of a handle.
    public static func qdisc(
        on index: InterfaceIndex, parent: TCHandle = .root, handle: TCHandle = .unspecified
    ) -> QdiscQuery {
        QdiscQuery(on: index, parent: parent, handle: handle)
    }
}

/// Adds, replaces or changes a queueing discipline.
///
/// Kernel: `RTM_NEWQDISC`.
public struct SetQdisc: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What becomes of one that is there, and of none.
    public enum Mode: Hashable, Sendable {
        /// Adds it; one of the same kind or handle that was put there before is `NetlinkError.Code.exists`.
        ///
        /// The kernel lets one of another kind take the place, where no handle is given.
        case add
        /// Adds it, or takes the place of the one that is there, in one step.
        ///
        /// One of the same kind is changed instead. Ingress and clsact cannot be replaced by another kind.
        case replace
        /// Changes the one that is there; none is `NetlinkError.Code.notFound`.
        case change
        /// Takes the place of the one that is there with another that exists, by its handle.
        case graft
    }

    /// The queueing discipline, of which everything set is sent.
    public var qdisc: Qdisc
    /// What becomes of one that is there.
    public var mode: Mode
    /// What it was when it was read: with ``Mode/change`` only what differs is sent.
    public var base: Qdisc?
    /// Whether what the kernel would refuse is refused before anything is sent, with a better reason.
    public var isChecked = true

    /// Adds, replaces or changes a queueing discipline.
    public init(_ qdisc: Qdisc, mode: Mode = .add, from base: Qdisc? = nil) {
        self.qdisc = qdisc
        self.mode = mode
        self.base = base
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newQdisc.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { mode.flags }
    /// What is done, for errors.
    public var operation: StaticString {
        switch mode {
        case .add: "add queueing discipline"
        case .replace: "replace queueing discipline"
        case .change: "change queueing discipline"
        case .graft: "graft queueing discipline"
        }
    }
    /// What it is done to, for errors.
    public var object: String? { qdisc.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try qdisc.validate() } catch { writer.fail(error) }
        }
        qdisc.encode(into: &writer, changing: mode == .change ? base : nil)
    }
}

extension SetQdisc.Mode {
    /// The flags of the message.
    var flags: MessageFlags {
        switch self {
        case .add: [.create, .exclusive]
        case .replace: [.create, .replace]
        case .change: []
        case .graft: [.replace]
        }
    }
}

/// Removes a queueing discipline, and all that is below it; the kernel's default takes its place.
///
/// Kernel: `RTM_DELQDISC`.
public struct RemoveQdisc: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Its link, place and handle; a kind that is given must be its kind.
    public var qdisc: Qdisc

    /// Removes a queueing discipline.
    public init(_ qdisc: Qdisc) { self.qdisc = qdisc }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteQdisc.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove queueing discipline" }
    /// What it is done to, for errors.
    public var object: String? { qdisc.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { qdisc.encode(into: &writer) }
}
