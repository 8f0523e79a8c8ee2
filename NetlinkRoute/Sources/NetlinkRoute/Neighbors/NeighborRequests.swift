// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lists neighbours, or the entries of forwarding tables.
///
/// Kernel: `RTM_GETNEIGH` with `NLM_F_DUMP`; all but ``states`` goes to the kernel, and is checked again here.
public struct NeighborDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only neighbours of this family; `AddressFamily.bridge` lists forwarding tables, and nothing else does.
    public var family = AddressFamily.unspecified
    /// Only those on this link.
    public var index: InterfaceIndex?
    /// Only those on ports of this bridge or VRF.
    public var master: InterfaceIndex?
    /// Addresses for which this host answers, instead of neighbours.
    public var isProxy = false
    /// Only those in one of these states; nil for all, an empty set for those in none.
    public var states: NeighborState?

    /// All neighbours.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getNeighbor.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { family == .bridge ? "list forwarding entries" : "list neighbors" }
    /// What it is done to, for errors.
    public var object: String? { index.map { "of link \($0)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = NeighborHeader()
        header.family = family
        if isProxy { header.flags = NeighborFlags.proxy.rawValue }
        header.encode(into: &writer)
        writer.put(NeighborAttribute.index, index)
        writer.put(NeighborAttribute.master, master)
    }

    // What a neighbour's master is only the kernel knows; of forwarding entries it is told.
    @inline(__always)
    private func accepts(_ neighbor: Neighbor) -> Bool {
        (index == nil || neighbor.index == index) && (family == .unspecified || neighbor.family == family)
            && (isProxy == neighbor.flags.contains(.proxy) || family == .bridge) && acceptsState(neighbor.state)
            && (master == nil || neighbor.master == nil || neighbor.master == master)
    }

    @inline(__always)
    private func acceptsState(_ state: NeighborState) -> Bool {
        guard let states else { return true }
        return states.isEmpty ? state.isEmpty : !states.isDisjoint(with: state)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Neighbor? {
        guard message.header.type == RouteMessageType.newNeighbor.rawValue else { return nil }
        let neighbor = try Neighbor(decoding: message)
        return accepts(neighbor) ? neighbor : nil
    }

    /// Reads the messages of a datagram; written out so that the loop is compiled with the decoder in sight.
    public func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Neighbor]
    ) throws(NetlinkError) {
        var reader = MessageReader(datagram)
        while let message = try exchange.next(in: &reader) {
            guard message.header.type == RouteMessageType.newNeighbor.rawValue else { continue }
            do throws(DecodeError) {
                let neighbor = try Neighbor(decoding: message)
                if accepts(neighbor) { elements.append(neighbor) }
            } catch {
                throw NetlinkError(error)
            }
        }
    }
}

extension Dump where Self == NeighborDump {
    /// All neighbours of all families.
    public static var neighbors: NeighborDump { NeighborDump() }
    /// The neighbours of a family, on a link, on the ports of a bridge or VRF, in some states.
    public static func neighbors(
        family: AddressFamily = .unspecified, on index: InterfaceIndex? = nil, master: InterfaceIndex? = nil,
        states: NeighborState? = nil
    ) -> NeighborDump {
        var dump = NeighborDump()
        dump.family = family
        dump.index = index
        dump.master = master
        dump.states = states
        return dump
    }
    /// The addresses for which this host answers.
    public static func proxies(
        family: AddressFamily = .unspecified, on index: InterfaceIndex? = nil
    ) -> NeighborDump {
        var dump = NeighborDump()
        dump.family = family
        dump.index = index
        dump.isProxy = true
        return dump
    }
    /// The entries of forwarding tables: all, of a port, of a bridge.
    public static func forwardingEntries(
        on index: InterfaceIndex? = nil, of bridge: InterfaceIndex? = nil
    ) -> NeighborDump {
        .neighbors(family: .bridge, on: index, master: bridge)
    }
}

