// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkGeneric

/// Network devices, as the family `netdev` tells of them.
public enum NetworkDevices: GenericFamily {
    /// The kernel's name.
    public static var name: String { "netdev" }
}

/// A network device came, went or changed.
public struct NetworkDeviceChange: GenericEvent, Hashable {
    /// The protocol that it belongs to.
    public typealias Family = NetworkDevices
    /// The names of the multicast groups.
    public static var groups: [String] { ["mgmt"] }
    /// Which notification it is.
    public var command: UInt8
    /// The device's number.
    public var index: InterfaceIndex?

    /// Reads a message; nil where it is none of these.
    public init?(decoding message: borrowing Message) throws(DecodeError) {
        command = try message.genericCommand
        var reader = try message.attributes(in: NetworkDevices.self, of: RawAttributeID.self)
        while let attribute = try reader.next() {
            let number: UInt16 = 1  // NETDEV_A_DEV_IFINDEX
            if attribute.id.rawValue == number { index = InterfaceIndex(rawValue: try attribute.integer()) }
        }
    }
}
