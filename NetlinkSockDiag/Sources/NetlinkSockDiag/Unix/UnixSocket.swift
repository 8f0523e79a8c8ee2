// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A socket of the local machine, as the kernel reports it.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct unix_diag_msg` and `UNIX_DIAG_*`.
public struct UnixSocket: Hashable, Sendable {
    /// Names the socket among all of its namespace.
    ///
    /// Kernel: `udiag_cookie`.
    public var cookie: UInt64
    /// The number of its file.
    ///
    /// Kernel: `udiag_ino`.
    public var inode: UInt32
    /// Stream, datagram or sequenced packets.
    ///
    /// Kernel: `udiag_type`.
    public var type: SocketType
    /// What it is doing.
    ///
    /// Kernel: `udiag_state`.
    public var state: SocketState
    /// The path or abstract name it is bound to; nil for none.
    ///
    /// Kernel: `UNIX_DIAG_NAME`.
    public var name: UnixSocketName?
    /// The file of its path; nil where it has none.
    ///
    /// Kernel: `UNIX_DIAG_VFS`.
    public var file: UnixSocketFile?
    /// The file number of the socket it is connected to.
    ///
    /// Kernel: `UNIX_DIAG_PEER`, `u32`.
    public var peer: UInt32?
    /// Bytes received and not read yet, and bytes sent and not received; of a listening socket how many connections wait,
    /// and how many may.
    ///
    /// Kernel: `UNIX_DIAG_RQLEN`.
    public var queues: UnixSocketQueues?
    /// Which directions were shut down.
    ///
    /// Kernel: `UNIX_DIAG_SHUTDOWN`, `u8`.
    public var shutdown: SocketShutdown?
    /// The user whom it belongs to; since Linux 5.3.
    ///
    /// Kernel: `UNIX_DIAG_UID`, `u32`.
    public var user: UInt32?
    var rare: RareUnixFields?

    /// What of a socket most have not, in one box that copies share.
    final class RareUnixFields: Hashable, Sendable {
        let pendingConnections: [UInt32]?
        let memory: SocketMemory?
        let unknown: UnknownAttributes

        init(pendingConnections: [UInt32]?, memory: SocketMemory?, unknown: UnknownAttributes) {
            self.pendingConnections = pendingConnections
            self.memory = memory
            self.unknown = unknown
        }

        static func == (a: RareUnixFields, b: RareUnixFields) -> Bool {
            a === b || a.pendingConnections == b.pendingConnections && a.memory == b.memory && a.unknown == b.unknown
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(pendingConnections)
            hasher.combine(memory)
            hasher.combine(unknown)
        }
    }

    /// The file numbers of the sockets whose connections wait to be accepted; 0 for one that has none yet.
    ///
    /// Kernel: `UNIX_DIAG_ICONS`, `u32` in a row.
    public var pendingConnections: [UInt32]? { rare?.pendingConnections }
    /// What memory it holds and may hold.
    ///
    /// Kernel: `UNIX_DIAG_MEMINFO`.
    public var memory: SocketMemory? { rare?.memory }
    /// What this library does not model.
    public var unknown: UnknownAttributes { rare?.unknown ?? UnknownAttributes() }

    private static let messageByteCount = 16  // sizeof(struct unix_diag_msg)

    /// Reads a message about a socket.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        type = SocketType(rawValue: try message.field(1, UInt8.self))  // struct unix_diag_msg.udiag_type
        state = SocketState(rawValue: try message.field(2, UInt8.self))  // struct unix_diag_msg.udiag_state
        inode = try message.field(4, UInt32.self)  // struct unix_diag_msg.udiag_ino
        let low = try message.field(8, UInt32.self)  // struct unix_diag_msg.udiag_cookie[0]
        let high = try message.field(12, UInt32.self)  // struct unix_diag_msg.udiag_cookie[1]
        cookie = UInt64(high) << 32 | UInt64(low)
        var pendingConnections: [UInt32]?
        var memory: SocketMemory?
        var unknown = UnknownAttributes()
        var attributes = try message.attributes(of: UnixAttribute.self, after: Self.messageByteCount)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .name: name = UnixSocketName(bytes: attribute.payload.array)
            case .file: file = try UnixSocketFile(attribute.payload)
            case .peer: peer = try attribute.integer()
            case .pendingConnections: pendingConnections = try attribute.payload.words()
            case .queues: queues = try UnixSocketQueues(attribute.payload)
            case .memory: memory = try SocketMemory(attribute.payload)
            case .shutdown: shutdown = SocketShutdown(rawValue: try attribute.integer())
            case .user: user = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
        if pendingConnections != nil || memory != nil || !unknown.isEmpty {
            rare = RareUnixFields(pendingConnections: pendingConnections, memory: memory, unknown: unknown)
        }
    }
}

