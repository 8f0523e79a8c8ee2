// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One queue, of so many packets; what comes when it is full is dropped.
///
/// Kernel: kind `pfifo`, `struct tc_fifo_qopt`.
public struct PFIFOQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "pfifo" }

    /// How many packets may wait; the link's queue length unless set.
    ///
    /// Kernel: `limit`.
    public var limit: UInt32?

    /// A queue that is at most so long; nil for the kernel's default.
    public init(limit: UInt32? = nil) { self.limit = limit }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) { limit = try FIFOOptions.decode(options) }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: PFIFOQdisc?) {
        FIFOOptions.encode(limit, into: &writer)
    }
}

/// One queue, of so many bytes; what comes when it is full is dropped.
///
/// Kernel: kind `bfifo`, `struct tc_fifo_qopt`.
public struct BFIFOQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bfifo" }

    /// How many bytes may wait; the link's queue length in packets of the link's MTU unless set.
    ///
    /// Kernel: `limit`.
    public var limit: UInt32?

    /// A queue that is at most so long; nil for the kernel's default.
    public init(limit: UInt32? = nil) { self.limit = limit }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) { limit = try FIFOOptions.decode(options) }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: BFIFOQdisc?) {
        FIFOOptions.encode(limit, into: &writer)
    }
}

/// One queue, of so many packets, that drops the oldest packet when another comes.
///
/// Kernel: kind `pfifo_head_drop`, `struct tc_fifo_qopt`.
public struct PFIFOHeadDropQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "pfifo_head_drop" }

    /// How many packets may wait; the link's queue length unless set.
    ///
    /// Kernel: `limit`.
    public var limit: UInt32?

    /// A queue that is at most so long; nil for the kernel's default.
    public init(limit: UInt32? = nil) { self.limit = limit }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) { limit = try FIFOOptions.decode(options) }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: PFIFOHeadDropQdisc?) {
        FIFOOptions.encode(limit, into: &writer)
    }
}

/// The options that all of these queues have.
enum FIFOOptions {
    static let byteCount = 4  // sizeof(struct tc_fifo_qopt)

    static func decode(_ options: RawSpan) throws(DecodeError) -> UInt32? {
        if options.byteCount == 0 { return nil }
        return try options.load(at: 0)  // struct tc_fifo_qopt.limit
    }

    static func encode(_ limit: UInt32?, into writer: inout MessageWriter) {
        guard let limit else { return }
        writer.structure(byteCount) { structure in
            structure.store(limit, at: 0)  // struct tc_fifo_qopt.limit
        }
    }
}
