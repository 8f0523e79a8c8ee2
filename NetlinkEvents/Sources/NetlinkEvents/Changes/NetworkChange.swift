// SPDX-License-Identifier: Apache-2.0

public import NetlinkRoute

/// What became of one object.
public enum ObjectChange<Object: Hashable & Sendable>: Hashable, Sendable {
    /// It was not there before.
    case added(Object)
    /// It was there, but not like this.
    case changed(from: Object, to: Object)
    /// It is gone; this is how it was last known.
    case removed(Object)

    /// How it was; nil when it was not there.
    public var before: Object? {
        switch self {
        case .added: nil
        case .changed(let before, _), .removed(let before): before
        }
    }

    /// How it is; nil when it is gone.
    public var after: Object? {
        switch self {
        case .added(let after), .changed(_, let after): after
        case .removed: nil
        }
    }
}

/// What became of one object of a network namespace.
@nonexhaustive
public enum NetworkChange: Hashable, Sendable {
    /// A link.
    case link(ObjectChange<Link>)
    /// An address.
    case address(ObjectChange<Address>)
    /// A route.
    case route(ObjectChange<Route>)
    /// A neighbour.
    case neighbor(ObjectChange<Neighbor>)
    /// A rule.
    case rule(ObjectChange<Rule>)
}

/// How a change became known.
@nonexhaustive
public enum ChangeCause: Hashable, Sendable {
    /// The kernel told of it.
    case announced
    /// It follows from something that the kernel told of, and the kernel does not tell of it itself.
    case inferred
    /// A list of the objects showed it: the first one, one after lost notifications, or one to check what was inferred.
    case listed
}

/// Kinds of objects.
public struct NetworkKinds: OptionSet, Hashable, Sendable {
    /// A bit for each kind.
    public let rawValue: UInt8
    /// Takes any bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Links.
    public static var links: Self { Self(rawValue: 1) }
    /// Addresses.
    public static var addresses: Self { Self(rawValue: 2) }
    /// IPv4 routes.
    public static var ipv4Routes: Self { Self(rawValue: 4) }
    /// IPv6 routes.
    public static var ipv6Routes: Self { Self(rawValue: 8) }
    /// MPLS routes.
    public static var mplsRoutes: Self { Self(rawValue: 16) }
    /// Neighbours.
    public static var neighbors: Self { Self(rawValue: 32) }
    /// Rules.
    public static var rules: Self { Self(rawValue: 64) }

    /// Routes of all families.
    public static var routes: Self { [.ipv4Routes, .ipv6Routes, .mplsRoutes] }
    /// Everything.
    public static var all: Self { [.links, .addresses, .routes, .neighbors, .rules] }
}
