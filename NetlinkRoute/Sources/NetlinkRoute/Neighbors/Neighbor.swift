// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A host on a link: its address and the hardware address behind it; or an entry of a bridge's forwarding table.
///
/// ```swift
/// try connection.add(Neighbor("192.0.2.7", at: "02:00:00:00:00:07", on: link.index))
/// ```
///
/// A forwarding entry has ``family`` `AddressFamily.bridge` and stands for a ``hardwareAddress``; where it has a
/// ``destination``, that is the other end of a tunnel.
///
/// Kernel: `RTM_NEWNEIGH`, `struct ndmsg` and `NDA_*`. A neighbour takes 80 bytes: what most have is inside, the rest
/// in one shared box.
public struct Neighbor: Hashable, Sendable {
    /// The family.
    ///
    /// Kernel: `ndm_family`.
    public var family: AddressFamily
    /// What a route to the address would be, such as unicast or multicast; reported only.
    ///
    /// Kernel: `ndm_type`, `RTN_*`.
    public var type = RouteType.unspecified
    /// What kind of entry it is, and in which table.
    ///
    /// A forwarding entry for which no table is named goes to that of its ``master``, if it has one, or to the link's.
    ///
    /// Kernel: `ndm_flags`.
    public var flags: NeighborFlags = []
    var originNumber: UInt8 = 0
    /// How well the hardware address is known; none when it is only to be found out.
    ///
    /// Kernel: `ndm_state`.
    public var state: NeighborState = []
    var vlanNumber: UInt16 = 0
    var present = Presence()
    var hardwareByteCount: UInt8 = 0
    /// The link; none for a proxy that answers on all of them.
    ///
    /// Kernel: `ndm_ifindex`.
    public var index: InterfaceIndex
    /// More flags; empty where the kernel sends none.
    ///
    /// Kernel: `NDA_FLAGS_EXT`, `u32`.
    public var extendedFlags: NeighborExtendedFlags = []
    var probeCount: UInt32 = 0
    var masterIndex: Int32 = 0
    var nextHopNumber: UInt32 = 0
    var packedDestination = PackedAddress()
    var packedHardwareAddress: UInt64 = 0
    var packedCache = NeighborCacheInformation()
    var rare: RareNeighborFields?

