// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What memory a socket holds and may hold, in bytes.
///
/// Kernel: `INET_DIAG_SKMEMINFO` and its like, an array of `u32` at `SK_MEMINFO_*`.
public struct SocketMemory: Hashable, Sendable {
    /// Held by what was received and not read yet.
    public var receiveAllocated: UInt32 = 0
    /// What received data may hold.
    public var receiveBuffer: UInt32 = 0
    /// Held by what was handed on for sending.
    public var sendAllocated: UInt32 = 0
    /// What data to be sent may hold.
    public var sendBuffer: UInt32 = 0
    /// Set aside for the socket and not in use.
    public var forwardAllocated: UInt32 = 0
    /// Held by what waits to be sent.
    public var sendQueued: UInt32 = 0
    /// Held by options, such as keys of signatures.
    public var options: UInt32 = 0
    /// Held by packets that came while the socket was in use; nil where the kernel does not say: before Linux 3.6.
    public var backlog: UInt32?
    /// Packets dropped; nil where the kernel does not say: before Linux 4.6.
    public var drops: UInt32?

    /// All zero.
    public init() {}

    /// Reads the array, of which older kernels send less.
    init(_ span: RawSpan) throws(DecodeError) {
        func word(_ index: Int) throws(DecodeError) -> UInt32 { try span.load(at: index * 4, as: UInt32.self) }
        receiveAllocated = try word(0)  // SK_MEMINFO_RMEM_ALLOC
        receiveBuffer = try word(1)  // SK_MEMINFO_RCVBUF
        sendAllocated = try word(2)  // SK_MEMINFO_WMEM_ALLOC
        sendBuffer = try word(3)  // SK_MEMINFO_SNDBUF
        forwardAllocated = try word(4)  // SK_MEMINFO_FWD_ALLOC
        sendQueued = try word(5)  // SK_MEMINFO_WMEM_QUEUED
        options = try word(6)  // SK_MEMINFO_OPTMEM
        guard span.byteCount >= 32 else { return }
        backlog = try word(7)  // SK_MEMINFO_BACKLOG
        guard span.byteCount >= 36 else { return }
        drops = try word(8)  // SK_MEMINFO_DROPS
    }
}

/// What memory an internet socket holds, in bytes; the older form of ``SocketMemory``.
///
/// Kernel: `INET_DIAG_MEMINFO`, `struct inet_diag_meminfo`.
public struct InetSocketMemory: Hashable, Sendable {
    /// Held by what was received and not read yet.
    public var received: UInt32 = 0
    /// Held by what waits to be sent.
    public var queued: UInt32 = 0
    /// Set aside for the socket and not in use.
    public var forward: UInt32 = 0
    /// Held by what was handed on for sending.
    public var sent: UInt32 = 0

    /// All zero.
    public init() {}

    init(_ span: RawSpan) throws(DecodeError) {
        received = try span.load(at: 0, as: UInt32.self)  // struct inet_diag_meminfo.idiag_rmem
        queued = try span.load(at: 4, as: UInt32.self)  // struct inet_diag_meminfo.idiag_wmem
        forward = try span.load(at: 8, as: UInt32.self)  // struct inet_diag_meminfo.idiag_fmem
        sent = try span.load(at: 12, as: UInt32.self)  // struct inet_diag_meminfo.idiag_tmem
    }
}
