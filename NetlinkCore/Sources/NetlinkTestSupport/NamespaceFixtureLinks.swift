// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Rtnetlink, as far as a namespace fixture needs it: the real layer stands above this one.
public enum FixtureProtocol: RouteFamily {}

/// A change of a link.
public struct FixtureLinkCommand: Command {
    /// Rtnetlink.
    public typealias Family = FixtureProtocol
    private static let headerByteCount = 16  // sizeof(struct ifinfomsg)
    private static let up: UInt32 = 1  // IFF_UP

    /// The message's number.
    public let messageType: UInt16
    /// Flags beside those of every command.
    public let flags: MessageFlags
    /// What is done, for errors.
    public let operation: StaticString
    /// What it is done to, for errors.
    public let object: String?
    private var index = InterfaceIndex.none
    private var interfaceFlags: UInt32 = 0
    private var change: UInt32 = 0
    private var body: @Sendable (inout MessageWriter) -> Void = { _ in }

    private init(_ type: FixtureMessage, _ flags: MessageFlags, _ operation: StaticString, _ object: String?) {
        messageType = type.rawValue
        self.flags = flags
        self.operation = operation
        self.object = object
    }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        Self.header(&writer, index: index, flags: interfaceFlags, change: change)
        body(&writer)
    }

    private static func header(
        _ writer: inout MessageWriter, index: InterfaceIndex = .none, flags: UInt32 = 0, change: UInt32 = 0
    ) {
        writer.structure(headerByteCount) { s in
            s.store(index.rawValue, at: 4)  // struct ifinfomsg.ifi_index
            s.store(flags, at: 8)  // struct ifinfomsg.ifi_flags
            s.store(change, at: 12)  // struct ifinfomsg.ifi_change
        }
    }

    /// Makes a link of a kind without options.
    public static func add(_ name: String, kind: String) -> Self {
        var command = Self(.newLink, [.create, .exclusive], "add link", name)
        command.body = { writer in
            writer.put(FixtureLinkAttribute.name, name)
            writer.nest(FixtureLinkAttribute.info) { $0.put(FixtureLinkInfoAttribute.kind, kind) }
        }
        return command
    }

    /// Makes a pair of links, the second one in the namespace of a descriptor where one is given.
    public static func addVeth(_ name: String, _ peer: String, peerNamespace: Int32?) -> Self {
        var command = Self(.newLink, [.create, .exclusive], "add link", name)
        command.body = { writer in
            writer.put(FixtureLinkAttribute.name, name)
            writer.nest(FixtureLinkAttribute.info) { info in
                info.put(FixtureLinkInfoAttribute.kind, "veth")
                info.nest(FixtureLinkInfoAttribute.data) { data in
                    data.nest(FixtureVethAttribute.peer) { other in
                        header(&other)
                        other.put(FixtureLinkAttribute.name, peer)
                        other.put(FixtureLinkAttribute.namespaceDescriptor, peerNamespace)
                    }
                }
            }
        }
        return command
    }

    /// Sets a link up or down.
    public static func setUp(_ index: InterfaceIndex, _ isUp: Bool) -> Self {
        var command = Self(.newLink, [], isUp ? "set link up" : "set link down", "\(index)")
        command.index = index
        command.interfaceFlags = isUp ? up : 0
        command.change = up
        return command
    }

    /// Gives a link another name.
    public static func rename(_ index: InterfaceIndex, to name: String) -> Self {
        var command = Self(.newLink, [], "rename link", "\(index)")
        command.index = index
        command.body = { $0.put(FixtureLinkAttribute.name, name) }
        return command
    }

    /// Gives a link a further name.
    public static func addAlternativeName(_ name: String, to index: InterfaceIndex) -> Self {
        var command = Self(.newLinkProperty, [.create, .exclusive, .append], "add alternative name", name)
        command.index = index
        command.body = { writer in
            writer.nest(FixtureLinkAttribute.properties) { $0.put(FixtureLinkAttribute.alternativeName, name) }
        }
        return command
    }

    /// Removes a link.
    public static func remove(_ index: InterfaceIndex) -> Self {
        var command = Self(.deleteLink, [], "remove link", "\(index)")
        command.index = index
        return command
    }
}

private struct FixtureMessage: RawRepresentable {
    let rawValue: UInt16
    static var newLink: Self { Self(rawValue: 16) }  // RTM_NEWLINK
    static var deleteLink: Self { Self(rawValue: 17) }  // RTM_DELLINK
    static var newLinkProperty: Self { Self(rawValue: 108) }  // RTM_NEWLINKPROP
}

struct FixtureLinkAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 3) }  // IFLA_IFNAME
    // Nest: FixtureLinkInfoAttribute
    static var info: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
    static var namespaceDescriptor: Self { Self(rawValue: 28) }  // IFLA_NET_NS_FD
    // Nest: FixtureLinkAttribute
    static var properties: Self { Self(rawValue: 52) }  // IFLA_PROP_LIST
    static var alternativeName: Self { Self(rawValue: 53) }  // IFLA_ALT_IFNAME
}

struct FixtureLinkInfoAttribute: AttributeID {
    let rawValue: UInt16
    static var kind: Self { Self(rawValue: 1) }  // IFLA_INFO_KIND
    static var data: Self { Self(rawValue: 2) }  // IFLA_INFO_DATA
}

struct FixtureVethAttribute: AttributeID {
    let rawValue: UInt16
    static var peer: Self { Self(rawValue: 1) }  // VETH_INFO_PEER
}