    /// Which of the packed fields are there.
    struct Presence: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static var destination: Self { Self(rawValue: 1) }
        static var destinationIsV6: Self { Self(rawValue: 2) }
        static var hardwareAddress: Self { Self(rawValue: 4) }
        static var cache: Self { Self(rawValue: 8) }
        static var probes: Self { Self(rawValue: 16) }
        static var vlan: Self { Self(rawValue: 32) }
        static var origin: Self { Self(rawValue: 64) }
        static var master: Self { Self(rawValue: 128) }
        static var nextHopID: Self { Self(rawValue: 256) }
    }

    /// A host on a link, set by hand; without a hardware address it is one that is to be found out.
    public init(
        _ destination: IPAddress, at hardwareAddress: HardwareAddress? = nil, on index: InterfaceIndex
    ) {
        family = destination.family
        self.index = index
        state = hardwareAddress == nil ? [] : .permanent
        self.destination = destination
        self.hardwareAddress = hardwareAddress
    }

    /// An address for which this host answers on a link.
    public init(proxying destination: IPAddress, on index: InterfaceIndex) {
        self.init(destination, on: index)
        flags = .proxy
    }

    /// An entry of a forwarding table, which does not age.
    public init(forwarding hardwareAddress: HardwareAddress, on index: InterfaceIndex, flags: NeighborFlags) {
        family = .bridge
        self.index = index
        self.flags = flags
        state = .noARP
        self.hardwareAddress = hardwareAddress
    }

    /// The host's address; of a forwarding entry, the other end of the tunnel.
    ///
    /// Kernel: `NDA_DST`.
    public var destination: IPAddress? {
        get {
            guard present.contains(.destination) else { return nil }
            return packedDestination.address(isV6: present.contains(.destinationIsV6))
        }
        set {
            packedDestination = newValue.map { PackedAddress($0) } ?? PackedAddress()
            present.set(.destination, newValue != nil)
            present.set(.destinationIsV6, newValue?.family == .ipv6)
        }
    }

    /// The hardware address.
    ///
    /// Kernel: `NDA_LLADDR`.
    public var hardwareAddress: HardwareAddress? {
        get {
            guard present.contains(.hardwareAddress) else { return nil }
            if let long = rare?.fields.longHardwareAddress { return long }
            return shortHardwareAddress
        }
        set {
            let count = newValue?.byteCount ?? 0
            let isShort = count <= 8
            present.set(.hardwareAddress, newValue != nil)
            hardwareByteCount = UInt8(truncatingIfNeeded: isShort ? count : 0)
            packedHardwareAddress = 0
            if isShort, let newValue {
                for index in 0..<count { packedHardwareAddress = packedHardwareAddress << 8 | UInt64(newValue[index]) }
            }
            setRare(\.longHardwareAddress, isShort ? nil : newValue)
        }
    }

    /// The bytes of the hardware address, where there is one.
    var hardwareBytes: [UInt8]? {
        guard present.contains(.hardwareAddress) else { return nil }
        if let long = rare?.fields.longHardwareAddress { return long.bytes }
        return shortHardwareBytes
    }

    private var shortHardwareBytes: [UInt8] {
        let count = UInt64(hardwareByteCount)
        return (0..<count).map { UInt8(truncatingIfNeeded: packedHardwareAddress >> ((count - 1 - $0) * 8)) }
    }

    private var shortHardwareAddress: HardwareAddress? {
        let value = packedHardwareAddress
        func byte(_ index: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: value >> UInt64((Int(hardwareByteCount) - 1 - index) * 8))
        }
        guard hardwareByteCount == 6 else { return HardwareAddress(bytes: (0..<Int(hardwareByteCount)).map(byte)) }
        return HardwareAddress(byte(0), byte(1), byte(2), byte(3), byte(4), byte(5))
    }

    /// Who put it there.
    ///
    /// Kernel: `NDA_PROTOCOL`, `u8`.
    public var origin: RoutingProtocol? {
        get { present.contains(.origin) ? RoutingProtocol(rawValue: originNumber) : nil }
        set {
            originNumber = newValue?.rawValue ?? 0
            present.set(.origin, newValue != nil)
        }
    }

    /// The VLAN in which a forwarding entry holds.
    ///
    /// Kernel: `NDA_VLAN`, `u16`.
    public var vlan: UInt16? {
        get { present.contains(.vlan) ? vlanNumber : nil }
        set {
            vlanNumber = newValue ?? 0
            present.set(.vlan, newValue != nil)
        }
    }

    /// The bridge or VRF of which the link is a port; reported only.
    ///
    /// Kernel: `NDA_MASTER`, `u32`.
    public var master: InterfaceIndex? {
        get { present.contains(.master) ? InterfaceIndex(rawValue: masterIndex) : nil }
        set {
            masterIndex = newValue?.rawValue ?? 0
            present.set(.master, newValue != nil)
        }
    }

    /// The next hop object to which a tunnel's forwarding entry points.
    ///
    /// Kernel: `NDA_NH_ID`, `u32`, since Linux 5.8.
    public var nextHopID: UInt32? {
        get { present.contains(.nextHopID) ? nextHopNumber : nil }
        set {
            nextHopNumber = newValue ?? 0
            present.set(.nextHopID, newValue != nil)
        }
    }

    /// How often it was asked for without an answer; reported only.
    ///
    /// Kernel: `NDA_PROBES`, `u32`.
    public var probes: UInt32? {
        get { present.contains(.probes) ? probeCount : nil }
        set {
            probeCount = newValue ?? 0
            present.set(.probes, newValue != nil)
        }
    }

    /// When it was used and confirmed last; reported only.
    ///
    /// Kernel: `NDA_CACHEINFO`.
    public var cache: NeighborCacheInformation? {
        get { present.contains(.cache) ? packedCache : nil }
        set {
            packedCache = newValue ?? NeighborCacheInformation()
            present.set(.cache, newValue != nil)
        }
    }

    /// The same without what the kernel only reports: what goes back when it is added again.
    public var settings: Neighbor {
        var copy = self
        copy.type = .unspecified
        copy.flags.remove(.offloaded)
        copy.extendedFlags.remove(.locked)
        copy.probes = nil
        copy.cache = nil
        copy.linkNamespaceID = nil
        return copy
    }
}
