// SPDX-License-Identifier: Apache-2.0

/// The administrative and volatile flags of a link.
///
/// Kernel: `ifi_flags`, `u32`.
public struct LinkFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Administratively up.
    public static var up: Self { Self(rawValue: 1) }  // IFF_UP
    /// Has a broadcast address.
    public static var broadcast: Self { Self(rawValue: 2) }  // IFF_BROADCAST
    /// Debugging is on.
    public static var debug: Self { Self(rawValue: 4) }  // IFF_DEBUG
    /// Is a loopback.
    public static var loopback: Self { Self(rawValue: 8) }  // IFF_LOOPBACK
    /// Is a point-to-point link.
    public static var pointToPoint: Self { Self(rawValue: 16) }  // IFF_POINTOPOINT
    /// Avoids trailers.
    public static var noTrailers: Self { Self(rawValue: 32) }  // IFF_NOTRAILERS
    /// Operationally up.
    public static var running: Self { Self(rawValue: 64) }  // IFF_RUNNING
    /// Does not resolve neighbours.
    public static var noARP: Self { Self(rawValue: 128) }  // IFF_NOARP
    /// Receives all packets.
    public static var promiscuous: Self { Self(rawValue: 256) }  // IFF_PROMISC
    /// Receives all multicast packets.
    public static var allMulticast: Self { Self(rawValue: 512) }  // IFF_ALLMULTI
    /// Balances load over ports.
    public static var master: Self { Self(rawValue: 1024) }  // IFF_MASTER
    /// Is a port of a load balancer.
    public static var slave: Self { Self(rawValue: 2048) }  // IFF_SLAVE
    /// Supports multicast.
    public static var multicast: Self { Self(rawValue: 4096) }  // IFF_MULTICAST
    /// Can choose its medium.
    public static var portSelect: Self { Self(rawValue: 8192) }  // IFF_PORTSEL
    /// Chooses its medium by itself.
    public static var autoMedia: Self { Self(rawValue: 16384) }  // IFF_AUTOMEDIA
    /// Loses its addresses when it goes down.
    public static var dynamic: Self { Self(rawValue: 32768) }  // IFF_DYNAMIC
    /// The layer below is up: there is a carrier.
    public static var lowerUp: Self { Self(rawValue: 65536) }  // IFF_LOWER_UP
    /// Waits for an external event.
    public static var dormant: Self { Self(rawValue: 131072) }  // IFF_DORMANT
    /// Echoes sent packets.
    public static var echo: Self { Self(rawValue: 262144) }  // IFF_ECHO

    /// The flags that the kernel only reports; it ignores them where they are sent.
    public static var reported: Self {
        [.loopback, .pointToPoint, .broadcast, .echo, .master, .slave, .running, .lowerUp, .dormant]
    }
}

/// The operational state of a link, as RFC 2863 has it.
///
/// Kernel: `IFLA_OPERSTATE`, `u8`.
public struct OperationalState: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The driver does not say.
    public static var unknown: Self { Self(rawValue: 0) }  // IF_OPER_UNKNOWN
    /// A part is missing.
    public static var notPresent: Self { Self(rawValue: 1) }  // IF_OPER_NOTPRESENT
    /// Cannot pass packets.
    public static var down: Self { Self(rawValue: 2) }  // IF_OPER_DOWN
    /// A link below is down.
    public static var lowerLayerDown: Self { Self(rawValue: 3) }  // IF_OPER_LOWERLAYERDOWN
    /// Is being tested.
    public static var testing: Self { Self(rawValue: 4) }  // IF_OPER_TESTING
    /// Waits for an external event.
    public static var dormant: Self { Self(rawValue: 5) }  // IF_OPER_DORMANT
    /// Passes packets.
    public static var up: Self { Self(rawValue: 6) }  // IF_OPER_UP
}

/// How a link's operational state follows its carrier.
///
/// Kernel: `IFLA_LINKMODE`, `u8`.
public struct LinkMode: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Up with the carrier.
    public static var normal: Self { Self(rawValue: 0) }  // IF_LINK_MODE_DEFAULT
    /// Dormant with the carrier, until a program says up.
    public static var dormant: Self { Self(rawValue: 1) }  // IF_LINK_MODE_DORMANT
    /// Testing with the carrier.
    public static var testing: Self { Self(rawValue: 2) }  // IF_LINK_MODE_TESTING
}
