// SPDX-License-Identifier: Apache-2.0

/// Which kind of network addresses a message or a value is about.
///
/// Numbers that this library does not know survive and are printed as numbers.
///
/// Kernel: `AF_*`, the first byte of `struct ifaddrmsg`, `struct rtmsg` and their like.
public struct AddressFamily: RawRepresentable, TextValue {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No family in particular, which in a request means all.
    @inlinable public static var unspecified: Self { Self(rawValue: 0) }  // AF_UNSPEC
    /// Sockets of the local machine.
    @inlinable public static var unix: Self { Self(rawValue: 1) }  // AF_UNIX
    /// IPv4.
    @inlinable public static var ipv4: Self { Self(rawValue: 2) }  // AF_INET
    /// Bridges: forwarding entries, ports and their VLANs.
    @inlinable public static var bridge: Self { Self(rawValue: 7) }  // AF_BRIDGE
    /// IPv6.
    @inlinable public static var ipv6: Self { Self(rawValue: 10) }  // AF_INET6
    /// Links by their hardware addresses.
    @inlinable public static var packet: Self { Self(rawValue: 17) }  // AF_PACKET
    /// MPLS labels.
    @inlinable public static var mpls: Self { Self(rawValue: 28) }  // AF_MPLS

    private static let names: [(family: Self, name: StaticString)] = [
        (.unspecified, "unspec"), (.unix, "unix"), (.ipv4, "inet"), (.bridge, "bridge"), (.ipv6, "inet6"),
        (.packet, "link"), (.mpls, "mpls"),
    ]

    /// Reads a name that `ip -family` takes (`inet`, `inet6`, `link`, `bridge`, `mpls`), `unspec`, `unix` or a number.
    public init?(_ text: String) {
        if let known = Self.names.first(where: { $0.name.description == text }) {
            self = known.family
        } else if let number = UInt8(text), text.utf8.first != ASCII.plus {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }

    /// The name that `ip -family` takes, or the number where there is none.
    public var description: String {
        Self.names.first { $0.family == self }?.name.description ?? String(rawValue)
    }

    /// Appends the name or the number.
    public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: description.utf8) }

    /// Decodes a family from its name or number, as text.
    public init(from decoder: any Decoder) throws { self = try Self.decodingText(from: decoder) }
    /// Encodes the family as its name or number, as text.
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}
