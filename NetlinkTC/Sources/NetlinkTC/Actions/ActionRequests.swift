// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Which action of the table: its kind and number.
public struct ActionReference: Hashable, Sendable {
    /// The kernel's name of the kind, such as `gact`.
    public var kind: String
    /// The number among the actions of the kind.
    public var index: UInt32

    /// Names an action.
    public init(kind: String, index: UInt32) {
        self.kind = kind
        self.index = index
    }

    /// Names an action by its kind's type.
    public init<Kind: ActionKind>(_ kind: Kind.Type, index: UInt32) {
        self.init(kind: kind.kindName, index: index)
    }

    func encode(into writer: inout MessageWriter) {
        writer.put(ActionAttribute.kind, kind)
        writer.put(ActionAttribute.index, index)
    }
}

extension [ActionReference] {
    func encodeTable(into writer: inout MessageWriter) {
        guard !isEmpty, count <= Action.listLimit else {
            return writer.fail(
                NetlinkError(.invalidArgument, explanation: "\(count) actions named; 1 to \(Action.listLimit) can be"))
        }
        writer.nest(ActionMessageAttribute.table, marked: false) { writer in
            for (number, reference) in zip(UInt16(1)..., self) {
                writer.nest(rawType: number) { reference.encode(into: &$0) }
            }
        }
    }
}

/// Makes or replaces actions in the table that filters share.
///
/// The kernel executes all of them or none. ``AddedActions`` gives the numbers that the kernel chose.
///
/// Kernel: `RTM_NEWACTION` with `NLM_F_CREATE`, and `NLM_F_EXCL` or `NLM_F_REPLACE`.
public struct AddActions: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The actions, 1 to 32.
    public var actions: [Action]
    /// Whether an action of the number is replaced instead of being an error.
    public var replaces: Bool
    /// Whether ``Action/validate()`` decides before anything is sent; without, the kernel alone judges.
    public var isChecked = true

    /// Makes or replaces actions.
    public init(_ actions: [Action], replaces: Bool = false) {
        self.actions = actions
        self.replaces = replaces
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newAction.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { replaces ? [.create, .replace] : [.create, .exclusive] }
    /// What is done, for errors.
    public var operation: StaticString { replaces ? "replace actions" : "add actions" }
    /// What it is done to, for errors.
    public var object: String? { actions.first?.kind.name }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            var validation = Validation()
            actions.validate(into: &validation)
            do throws(NetlinkError) { try validation.finish() } catch { writer.fail(error) }
        }
        ActionHeader.encode(into: &writer)
        actions.encodeActions(ActionMessageAttribute.table, into: &writer)
    }
}

/// Makes or replaces actions, and gives them as the kernel has them, with the numbers that it chose.
///
/// Kernel: ``AddActions`` with `NLM_F_ECHO`.
public struct AddedActions: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What is done.
    public var command: AddActions

    /// Makes or replaces actions.
    public init(_ command: AddActions) { self.command = command }

    /// The message's type.
    public var messageType: UInt16 { command.messageType }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { command.flags.union(.echo) }
    /// What is done, for errors.
    public var operation: StaticString { command.operation }
    /// What it is done to, for errors.
    public var object: String? { command.object }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { command.encode(into: &writer) }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> [Action] {
        try ActionPage(decoding: message).actions
    }
}

/// Removes actions from the table that filters share.
///
/// One that a filter uses stays, and the request fails.
///
/// Kernel: `RTM_DELACTION` with `TCA_ACT_INDEX`.
public struct RemoveActions: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which actions, 1 to 32.
    public var references: [ActionReference]

    /// Removes actions.
    public init(_ references: [ActionReference]) { self.references = references }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteAction.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove actions" }
    /// What it is done to, for errors.
    public var object: String? { references.first.map { "\($0.kind) \($0.index)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        ActionHeader.encode(into: &writer)
        references.encodeTable(into: &writer)
    }
}

