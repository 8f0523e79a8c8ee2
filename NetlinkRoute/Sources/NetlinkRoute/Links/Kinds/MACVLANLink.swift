// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link with an address of its own on another link, which is its ``Link/parent``.
///
/// ```swift
/// try connection.add(Link(name: "mv0", kind: MACVLANLink(mode: .bridge)), on: "eth0")
/// ```
///
/// Kernel: kind `macvlan`.
public struct MACVLANLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "macvlan" }

    /// How many broadcasts may wait to be copied; 1000 unless set.
    ///
    /// The longest of all links on one parent holds. Since Linux 5.11.
    ///
    /// Kernel: `IFLA_MACVLAN_BC_QUEUE_LEN`, `u32`.
    public var broadcastQueueLength: UInt32?
    /// From how many receivers on multicast is queued like broadcast, -1 for never; 1 unless set.
    ///
    /// Since Linux 6.4.
    ///
    /// Kernel: `IFLA_MACVLAN_BC_CUTOFF`, `s32`.
    public var broadcastCutoff: Int32?
    /// With whom the link can talk; VEPA unless set.
    ///
    /// Kernel: `IFLA_MACVLAN_MODE`, `u32`.
    public var mode: Mode?
    /// What is done otherwise; nothing unless set.
    ///
    /// Kernel: `IFLA_MACVLAN_FLAGS`, `u16`.
    public var flags: Flags?
    /// The addresses whose packets come in here, in mode ``Mode/source``; setting it replaces all.
    ///
    /// Kernel: `IFLA_MACVLAN_MACADDR_DATA`, sent with `IFLA_MACVLAN_MACADDR_MODE`.
    public var sourceAddresses: [HardwareAddress]?
    /// A change of the source addresses, sent in place of ``sourceAddresses``; never reported.
    ///
    /// Kernel: `IFLA_MACVLAN_MACADDR_MODE`, `IFLA_MACVLAN_MACADDR`.
    public var sourceChange: SourceChange?

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link with a mode, or with the kernel's.
    public init(mode: Mode? = nil) { self.mode = mode }

    /// With whom a link can talk.
    ///
    /// Kernel: `enum macvlan_mode`, `u32`.
    public struct Mode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// With no other link on the parent.
        public static var isolated: Self { Self(rawValue: 1) }  // MACVLAN_MODE_PRIVATE
        /// With others on the parent by way of a switch outside.
        public static var vepa: Self { Self(rawValue: 2) }  // MACVLAN_MODE_VEPA
        /// With others on the parent directly.
        public static var bridge: Self { Self(rawValue: 4) }  // MACVLAN_MODE_BRIDGE
        /// With the parent's network as if it were the parent, which it takes over.
        public static var passthru: Self { Self(rawValue: 8) }  // MACVLAN_MODE_PASSTHRU
        /// With those whose addresses are in a list.
        public static var source: Self { Self(rawValue: 16) }  // MACVLAN_MODE_SOURCE
    }

    /// What a link does otherwise.
    ///
    /// Kernel: `MACVLAN_FLAG_*`, `u16`.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt16
        /// Takes any number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Does not make the parent promiscuous in mode ``Mode/passthru``.
        public static var notPromiscuous: Self { Self(rawValue: 1) }  // MACVLAN_FLAG_NOPROMISC
        /// Takes packets whose source matches away from the link whose address they bear; since Linux 5.14.
        public static var ignoresDestination: Self { Self(rawValue: 2) }  // MACVLAN_FLAG_NODST
    }

    /// A change of a link's source addresses.
    @nonexhaustive public enum SourceChange: Hashable, Sendable {
        /// One more.
        case add(HardwareAddress)
        /// One less.
        case remove(HardwareAddress)
        /// None any more.
        case removeAll
    }

    /// What the kernel reports about a link and nobody can set.
    public struct State: Hashable, Sendable {
        /// How many source addresses there are.
        ///
        /// Kernel: `IFLA_MACVLAN_MACADDR_COUNT`, `u32`.
        public var sourceAddressCount: UInt32?
        /// How many broadcasts may wait: the longest that a link on this parent asked for; since Linux 5.11.
        ///
        /// Kernel: `IFLA_MACVLAN_BC_QUEUE_LEN_USED`, `u32`.
        public var usedBroadcastQueueLength: UInt32?

        /// Nothing reported.
        public init() {}
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(MACVLANAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: MACVLANLink {
        var copy = self
        copy.state = State()
        return copy
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<MACVLANAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .broadcastQueueLength: broadcastQueueLength = try attribute.integer()
            case .broadcastCutoff: broadcastCutoff = try attribute.integer()
            case .mode: mode = Mode(rawValue: try attribute.integer())
            case .flags: flags = Flags(rawValue: try attribute.integer())
            case .sourceAddresses:
                var addresses: [HardwareAddress] = []
                var list = attribute.nested(MACVLANAttribute.self)
                while let entry = try list.next() {
                    if let address = HardwareAddress(bytes: entry.payload) { addresses.append(address) }
                }
                sourceAddresses = addresses
            case .sourceAddressCount: state.sourceAddressCount = try attribute.integer()
            case .usedBroadcastQueueLength: state.usedBroadcastQueueLength = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: MACVLANLink?) {
        encodeSources(into: &writer, changing: base)
        writer.put(MACVLANAttribute.broadcastQueueLength, broadcastQueueLength, changing: base?.broadcastQueueLength)
        writer.put(MACVLANAttribute.broadcastCutoff, broadcastCutoff, changing: base?.broadcastCutoff)
        writer.put(MACVLANAttribute.mode, mode, changing: base?.mode)
        writer.put(MACVLANAttribute.flags, flags, changing: base?.flags)
        if base == nil { writer.put(unknown) }
    }

    private func encodeSources(into writer: inout MessageWriter, changing base: MACVLANLink?) {
        if let sourceChange {
            guard sourceChange != base?.sourceChange else { return }
            writer.put(MACVLANAttribute.sourceMode, sourceChange.mode)
            writer.put(MACVLANAttribute.sourceAddress, sourceChange.address, changing: nil)
        } else if let sourceAddresses, Set(sourceAddresses) != base?.sourceAddresses.map({ Set($0) }) {
            writer.put(MACVLANAttribute.sourceMode, MACVLANSourceMode.set)
            writer.nest(MACVLANAttribute.sourceAddresses, marked: false) { writer in
                for address in sourceAddresses { writer.put(MACVLANAttribute.sourceAddress, address, changing: nil) }
            }
        }
    }
}

extension MACVLANLink.SourceChange {
    fileprivate var mode: MACVLANSourceMode {
        switch self {
        case .add: .add
        case .remove: .remove
        case .removeAll: .flush
        }
    }

    fileprivate var address: HardwareAddress? {
        switch self {
        case .add(let address), .remove(let address): address
        case .removeAll: nil
        }
    }
}

private struct MACVLANSourceMode: RawRepresentable {
    let rawValue: UInt32
    static var add: Self { Self(rawValue: 0) }  // MACVLAN_MACADDR_ADD
    static var remove: Self { Self(rawValue: 1) }  // MACVLAN_MACADDR_DEL
    static var flush: Self { Self(rawValue: 2) }  // MACVLAN_MACADDR_FLUSH
    static var set: Self { Self(rawValue: 3) }  // MACVLAN_MACADDR_SET
}

/// Attributes of a link with an address of its own on another link.
struct MACVLANAttribute: AttributeID {
    let rawValue: UInt16

    static var sourceMode: Self { Self(rawValue: 3) }  // IFLA_MACVLAN_MACADDR_MODE
    static var sourceAddress: Self { Self(rawValue: 4) }  // IFLA_MACVLAN_MACADDR
    // Nest: MACVLANAttribute
    static var sourceAddresses: Self { Self(rawValue: 5) }  // IFLA_MACVLAN_MACADDR_DATA
    static var sourceAddressCount: Self { Self(rawValue: 6) }  // IFLA_MACVLAN_MACADDR_COUNT
    static var broadcastQueueLength: Self { Self(rawValue: 7) }  // IFLA_MACVLAN_BC_QUEUE_LEN
    static var usedBroadcastQueueLength: Self { Self(rawValue: 8) }  // IFLA_MACVLAN_BC_QUEUE_LEN_USED
    static var broadcastCutoff: Self { Self(rawValue: 9) }  // IFLA_MACVLAN_BC_CUTOFF
    static var mode: Self { Self(rawValue: 1) }  // IFLA_MACVLAN_MODE
    static var flags: Self { Self(rawValue: 2) }  // IFLA_MACVLAN_FLAGS
}