/// The name of a Unix socket, as the kernel has it.
public struct UnixSocketName: Hashable, Sendable {
    /// The bytes: a path, or a NUL and an abstract name, which may hold further ones.
    public let bytes: [UInt8]

    /// Takes bytes from the kernel.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// Whether it is a name of its own and no path.
    public var isAbstract: Bool { bytes.first == 0 }

    /// The name as it is usually written: `@` for each NUL of an abstract one, and a path up to its end.
    public var text: [UInt8] {
        isAbstract ? bytes.map { $0 == 0 ? UInt8(ascii: "@") : $0 } : Array(bytes.prefix { $0 != 0 })
    }
}

extension UnixSocketName: CustomStringConvertible {
    /// The name as it is usually written.
    public var description: String { String(decoding: text, as: UTF8.self) }
}

/// The file that a Unix socket's path leads to.
///
/// Kernel: `struct unix_diag_vfs`.
public struct UnixSocketFile: Hashable, Sendable {
    /// The file's number.
    public var inode: UInt32
    /// The file system's number.
    public var device: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        inode = try span.load(at: 0, as: UInt32.self)  // struct unix_diag_vfs.udiag_vfs_ino
        device = try span.load(at: 4, as: UInt32.self)  // struct unix_diag_vfs.udiag_vfs_dev
    }
}

/// How much waits in a Unix socket.
///
/// Kernel: `struct unix_diag_rqlen`.
public struct UnixSocketQueues: Hashable, Sendable {
    /// Bytes received and not read yet; of a listening socket the connections that wait.
    public var receive: UInt32
    /// Bytes sent and not received yet; of a listening socket how many connections may wait.
    public var send: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        receive = try span.load(at: 0, as: UInt32.self)  // struct unix_diag_rqlen.udiag_rqueue
        send = try span.load(at: 4, as: UInt32.self)  // struct unix_diag_rqlen.udiag_wqueue
    }
}

/// How a socket hands on data.
///
/// Kernel: `SOCK_*`, equal on every architecture but MIPS.
public struct SocketType: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// As a stream of bytes.
    public static var stream: Self { Self(rawValue: 1) }  // SOCK_STREAM
    /// As packets.
    public static var datagram: Self { Self(rawValue: 2) }  // SOCK_DGRAM
    /// As packets with their headers.
    public static var raw: Self { Self(rawValue: 3) }  // SOCK_RAW
    /// As packets that arrive and do not wait for acceptance.
    public static var reliableDatagram: Self { Self(rawValue: 4) }  // SOCK_RDM
    /// As packets over a connection.
    public static var sequencedPacket: Self { Self(rawValue: 5) }  // SOCK_SEQPACKET
}

extension RawSpan {
    /// The whole words of a row of integers.
    func words() throws(DecodeError) -> [UInt32] {
        var words: [UInt32] = []
        for offset in stride(from: 0, to: byteCount & ~3, by: 4) { words.append(try load(at: offset)) }
        return words
    }
}

/// Attributes of a message about a Unix socket.
struct UnixAttribute: AttributeID {
    let rawValue: UInt16

    static var name: Self { Self(rawValue: 0) }  // UNIX_DIAG_NAME
    static var file: Self { Self(rawValue: 1) }  // UNIX_DIAG_VFS
    static var peer: Self { Self(rawValue: 2) }  // UNIX_DIAG_PEER
    static var pendingConnections: Self { Self(rawValue: 3) }  // UNIX_DIAG_ICONS
    static var queues: Self { Self(rawValue: 4) }  // UNIX_DIAG_RQLEN
    static var memory: Self { Self(rawValue: 5) }  // UNIX_DIAG_MEMINFO
    static var shutdown: Self { Self(rawValue: 6) }  // UNIX_DIAG_SHUTDOWN
    static var user: Self { Self(rawValue: 7) }  // UNIX_DIAG_UID
}
