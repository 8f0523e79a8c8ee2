// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A hierarchy of token buckets: each class of it has a rate of its own, and borrows what others leave.
///
/// Its classes are ``HTBClass``.
///
/// Kernel: kind `htb`, `TCA_HTB_INIT`, `struct tc_htb_glob`. Only added; the kernel changes none of it.
public struct HTBQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "htb" }

    /// The minor number of the class of packets that no filter classifies; 0 for none, these are sent at once.
    ///
    /// Kernel: `defcls`.
    public var defaultClass: UInt32
    /// By what a class's rate is divided for its quantum, where it is given none.
    ///
    /// Kernel: `rate2quantum`, taken for 1 when 0.
    public var rateToQuantum: UInt32
    /// How many packets without a class may wait; nil for the link's queue length.
    ///
    /// Kernel: `TCA_HTB_DIRECT_QLEN`, `u32`.
    public var directQueueLength: UInt32?
    /// Whether hardware does the work.
    ///
    /// Kernel: `TCA_HTB_OFFLOAD`, since Linux 5.12.
    public var isOffloaded: Bool
    /// What is printed by kernels made to; not used.
    ///
    /// Kernel: `debug`.
    public var debug: UInt32 = 0
    /// The version of the protocol; when it is read in the upper half, and the implementation's in the lower.
    ///
    /// Kernel: `version`.
    public var version: UInt32 = 3  // TC_HTB_PROTOVER
    /// How many packets without a class were sent; only reported.
    ///
    /// Kernel: `direct_pkts`.
    public var directPacketCount: UInt32?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A hierarchy whose packets go to a class by default.
    public init(defaultClass: UInt32 = 0, rateToQuantum: UInt32 = 10) {
        self.defaultClass = defaultClass
        self.rateToQuantum = rateToQuantum
        isOffloaded = false
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(HTBAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: HTBQdisc {
        var copy = self
        copy.directPacketCount = nil
        copy.version = protocolVersion
        return copy
    }

    private var protocolVersion: UInt32 { version > 0xffff ? version >> 16 : version }

    static let byteCount = 20  // sizeof(struct tc_htb_glob)

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        self.init()
        var reader = AttributeReader<HTBAttribute>(options)
        var isComplete = false
        while let attribute = try reader.next() {
            switch attribute.id {
            case .initial:
                let span = attribute.payload
                isComplete = true
                version = try span.load(at: 0)  // struct tc_htb_glob.version
                rateToQuantum = try span.load(at: 4)  // struct tc_htb_glob.rate2quantum
                defaultClass = try span.load(at: 8)  // struct tc_htb_glob.defcls
                debug = try span.load(at: 12)  // struct tc_htb_glob.debug
                directPacketCount = try span.load(at: 16, as: UInt32.self)  // struct tc_htb_glob.direct_pkts
            case .directQueueLength: directQueueLength = try attribute.integer()
            case .isOffloaded: isOffloaded = true
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
        guard isComplete else { throw DecodeError(.truncated, attribute: HTBAttribute.initial.rawValue) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: HTBQdisc?) {
        let value = self
        writer.put(HTBAttribute.initial, structure: Self.byteCount) { structure in
            structure.store(value.protocolVersion, at: 0)  // struct tc_htb_glob.version
            structure.store(value.rateToQuantum, at: 4)  // struct tc_htb_glob.rate2quantum
            structure.store(value.defaultClass, at: 8)  // struct tc_htb_glob.defcls
            structure.store(value.debug, at: 12)  // struct tc_htb_glob.debug
        }
        writer.put(HTBAttribute.directQueueLength, directQueueLength)
        writer.put(flag: HTBAttribute.isOffloaded, isOffloaded)
        writer.put(unknown)
    }
}

/// Attributes of HTB, its queueing discipline and its classes.
struct HTBAttribute: AttributeID {
    let rawValue: UInt16

    static var parameters: Self { Self(rawValue: 1) }  // TCA_HTB_PARMS
    static var initial: Self { Self(rawValue: 2) }  // TCA_HTB_INIT
    static var ceilingTable: Self { Self(rawValue: 3) }  // TCA_HTB_CTAB
    static var rateTable: Self { Self(rawValue: 4) }  // TCA_HTB_RTAB
    static var directQueueLength: Self { Self(rawValue: 5) }  // TCA_HTB_DIRECT_QLEN
    static var rate64: Self { Self(rawValue: 6) }  // TCA_HTB_RATE64
    static var ceiling64: Self { Self(rawValue: 7) }  // TCA_HTB_CEIL64
    static var padding: Self { Self(rawValue: 8) }  // TCA_HTB_PAD
    static var isOffloaded: Self { Self(rawValue: 9) }  // TCA_HTB_OFFLOAD
}