/// Gets one neighbour or forwarding entry.
///
/// Kernel: `RTM_GETNEIGH`.
public struct NeighborQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What is looked for: link, address and table are used, and of a forwarding entry the VLAN and the master.
    public var key: Neighbor

    /// Asks for the neighbour with an address.
    public init(_ destination: IPAddress, on index: InterfaceIndex) { key = Neighbor(destination, on: index) }

    /// Asks whether this host answers for an address; on some link, or on none in particular.
    public init(proxying destination: IPAddress, on index: InterfaceIndex = .none) {
        key = Neighbor(proxying: destination, on: index)
    }

    /// Asks for an entry of a bridge's forwarding table.
    public init(forwarding hardwareAddress: HardwareAddress, of bridge: InterfaceIndex, vlan: UInt16? = nil) {
        key = Neighbor(forwarding: hardwareAddress, on: .none, flags: [])
        key.master = bridge
        key.vlan = vlan
    }

    /// Asks for an entry of the forwarding table of a link, or of the bridge of which it is a port.
    public init(
        forwarding hardwareAddress: HardwareAddress, on index: InterfaceIndex, in table: NeighborFlags,
        vlan: UInt16? = nil
    ) {
        key = Neighbor(forwarding: hardwareAddress, on: index, flags: table)
        key.vlan = vlan
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getNeighbor.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { key.family == .bridge ? "get forwarding entry" : "get neighbor" }
    /// What it is done to, for errors.
    public var object: String? { key.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = NeighborHeader()
        header.family = key.family
        header.index = key.index.rawValue
        header.flags = key.flags.intersection([.proxy, .linkTable, .masterTable]).rawValue
        header.encode(into: &writer)
        guard key.family == .bridge else {
            writer.put(NeighborAttribute.destination, key.destination)
            return
        }
        if let address = key.hardwareAddress { writer.put(NeighborAttribute.hardwareAddress, address.bytes) }
        writer.put(NeighborAttribute.vlan, key.vlan)
        writer.put(NeighborAttribute.master, key.master)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Neighbor {
        try Neighbor(decoding: message)
    }
}

/// Adds a neighbour or a forwarding entry, or changes one.
///
/// Kernel: `RTM_NEWNEIGH`.
public struct AddNeighbor: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What happens when it is there already, or is not.
    public enum Mode: Hashable, Sendable {
        /// Adds; that it is there is `NetlinkError.Code.exists`.
        ///
        /// Kernel: `NLM_F_CREATE | NLM_F_EXCL`.
        case add
        /// Adds, or replaces the one that is there.
        ///
        /// Kernel: `NLM_F_CREATE | NLM_F_REPLACE`.
        case replace
        /// Changes the one that is there; that it is missing is `NetlinkError.Code.notFound`.
        ///
        /// Kernel: `NLM_F_REPLACE`.
        case change
        /// Adds another destination to a tunnel's forwarding entry.
        ///
        /// Kernel: `NLM_F_CREATE | NLM_F_APPEND`.
        case append
    }

    /// The neighbour, of which everything set is sent.
    public var neighbor: Neighbor
    /// What happens when it is there already.
    public var mode: Mode
    /// Whether what the kernel would refuse is refused before anything is sent, with a better reason.
    public var isChecked = true

    /// Adds a neighbour.
    public init(_ neighbor: Neighbor, mode: Mode = .add) {
        self.neighbor = neighbor
        self.mode = mode
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newNeighbor.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags {
        switch mode {
        case .add: [.create, .exclusive]
        case .replace: [.create, .replace]
        case .change: .replace
        case .append: [.create, .append]
        }
    }
    /// What is done, for errors.
    public var operation: StaticString {
        switch mode {
        case .add: "add neighbor"
        case .replace: "replace neighbor"
        case .change: "change neighbor"
        case .append: "append neighbor"
        }
    }
    /// What it is done to, for errors.
    public var object: String? { neighbor.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try neighbor.validate() } catch { writer.fail(error) }
        }
        neighbor.encode(into: &writer, keepingUnknown: mode != .change)
    }
}

/// Removes a neighbour or a forwarding entry.
///
/// Link, address and table find it; of a forwarding entry also VLAN, destination, port and network numbers. Its state
/// does not matter. An entry of ``NeighborFlags/proxy`` is in a table of its own.
///
/// Kernel: `RTM_DELNEIGH`.
public struct RemoveNeighbor: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The neighbour.
    public var neighbor: Neighbor

    /// Removes a neighbour.
    public init(_ neighbor: Neighbor) { self.neighbor = neighbor }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteNeighbor.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove neighbor" }
    /// What it is done to, for errors.
    public var object: String? { neighbor.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { neighbor.encodeRemoval(into: &writer) }
}
