// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// An XDP program to be attached to a link, or detached, with ``Link/xdp``.
///
/// ```swift
/// var change = Link(index: index)
/// change.xdp = XDPAttachment(.pinned(try XDPProgram(pinnedAt: "/sys/fs/bpf/filter")), flags: [.generic])
/// try connection.perform(UpdateLink(change))
/// ```
///
/// Kernel: `IFLA_XDP`.
public struct XDPAttachment: Hashable, Sendable {
    /// A program.
    @nonexhaustive public enum Program: Hashable, Sendable {
        /// None: what is attached is detached.
        case none
        /// The one behind an open descriptor, which stays the caller's.
        case descriptor(Int32)
        /// One that was opened from a path.
        case pinned(XDPProgram)

        var number: Int32 {
            switch self {
            case .none: -1
            case .descriptor(let number): number
            case .pinned(let program): program.descriptor
            }
        }
    }

    /// Where and how a program is attached.
    ///
    /// Kernel: `XDP_FLAGS_*`, `u32`.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Only where none is attached.
        public static var unlessAttached: Self { Self(rawValue: 1) }  // XDP_FLAGS_UPDATE_IF_NOEXIST
        /// In the kernel's generic path.
        public static var generic: Self { Self(rawValue: 2) }  // XDP_FLAGS_SKB_MODE
        /// In the driver.
        public static var driver: Self { Self(rawValue: 4) }  // XDP_FLAGS_DRV_MODE
        /// In the hardware.
        public static var hardware: Self { Self(rawValue: 8) }  // XDP_FLAGS_HW_MODE
        /// Only in place of ``XDPAttachment/expected``; since Linux 5.7.
        public static var replace: Self { Self(rawValue: 16) }  // XDP_FLAGS_REPLACE
    }

    /// The program to be attached.
    ///
    /// Kernel: `IFLA_XDP_FD`, `s32`; -1 detaches.
    public var program: Program
    /// Where and how; in the driver if it can, else in the generic path, unless set.
    ///
    /// Kernel: `IFLA_XDP_FLAGS`, `u32`.
    public var flags: Flags
    /// The program that must be attached now, which needs ``Flags/replace``; since Linux 5.7.
    ///
    /// Kernel: `IFLA_XDP_EXPECTED_FD`, `s32`.
    public var expected: Program?

    /// An attachment, or with ``Program/none`` a detachment.
    public init(_ program: Program, flags: Flags = []) {
        self.program = program
        self.flags = flags
    }

    func encode(into writer: inout MessageWriter) {
        writer.nest(LinkAttribute.xdp, marked: false) { writer in
            writer.put(XDPAttribute.descriptor, program.number)
            if !flags.isEmpty { writer.put(XDPAttribute.flags, flags) }
            writer.put(XDPAttribute.expectedDescriptor, expected?.number)
        }
    }
}

/// A BPF program that was opened from a path of the BPF file system, for as long as it is referred to.
public final class XDPProgram: Sendable {
    private let file: OwnedDescriptor
    /// The path.
    public let path: String

    /// The descriptor, for as long as the program is referred to.
    public var descriptor: Int32 { file.number }

    /// Opens a program.
    ///
    /// - Throws: `NetlinkError` with the error number of `bpf(BPF_OBJ_GET)`: not found, or no permission.
    public init(pinnedAt path: String) throws(NetlinkError) {
        do throws(SystemError) {
            file = OwnedDescriptor(owning: try BPFCalls.openPinned(path).release())
        } catch {
            throw NetlinkError(error, operation: "open program", object: path)
        }
        self.path = path
    }
}

extension XDPProgram: Hashable {
    /// Whether both are one opening of a program.
    public static func == (a: XDPProgram, b: XDPProgram) -> Bool { a === b }

    /// Hashes which opening it is.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
