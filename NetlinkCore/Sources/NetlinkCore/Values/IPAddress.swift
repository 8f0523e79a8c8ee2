// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address.
public enum IPAddress: TextValue {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// Reads either kind, exactly as `inet_pton` does.
    public init?(_ text: String) { self.init(ascii: text.utf8.span) }

    /// Reads text in place, by the rules of `init?(_:)`.
    public init?(ascii text: Span<UInt8>) {
        if let address = IPv4Address(ascii: text) {
            self = .v4(address)
        } else if let address = IPv6Address(ascii: text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// The address that stands for none or all of a family, nil for a family other than the two.
    @inlinable public init?(anyOf family: AddressFamily) {
        switch family {
        case .ipv4: self = .v4(.any)
        case .ipv6: self = .v6(.any)
        default: return nil
        }
    }

    /// Which kind it is.
    @inlinable public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// How many bytes it has on the wire: 4 or 16.
    @inlinable public var byteCount: Int {
        switch self {
        case .v4: IPv4Address.byteCount
        case .v6: IPv6Address.byteCount
        }
    }

    /// How many bits it has: 32 or 128.
    @inlinable public var bitCount: Int { byteCount * 8 }

    /// The IPv4 address, where it is one.
    @inlinable public var ipv4: IPv4Address? { if case .v4(let address) = self { address } else { nil } }
    /// The IPv6 address, where it is one.
    @inlinable public var ipv6: IPv6Address? { if case .v6(let address) = self { address } else { nil } }

    /// Whether it is 0.0.0.0 or ::.
    @inlinable public var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.isUnspecified
        case .v6(let address): address.isUnspecified
        }
    }

    /// Whether it lies in 127.0.0.0/8 or is ::1.
    @inlinable public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.isLoopback
        case .v6(let address): address.isLoopback
        }
    }

    /// Whether it lies in 224.0.0.0/4 or ff00::/8.
    @inlinable public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.isMulticast
        case .v6(let address): address.isMulticast
        }
    }

    /// Whether it lies in 169.254.0.0/16 or fe80::/10.
    @inlinable public var isLinkLocal: Bool {
        switch self {
        case .v4(let address): address.isLinkLocal
        case .v6(let address): address.isLinkLocal
        }
    }

    /// Appends the text that `inet_ntop` makes.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .v4(let address): address.write(to: &bytes)
        case .v6(let address): address.write(to: &bytes)
        }
    }
}

extension IPAddress: Comparable {
    /// Orders IPv4 before IPv6, and each by number.
    @inlinable public static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.v4(let a), .v4(let b)): a < b
        case (.v6(let a), .v6(let b)): a < b
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}

extension IPAddress: ExpressibleByStringLiteral {
    /// Takes a literal; one that is not an address traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not an IP address: \(text)")
        self = value ?? .v4(.any)
    }
}