/// Removes all actions of a kind that no filter uses.
///
/// Kernel: `RTM_DELACTION` with `NLM_F_ROOT`.
public struct FlushActions: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The kernel's name of the kind.
    public var kind: String

    /// Removes the actions of a kind.
    public init(kind: String) { self.kind = kind }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteAction.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { .root }
    /// What is done, for errors.
    public var operation: StaticString { "flush actions" }
    /// What it is done to, for errors.
    public var object: String? { kind }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        ActionHeader.encode(into: &writer)
        writer.nest(ActionMessageAttribute.table, marked: false) { writer in
            writer.nest(rawType: 1) { $0.put(ActionAttribute.kind, kind) }
        }
        // Linux takes no notice; iproute2 sends it.
        let bits = ActionDump.largeDump
        writer.put(ActionMessageAttribute.flags, Bitfield32(value: bits, selector: bits))
    }
}

/// Gets one action of the table.
///
/// Kernel: `RTM_GETACTION` with `TCA_ACT_INDEX`.
public struct ActionQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which actions, 1 to 32; the reply has them in this order.
    public var references: [ActionReference]

    /// Asks for actions.
    public init(_ references: [ActionReference]) { self.references = references }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getAction.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get actions" }
    /// What it is done to, for errors.
    public var object: String? { references.first.map { "\($0.kind) \($0.index)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        ActionHeader.encode(into: &writer)
        references.encodeTable(into: &writer)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> ActionPage {
        try ActionPage(decoding: message)
    }
}

/// Lists the actions of a kind, a message of many at a time.
///
/// Kernel: `RTM_GETACTION` with `NLM_F_DUMP`, `TCA_ROOT_FLAGS` and `TCA_ROOT_TIME_DELTA`.
public struct ActionDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The kernel's name of the kind.
    public var kind: String
    /// Only what was used in the time before now that this says, in milliseconds.
    public var since: UInt32?
    /// Whether only kind, number, cookie and statistics are wanted; since Linux 5.10.
    public var isTerse = false

    /// The actions of a kind.
    public init(kind: String) { self.kind = kind }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getAction.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list actions" }
    /// What it is done to, for errors.
    public var object: String? { kind }

    static let largeDump: UInt32 = 1  // TCA_FLAG_LARGE_DUMP_ON
    private static let terseDump: UInt32 = 2  // TCA_ACT_FLAG_TERSE_DUMP

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        ActionHeader.encode(into: &writer)
        writer.nest(ActionMessageAttribute.table, marked: false) { writer in
            writer.nest(rawType: 1) { $0.put(ActionAttribute.kind, kind) }
        }
        // Without it a listing has 32 actions and ends there.
        let bits = Self.largeDump | (isTerse ? Self.terseDump : 0)
        writer.put(ActionMessageAttribute.flags, Bitfield32(value: bits, selector: bits))
        writer.put(ActionMessageAttribute.timeDelta, since)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> ActionPage? {
        // An end of the listing that has no actions comes as a message of its own.
        guard
            message.header.type == RouteMessageType.getAction.rawValue
                || message.header.type == RouteMessageType.newAction.rawValue
        else { return nil }
        return try ActionPage(decoding: message)
    }
}

extension Dump where Self == ActionDump {
    /// The actions of a kind.
    public static func actions(kind: String) -> ActionDump { ActionDump(kind: kind) }
}

/// The actions that came in one message.
public struct ActionPage: Hashable, Sendable {
    /// The actions.
    public var actions: [Action] = []
    /// How many the kernel says there are; 0 where it says nothing.
    ///
    /// Kernel: `TCA_ROOT_COUNT`.
    public var count: UInt32 = 0
    /// What the kernel warned of.
    ///
    /// Kernel: `TCA_ROOT_EXT_WARN_MSG`; since Linux 6.3.
    public var warning: String?

    /// No actions.
    public init() {}

    /// Reads a message about actions.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        var reader = try message.attributes(of: ActionMessageAttribute.self, after: ActionHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .table: actions = try [Action](decodingActions: attribute.payload)
            case .count: count = try attribute.integer()
            case .warning: warning = attribute.string()
            default: break
            }
        }
    }
}
