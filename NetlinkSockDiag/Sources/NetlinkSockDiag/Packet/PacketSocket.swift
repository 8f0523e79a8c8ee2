// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A packet socket, as the kernel reports it.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct packet_diag_msg` and `PACKET_DIAG_*`.
public struct PacketSocket: Hashable, Sendable {
    /// Names the socket among all of its namespace.
    ///
    /// Kernel: `pdiag_cookie`.
    public var cookie: UInt64
    /// With or without the packets' headers.
    ///
    /// Kernel: `pdiag_type`.
    public var type: SocketType
    /// The Ethernet type of the packets that it takes; 3 for all.
    ///
    /// Kernel: `pdiag_num`.
    public var ethernetType: UInt16
    /// The number of its file.
    ///
    /// Kernel: `pdiag_ino`.
    public var inode: UInt32
    /// The link it is bound to and how it is set up.
    ///
    /// Kernel: `PACKET_DIAG_INFO`.
    public var information: PacketSocketInformation?
    /// The hardware addresses that it takes packets for.
    ///
    /// Kernel: `PACKET_DIAG_MCLIST`.
    public var memberships: [PacketMembership]?
    /// The ring that packets come in.
    ///
    /// Kernel: `PACKET_DIAG_RX_RING`.
    public var receiveRing: PacketRing?
    /// The ring that packets go out by.
    ///
    /// Kernel: `PACKET_DIAG_TX_RING`.
    public var sendRing: PacketRing?
    /// The group among which packets are shared: its number in the low half, the way of sharing in the high one.
    ///
    /// Kernel: `PACKET_DIAG_FANOUT`, `u32`.
    public var fanout: UInt32?
    /// The user whom it belongs to.
    ///
    /// Kernel: `PACKET_DIAG_UID`, `u32`.
    public var user: UInt32?
    /// What memory it holds and may hold.
    ///
    /// Kernel: `PACKET_DIAG_MEMINFO`.
    public var memory: SocketMemory?
    /// The classic BPF program that sorts its packets; takes CAP_NET_ADMIN.
    ///
    /// Kernel: `PACKET_DIAG_FILTER`, `struct sock_filter` in a row.
    public var program: SocketFilter?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    private static let messageByteCount = 16  // sizeof(struct packet_diag_msg)

    /// Reads a message about a socket.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        type = SocketType(rawValue: try message.field(1, UInt8.self))  // struct packet_diag_msg.pdiag_type
        ethernetType = try message.field(2, UInt16.self)  // struct packet_diag_msg.pdiag_num
        inode = try message.field(4, UInt32.self)  // struct packet_diag_msg.pdiag_ino
        let low = try message.field(8, UInt32.self)  // struct packet_diag_msg.pdiag_cookie[0]
        let high = try message.field(12, UInt32.self)  // struct packet_diag_msg.pdiag_cookie[1]
        cookie = UInt64(high) << 32 | UInt64(low)
        var attributes = try message.attributes(of: PacketAttribute.self, after: Self.messageByteCount)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .information: information = try PacketSocketInformation(attribute.payload)
            case .memberships: memberships = try PacketMembership.list(attribute.payload)
            case .receiveRing: receiveRing = try PacketRing(attribute.payload)
            case .sendRing: sendRing = try PacketRing(attribute.payload)
            case .fanout: fanout = try attribute.integer()
            case .user: user = try attribute.integer()
            case .memory: memory = try SocketMemory(attribute.payload)
            case .program: program = try SocketFilter(attribute.payload)
            default: unknown.keep(attribute)
            }
        }
    }
}

/// How a packet socket is set up.
///
/// Kernel: `struct packet_diag_info`.
public struct PacketSocketInformation: Hashable, Sendable {
    /// The link that it is bound to; nil for all.
    public var interface: InterfaceIndex?
    /// The form of its rings, from 0 on.
    public var version: UInt32
    /// Bytes set aside in front of each packet.
    public var reserve: UInt32
    /// Up to which size packets are copied whole.
    public var copyThreshold: UInt32
    /// Where times of packets come from.
    public var timestamps: UInt32
    /// What is set.
    public var flags: PacketSocketFlags

    init(_ span: RawSpan) throws(DecodeError) {
        let index = try span.load(at: 0, as: UInt32.self)  // struct packet_diag_info.pdi_index
        interface = index == 0 ? nil : InterfaceIndex(rawValue: Int32(bitPattern: index))
        version = try span.load(at: 4, as: UInt32.self)  // struct packet_diag_info.pdi_version
        reserve = try span.load(at: 8, as: UInt32.self)  // struct packet_diag_info.pdi_reserve
        copyThreshold = try span.load(at: 12, as: UInt32.self)  // struct packet_diag_info.pdi_copy_thresh
        timestamps = try span.load(at: 16, as: UInt32.self)  // struct packet_diag_info.pdi_tstamp
        let bits = try span.load(at: 20, as: UInt32.self)  // struct packet_diag_info.pdi_flags
        flags = PacketSocketFlags(rawValue: bits)
    }
}

