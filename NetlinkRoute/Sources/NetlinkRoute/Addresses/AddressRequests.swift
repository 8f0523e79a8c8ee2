// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lists addresses.
///
/// Kernel: `RTM_GETADDR` with `NLM_F_DUMP`; the filter goes to the kernel and is checked again here.
public struct AddressDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only addresses of this family.
    public var family = AddressFamily.unspecified
    /// Only addresses of this link.
    public var index: InterfaceIndex?
    /// The namespace, by its id in this one, whose addresses are listed.
    public var namespaceID: NamespaceID?

    /// All addresses.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getAddress.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list addresses" }
    /// What it is done to, for errors.
    public var object: String? { index.map { "of link \($0)" } }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = AddressHeader()
        header.family = family
        if let index { header.index = UInt32(bitPattern: index.rawValue) }
        header.encode(into: &writer)
        writer.put(AddressAttribute.targetNamespaceID, namespaceID)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Address? {
        guard message.header.type == RouteMessageType.newAddress.rawValue else { return nil }
        let address = try Address(decoding: message)
        if let index, address.index != index { return nil }
        if family != .unspecified, address.family != family { return nil }
        return address
    }
}

extension Dump where Self == AddressDump {
    /// All addresses.
    public static var addresses: AddressDump { AddressDump() }
    /// The addresses of a link or of a family.
    public static func addresses(
        on index: InterfaceIndex? = nil, family: AddressFamily = .unspecified
    ) -> AddressDump {
        var dump = AddressDump()
        dump.index = index
        dump.family = family
        return dump
    }
}

/// Gets one IPv6 address; of IPv4 addresses the kernel only has lists.
///
/// Kernel: `RTM_GETADDR` with `IFA_ADDRESS`.
public struct AddressQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The address.
    public var address: IPv6Address
    /// The link that has it; nil for whichever has.
    public var index: InterfaceIndex?
    /// The namespace, by its id in this one, in which the address is.
    public var namespaceID: NamespaceID?

    /// Asks for one address.
    public init(_ address: IPv6Address, on index: InterfaceIndex? = nil) {
        self.address = address
        self.index = index
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getAddress.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get address" }
    /// What it is done to, for errors.
    public var object: String? { address.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = AddressHeader()
        header.family = .ipv6
        if let index { header.index = UInt32(bitPattern: index.rawValue) }
        header.encode(into: &writer)
        writer.put(AddressAttribute.address, .v6(address))
        writer.put(AddressAttribute.targetNamespaceID, namespaceID)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Address { try Address(decoding: message) }
}

/// Adds an address to a link, or changes one.
///
/// Kernel: `RTM_NEWADDR`.
public struct AddAddress: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What happens when the link has the address already, or does not have it.
    public enum Mode: Hashable, Sendable {
        /// Adds; that it is there is `NetlinkError.Code.exists`.
        ///
        /// Kernel: `NLM_F_CREATE | NLM_F_EXCL`.
        case add
        /// Adds, or changes the one that is there. Of an IPv4 address only lifetimes and metric change.
        ///
        /// Kernel: `NLM_F_CREATE | NLM_F_REPLACE`.
        case replace
        /// Changes the one that is there, like ``replace``.
        ///
        /// Kernel: `NLM_F_REPLACE`. Kernels to date add an address that is not there all the same.
        case change
    }

    /// The address, of which everything set is sent.
    public var address: Address
    /// What happens when it is there already.
    public var mode: Mode
    /// Whether what the kernel would refuse is refused before anything is sent, with a better reason.
    public var isChecked = true

    /// Adds an address.
    public init(_ address: Address, mode: Mode = .add) {
        self.address = address
        self.mode = mode
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newAddress.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags {
        switch mode {
        case .add: [.create, .exclusive]
        case .replace: [.create, .replace]
        case .change: .replace
        }
    }
    /// What is done, for errors.
    public var operation: StaticString {
        switch mode {
        case .add: "add address"
        case .replace: "replace address"
        case .change: "change address"
        }
    }
    /// What it is done to, for errors.
    public var object: String? { address.prefix?.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try address.validate() } catch { writer.fail(error) }
        }
        address.encode(into: &writer, keepingUnknown: mode != .change)
    }
}

/// Removes an address from its link.
///
/// The link, the address, the prefix length, the peer and, where set, the label must be those of the address. With a
/// primary IPv4 address its secondary ones go too, unless the system promotes them.
///
/// Kernel: `RTM_DELADDR`.
public struct RemoveAddress: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The address.
    public var address: Address
    /// Whether an IPv4 address is removed whatever its prefix and peer are; the first that fits, and no other.
    public var ignoresPrefix: Bool

    /// Removes an address.
    public init(_ address: Address, ignoresPrefix: Bool = false) {
        self.address = address
        self.ignoresPrefix = ignoresPrefix
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteAddress.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove address" }
    /// What it is done to, for errors.
    public var object: String? { address.prefix?.description ?? address.label }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        address.encodeKey(into: &writer, anyPrefix: ignoresPrefix)
    }
}
