// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Lists the classes of a link.
///
/// Kernel: `RTM_GETTCLASS` with `NLM_F_DUMP`, which must name a link.
public struct ClassDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The link.
    public var index: InterfaceIndex
    /// Only those of this queueing discipline; unspecified for all.
    public var qdisc = TCHandle.unspecified

    /// The classes of a link, or of one of its queueing disciplines.
    public init(on index: InterfaceIndex, of qdisc: TCHandle = .unspecified) {
        self.index = index
        self.qdisc = qdisc
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getClass.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list classes" }
    /// What it is done to, for errors.
    public var object: String? { "of link \(index)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = TCHeader()
        header.index = index.rawValue
        header.parent = qdisc.rawValue
        header.encode(into: &writer)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> TrafficClass? {
        guard message.header.type == RouteMessageType.newClass.rawValue else { return nil }
        let found = try TrafficClass(decoding: message)
        if found.index != index { return nil }
        if qdisc != .unspecified, found.handle.major != qdisc.major { return nil }
        return found
    }
}

extension Dump where Self == ClassDump {
    /// The classes of a link.
    public static func classes(on index: InterfaceIndex) -> ClassDump { ClassDump(on: index) }
}

/// Gets one class.
///
/// Kernel: `RTM_GETTCLASS`.
public struct ClassQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Its link.
    public var index: InterfaceIndex
    /// Its number.
    public var handle: TCHandle

    /// Asks for one class.
    public init(_ handle: TCHandle, on index: InterfaceIndex) {
        self.handle = handle
        self.index = index
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getClass.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get class" }
    /// Flags beside those that follow from the kind of request: without an echo the reply goes to listeners only.
    public var flags: MessageFlags { .echo }
    /// What it is done to, for errors.
    public var object: String? { TrafficClass(on: index, handle: handle).summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        TrafficClass(on: index, handle: handle).encode(into: &writer)
    }

    /// Reads the reply.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> TrafficClass {
        try TrafficClass(decoding: message)
    }
}

/// Adds, replaces or changes a class.
///
/// Kernel: `RTM_NEWTCLASS`.
public struct SetClass: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What becomes of one that is there, and of none.
    public enum Mode: Hashable, Sendable {
        /// Adds it; one of this number is `NetlinkError.Code.exists`.
        case add
        /// Adds it, or changes the one that is there.
        case replace
        /// Changes the one that is there; none is `NetlinkError.Code.notFound`.
        case change
    }

    /// The class, of which everything set is sent.
    public var trafficClass: TrafficClass
    /// What becomes of one that is there.
    public var mode: Mode
    /// Whether what the kernel would refuse is refused before anything is sent, with a better reason.
    public var isChecked = true

    /// Adds, replaces or changes a class.
    public init(_ trafficClass: TrafficClass, mode: Mode = .add) {
        self.trafficClass = trafficClass
        self.mode = mode
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newClass.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags {
        switch mode {
        case .add: [.create, .exclusive]
        case .replace: [.create, .replace]
        case .change: []
        }
    }
    /// What is done, for errors.
    public var operation: StaticString {
        switch mode {
        case .add: "add class"
        case .replace: "replace class"
        case .change: "change class"
        }
    }
    /// What it is done to, for errors.
    public var object: String? { trafficClass.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try trafficClass.validate() } catch { writer.fail(error) }
        }
        trafficClass.encode(into: &writer)
    }
}

/// Removes a class without classes or filters of its own.
///
/// Kernel: `RTM_DELTCLASS`.
public struct RemoveClass: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Its link and number.
    public var trafficClass: TrafficClass

    /// Removes a class.
    public init(_ trafficClass: TrafficClass) { self.trafficClass = trafficClass }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteClass.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove class" }
    /// What it is done to, for errors.
    public var object: String? { trafficClass.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { trafficClass.encode(into: &writer) }
}
