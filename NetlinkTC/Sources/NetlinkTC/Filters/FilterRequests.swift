// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Makes a filter.
///
/// Kernel: `RTM_NEWTFILTER` with `NLM_F_CREATE`, and `NLM_F_EXCL` unless it replaces.
public struct AddFilter: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The filter, of which everything set is sent.
    public var filter: Filter
    /// Whether a filter of the handle is replaced instead of being an error; not all kinds can be.
    public var replaces: Bool
    /// Whether ``Filter/validate()`` decides before anything is sent; without, the kernel alone judges.
    public var isChecked = true

    /// Makes a filter.
    public init(_ filter: Filter, replaces: Bool = false) {
        self.filter = filter
        self.replaces = replaces
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newFilter.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { replaces ? .create : [.create, .exclusive] }
    /// What is done, for errors.
    public var operation: StaticString { replaces ? "replace filter" : "add filter" }
    /// What it is done to, for errors.
    public var object: String? { filter.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try filter.validate() } catch { writer.fail(error) }
        }
        filter.encode(into: &writer, changing: nil)
    }
}

/// Makes a filter, and gives it as the kernel has it, with the priority and the handle that it chose.
///
/// Kernel: ``AddFilter`` with `NLM_F_ECHO`.
public struct AddedFilter: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What is done.
    public var command: AddFilter

    /// Makes a filter.
    public init(_ command: AddFilter) { self.command = command }

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
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Filter { try Filter(decoding: message) }
}

/// Changes a filter that exists, named by priority and handle.
///
/// Kernel: `RTM_NEWTFILTER` without creation flags.
public struct UpdateFilter: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The filter; what is set and differs from ``base`` is sent.
    public var filter: Filter
    /// What the filter was when it was read; nil sends everything that is set.
    public var base: Filter?
    /// Whether ``Filter/validate()`` decides before anything is sent; without, the kernel alone judges.
    public var isChecked = true

    /// Changes a filter.
    public init(_ filter: Filter, from base: Filter? = nil) {
        self.filter = filter
        self.base = base
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newFilter.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "change filter" }
    /// What it is done to, for errors.
    public var object: String? { filter.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try filter.validate() } catch { writer.fail(error) }
        }
        var change = filter
        change.unknown = UnknownAttributes()
        change.encode(into: &writer, changing: base)
    }
}

/// Which filter, or which filters: those of a place, of one of its chains, or of a priority.
public struct FilterSelection: Hashable, Sendable {
    /// Where they stand.
    public var place: FilterPlace
    /// The chain; nil for the one with which filtering begins.
    public var chain: UInt32?
    /// The priority; 0 for all.
    public var priority: UInt16
    /// The protocol; unspecified for that of the priority.
    public var protocolType: EthernetProtocol
    /// The handle; 0 for all of the priority.
    public var handle: UInt32
    /// The kernel's name of the kind; necessary with a handle.
    public var kind: String?

    /// Filters of a place.
    public init(
        at place: FilterPlace, chain: UInt32? = nil, priority: UInt16 = 0,
        protocolType: EthernetProtocol = .unspecified, handle: UInt32 = 0, kind: String? = nil
    ) {
        self.place = place
        self.chain = chain
        self.priority = priority
        self.protocolType = protocolType
        self.handle = handle
        self.kind = kind
    }

    /// The filter that was read.
    public init(_ filter: Filter) {
        self.init(
            at: filter.place, chain: filter.chain, priority: filter.priority, protocolType: filter.protocolType,
            handle: filter.handle, kind: filter.kind?.name)
    }

    var summary: String { priority == 0 ? "\(place)" : "\(place) pref \(priority)" }

    func encode(into writer: inout MessageWriter) {
        var header = place.header
        header.handle = handle
        header.info = UInt32(priority) << 16 | UInt32(protocolType.rawValue.bigEndian)
        header.encode(into: &writer)
        writer.put(TCAttribute.chain, chain)
        writer.put(TCAttribute.kind, kind)
    }

    /// Whether a filter is one of these.
    func contains(_ filter: Filter) -> Bool {
        (chain == nil || chain == filter.chain ?? 0) && (priority == 0 || priority == filter.priority)
            && (protocolType == .unspecified || protocolType == filter.protocolType)
            && (handle == 0 || handle == filter.handle) && (kind == nil || kind == filter.kind?.name)
    }
}

/// Removes filters: one, those of a priority, or those of a chain.
///
/// Without priority all filters of the chain go; a protocol, a handle or a kind is then refused.
///
/// Kernel: `RTM_DELTFILTER`.
public struct RemoveFilters: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which filters.
    public var selection: FilterSelection

    /// Removes filters.
    public init(_ selection: FilterSelection) { self.selection = selection }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteFilter.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove filter" }
    /// What it is done to, for errors.
    public var object: String? { selection.summary }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { selection.encode(into: &writer) }
}

/// Gets one filter, named by place, chain, protocol, priority, handle and kind.
///
/// Kernel: `RTM_GETTFILTER`.
public struct FilterQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which filter.
    public var selection: FilterSelection

    /// Asks for one filter.
    public init(_ selection: FilterSelection) { self.selection = selection }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getFilter.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get filter" }
    /// What it is done to, for errors.
    public var object: String? { selection.summary }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { selection.encode(into: &writer) }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Filter { try Filter(decoding: message) }
}

/// Lists the filters of a place in their order.
///
/// The kernel lists those of one place; ask for each of root, ingress, egress and classes. Before the filters of a
/// priority comes an element without options for the priority itself.
///
/// Kernel: `RTM_GETTFILTER` with `NLM_F_DUMP`; the selection goes to the kernel and is checked again here.
public struct FilterDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which filters; a handle and a kind are compared here only.
    public var selection: FilterSelection
    /// Whether options and actions' parameters are left out; since Linux 5.8.
    public var isTerse = false

    /// The filters of a selection.
    public init(_ selection: FilterSelection) { self.selection = selection }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getFilter.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list filters" }
    /// What it is done to, for errors.
    public var object: String? { selection.summary }

    private static let terse: UInt32 = 1  // TCA_DUMP_FLAGS_TERSE

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var asked = selection
        asked.handle = 0
        asked.kind = nil
        asked.encode(into: &writer)
        if isTerse { writer.put(TCAttribute.dumpFlags, Bitfield32(value: Self.terse, selector: Self.terse)) }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Filter? {
        guard message.header.type == RouteMessageType.newFilter.rawValue else { return nil }
        let filter = try Filter(decoding: message)
        return selection.contains(filter) ? filter : nil
    }
}

extension Dump where Self == FilterDump {
    /// The filters of a place, all or of one chain.
    public static func filters(at place: FilterPlace, chain: UInt32? = nil) -> FilterDump {
        FilterDump(FilterSelection(at: place, chain: chain))
    }
}

extension Filter {
    /// The filter in a few words, for errors.
    var summary: String {
        let name = kind?.name ?? "filter"
        return priority == 0 ? "\(name) at \(place)" : "\(name) at \(place) pref \(priority)"
    }
}
