// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Something that a store tells, with the namespace that it is about.
public struct NetworkStoreEvent: Sendable {
    /// What it tells.
    @nonexhaustive
    public enum Kind: Sendable {
        /// The namespace is mirrored from now on; its objects follow as additions.
        case opened
        /// An object came, changed or went.
        case change(NetworkChange, cause: ChangeCause)
        /// The store shows the namespace as it is: all was listed once, or again after ``overflow``.
        case synchronized
        /// Notifications were lost: what changed meanwhile follows as changes, up to the next ``synchronized``.
        case overflow
        /// A message that could not be read, as the kernel's bytes with its header.
        case malformed(DecodeError, [UInt8])
        /// The namespace is no longer mirrored: its name is gone, and so is what the store knew of it.
        case closed
        /// The namespace can not be mirrored, or no longer.
        case failed(NetlinkError)
    }

    /// The namespace, as it was named.
    public var namespace: Namespace
    /// What it tells.
    public var kind: Kind

    /// Something about a namespace.
    public init(_ kind: Kind, in namespace: Namespace) {
        self.namespace = namespace
        self.kind = kind
    }
}

/// How a store mirrors.
public struct NetworkStoreOptions: Sendable {
    /// What is told; links and addresses are watched with routes, whose removals follow from them.
    public var kinds = NetworkKinds.all
    /// What of it is wanted; objects that do not pass are neither mirrored nor told.
    public var filter = RouteFilter()
    /// How many bytes of notifications may wait in a namespace before some are lost; nil for what the system gives.
    public var receiveBufferByteCount: Int? = 1 << 20
    /// How long after something that the kernel may have changed without a word a list checks what was inferred.
    ///
    /// Further such events put it off, to ten times as long at most. Nil never checks.
    public var checkDelay: Duration? = .milliseconds(50)
    /// How long changes of neighbours are held back; nil tells each at once.
    ///
    /// Of a neighbour that changes again meanwhile only the outcome is told, and nothing when it is as it was: what busy
    /// networks need, whose neighbours change state all the time. The store's state is not held back.
    public var neighborDelay: Duration?
    /// How long a list waits for the kernel.
    public var timeout: Duration? = .seconds(30)

    /// Mirrors everything.
    public init() {}

    /// The kinds that are watched.
    var watched: NetworkKinds {
        kinds.isDisjoint(with: .routes) ? kinds : kinds.union([.links, .addresses])
    }

    var subscription: RouteSubscription {
        var groups: [RouteGroup] = []
        let watched = watched
        if watched.contains(.links) { groups.append(.link) }
        if watched.contains(.addresses) { groups += [.ipv4Address, .ipv6Address] }
        if watched.contains(.ipv4Routes) { groups.append(.ipv4Route) }
        if watched.contains(.ipv6Routes) { groups.append(.ipv6Route) }
        if watched.contains(.mplsRoutes) { groups.append(.mplsRoute) }
        if !watched.isDisjoint(with: .routes) { groups.append(.nextHop) }
        if watched.contains(.neighbors) { groups.append(.neighbor) }
        if watched.contains(.rules) { groups += [.ipv4Rule, .ipv6Rule] }
        return RouteSubscription(groups, receiveBufferByteCount: receiveBufferByteCount, filter: filter)
    }
}

/// What a store has done so far.
public struct NetworkStoreStatistics: Hashable, Sendable {
    /// How many notifications it took in.
    public var notificationCount = 0
    /// How often notifications were lost.
    public var overflowCount = 0
    /// How many lists it made.
    public var listCount = 0
    /// How many lists changes interrupted.
    public var interruptedListCount = 0
    /// How many changes it inferred.
    public var inferredCount = 0
    /// How many changes a list showed that neither a notification told nor was inferred, first lists left out.
    public var divergenceCount = 0
    /// How many messages could not be read.
    public var malformedCount = 0

    /// Nothing done.
    public init() {}
}