/// What is set of a packet socket.
///
/// Kernel: `PDI_*`.
public struct PacketSocketFlags: OptionSet, Hashable, Sendable {
    /// The kernel's flags.
    public let rawValue: UInt32
    /// Takes any flags.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Packets come.
    public static var isRunning: Self { Self(rawValue: 1) }  // PDI_RUNNING
    /// Packets come with auxiliary data.
    public static var auxiliaryData: Self { Self(rawValue: 2) }  // PDI_AUXDATA
    /// Packets come with the link they came by first.
    public static var originalLink: Self { Self(rawValue: 4) }  // PDI_ORIGDEV
    /// Packets have headers as those of virtual machines.
    public static var virtualHeader: Self { Self(rawValue: 8) }  // PDI_VNETHDR
    /// Malformed packets in the sending ring are dropped.
    public static var dropsMalformed: Self { Self(rawValue: 16) }  // PDI_LOSS
}

/// Hardware addresses that a packet socket takes packets for.
///
/// Kernel: `struct packet_diag_mclist`.
public struct PacketMembership: Hashable, Sendable {
    /// The link.
    public var interface: InterfaceIndex
    /// How often it was joined.
    public var count: UInt32
    /// What kind of membership.
    public var type: UInt16
    /// The address; empty where the kind has none.
    public var address: [UInt8]

    private static let byteCount = 44  // sizeof(struct packet_diag_mclist)
    private static let addressLimit = 32  // MAX_ADDR_LEN

    static func list(_ span: RawSpan) throws(DecodeError) -> [PacketMembership] {
        var list: [PacketMembership] = []
        for start in stride(from: 0, through: span.byteCount - byteCount, by: byteCount) {
            let one = span.bytes(from: start, count: byteCount)
            let index = try one.load(at: 0, as: Int32.self)  // struct packet_diag_mclist.pdmc_index
            let length = try one.load(at: 10, as: UInt16.self)  // struct packet_diag_mclist.pdmc_alen
            let address = one.bytes(from: 12, count: min(Int(length), addressLimit))
            list.append(
                PacketMembership(
                    interface: InterfaceIndex(rawValue: index),
                    count: try one.load(at: 4, as: UInt32.self),  // struct packet_diag_mclist.pdmc_count
                    type: try one.load(at: 8, as: UInt16.self),  // struct packet_diag_mclist.pdmc_type
                    address: address.array))
        }
        return list
    }
}

/// A ring that packets go through without being copied.
///
/// Kernel: `struct packet_diag_ring`.
public struct PacketRing: Hashable, Sendable {
    /// The size of a block, in bytes.
    public var blockSize: UInt32
    /// How many blocks there are.
    public var blockCount: UInt32
    /// The size of a frame, in bytes.
    public var frameSize: UInt32
    /// How many frames there are.
    public var frameCount: UInt32
    /// After how many milliseconds a block is given over.
    public var retireTimeout: UInt32
    /// Bytes of the program's own in each block.
    public var privateByteCount: UInt32
    /// What else is filled in.
    public var features: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        blockSize = try span.load(at: 0, as: UInt32.self)  // struct packet_diag_ring.pdr_block_size
        blockCount = try span.load(at: 4, as: UInt32.self)  // struct packet_diag_ring.pdr_block_nr
        frameSize = try span.load(at: 8, as: UInt32.self)  // struct packet_diag_ring.pdr_frame_size
        frameCount = try span.load(at: 12, as: UInt32.self)  // struct packet_diag_ring.pdr_frame_nr
        retireTimeout = try span.load(at: 16, as: UInt32.self)  // struct packet_diag_ring.pdr_retire_tmo
        privateByteCount = try span.load(at: 20, as: UInt32.self)  // struct packet_diag_ring.pdr_sizeof_priv
        features = try span.load(at: 24, as: UInt32.self)  // struct packet_diag_ring.pdr_features
    }
}

extension SocketFilter {
    private static let instructionByteCount = 8  // sizeof(struct sock_filter)

    /// Reads the program as the kernel gives it.
    fileprivate init(_ span: RawSpan) throws(DecodeError) {
        var instructions: [Instruction] = []
        for start in stride(
            from: 0, through: span.byteCount - Self.instructionByteCount, by: Self.instructionByteCount)
        {
            let one = span.bytes(from: start, count: Self.instructionByteCount)
            instructions.append(
                Instruction(
                    code: try one.load(at: 0, as: UInt16.self),  // struct sock_filter.code
                    jumpTrue: try one.load(at: 2, as: UInt8.self),  // struct sock_filter.jt
                    jumpFalse: try one.load(at: 3, as: UInt8.self),  // struct sock_filter.jf
                    operand: try one.load(at: 4, as: UInt32.self)))  // struct sock_filter.k
        }
        self.init(instructions)
    }
}

/// Attributes of a message about a packet socket.
struct PacketAttribute: AttributeID {
    let rawValue: UInt16

    static var information: Self { Self(rawValue: 0) }  // PACKET_DIAG_INFO
    static var memberships: Self { Self(rawValue: 1) }  // PACKET_DIAG_MCLIST
    static var receiveRing: Self { Self(rawValue: 2) }  // PACKET_DIAG_RX_RING
    static var sendRing: Self { Self(rawValue: 3) }  // PACKET_DIAG_TX_RING
    static var fanout: Self { Self(rawValue: 4) }  // PACKET_DIAG_FANOUT
    static var user: Self { Self(rawValue: 5) }  // PACKET_DIAG_UID
    static var memory: Self { Self(rawValue: 6) }  // PACKET_DIAG_MEMINFO
    static var program: Self { Self(rawValue: 7) }  // PACKET_DIAG_FILTER
}
