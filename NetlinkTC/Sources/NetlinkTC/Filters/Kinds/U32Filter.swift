// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Compares words of a packet, or is a hash table of filters that do.
///
/// Its handle is a ``U32Handle``. With ``divisor`` it is a table: filters go into its buckets by ``hashTable``, and packets
/// come to it from a filter that has it as its ``link``.
///
/// ```swift
/// var filter = U32Filter(U32Key.destination("10.0.0.0/8"))
/// filter.classID = TCHandle(1, 0x10)
/// ```
///
/// Kernel: kind `u32`.
public struct U32Filter: FilterKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "u32" }

    /// The class to which packets go.
    ///
    /// Kernel: `TCA_U32_CLASSID`, `u32`.
    public var classID: TCHandle?
    /// The table and bucket in which it stands; nil for the table with which filtering begins.
    ///
    /// Kernel: `TCA_U32_HASH`, `u32`.
    public var hashTable: U32Handle?
    /// The table whose filters are asked next; 0 takes a link away.
    ///
    /// Kernel: `TCA_U32_LINK`, `u32`.
    public var link: U32Handle?
    /// How many buckets the table has that this is: a power of two, 1 to 256.
    ///
    /// Kernel: `TCA_U32_DIVISOR`, `u32`.
    public var divisor: UInt32?
    /// What is compared; cannot be changed.
    ///
    /// Kernel: `TCA_U32_SEL`, `struct tc_u32_sel`.
    public var selector: U32Selector?
    /// The mark that packets carry.
    ///
    /// Kernel: `TCA_U32_MARK`, `struct tc_u32_mark`.
    public var mark: Mark?
    /// The interface by which packets came in.
    ///
    /// Kernel: `TCA_U32_INDEV`.
    public var inputName: InterfaceName?
    /// What is done with packets.
    ///
    /// Kernel: `TCA_U32_ACT`.
    public var actions: [Action] = []
    /// A police action in its old place, instead of ``actions``.
    ///
    /// Kernel: `TCA_U32_POLICE`.
    public var police: Action?
    /// Who executes it.
    ///
    /// Kernel: `TCA_U32_FLAGS`, `u32`.
    public var flags: FilterFlags?
    /// What it has counted, as reported.
    ///
    /// Kernel: `TCA_U32_PCNT`, `struct tc_u32_pcnt`.
    public var counters: Counters?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A filter that compares words; it ends filtering where it gives a class or has no next table.
    public init(_ keys: [U32Key], classID: TCHandle? = nil, actions: [Action] = []) {
        var selector = U32Selector()
        for key in keys where !selector.insert(key) { selector.keys.append(key) }
        if classID != nil || !actions.isEmpty { selector.flags.insert(.terminal) }
        self.selector = selector
        self.classID = classID
        self.actions = actions
    }

    /// A table of so many buckets: a power of two, 1 to 256.
    public init(divisor: UInt32) { self.divisor = divisor }

    /// A mark of which only some bits count.
    public struct Mark: Hashable, Sendable {
        /// What the bits are compared with.
        public var value: UInt32
        /// Which bits count.
        public var mask: UInt32
        /// How many packets carried it, as reported.
        public var successCount: UInt32 = 0

        /// Compares the bits of a mask.
        public init(_ value: UInt32, mask: UInt32 = .max) {
            self.value = value
            self.mask = mask
        }

        static let byteCount = 12  // sizeof(struct tc_u32_mark)
    }

    /// How often it was asked, how often it fitted, and how often each word did.
    public struct Counters: Hashable, Sendable {
        /// How many packets it was asked of.
        public var asked: UInt64
        /// How many it found.
        public var found: UInt64
        /// How many had each word, in the order of the selector's keys.
        public var keys: [UInt64]

        /// Puts counters together.
        public init(asked: UInt64, found: UInt64, keys: [UInt64]) {
            self.asked = asked
            self.found = found
            self.keys = keys
        }

        init(_ span: RawSpan) throws(DecodeError) {
            asked = try span.load(at: 0)  // struct tc_u32_pcnt.rcnt
            found = try span.load(at: 8)  // struct tc_u32_pcnt.rhit
            keys = []
            // The words' counters follow the structure.
            for offset in stride(from: 16, through: span.byteCount - 8, by: 8) {
                keys.append(try span.load(at: offset))
            }
        }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(U32Attribute.self) }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<U32Attribute>(options)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .classID: classID = TCHandle(rawValue: try attribute.integer())
            case .hashTable: hashTable = U32Handle(rawValue: try attribute.integer())
            case .link: link = U32Handle(rawValue: try attribute.integer())
            case .divisor: divisor = try attribute.integer()
            case .selector: selector = try U32Selector(decoding: attribute.payload)
            case .mark:
                var mark = Mark(try attribute.payload.load(at: 0))  // struct tc_u32_mark.val
                mark.mask = try attribute.payload.load(at: 4)  // struct tc_u32_mark.mask
                mark.successCount = try attribute.payload.load(at: 8)  // struct tc_u32_mark.success
                self.mark = mark
            case .inputName: inputName = InterfaceName(kernelBytes: attribute.payload)
            case .actions: actions = try [Action](decodingActions: attribute.payload)
            case .police: police = try Action(decodingPolice: attribute.payload)
            case .flags: flags = FilterFlags(rawValue: try attribute.integer())
            case .counters: counters = try Counters(attribute.payload)
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: U32Filter?) {
        if base == nil {
            encodeMark(into: &writer)
            writer.put(U32Attribute.divisor, divisor)
        }
        writer.put(U32Attribute.classID, classID?.rawValue, changing: base?.classID?.rawValue)
        writer.put(U32Attribute.link, link?.rawValue, changing: base?.link?.rawValue)
        // What a change leaves out of these is taken away.
        police?.encodePolice(U32Attribute.police, into: &writer)
        if let inputName, inputName != base?.inputName {
            writer.put(U32Attribute.inputName, inputName.bytes + [0])
        }
        actions.encodeActions(U32Attribute.actions, into: &writer)
        if base == nil {
            writer.put(U32Attribute.hashTable, hashTable?.rawValue)
            selector?.encode(into: &writer)
        }
        // A change is refused unless it repeats them.
        writer.put(U32Attribute.flags, flags?.settings)
        if base == nil { writer.put(unknown) }
    }

    private func encodeMark(into writer: inout MessageWriter) {
        guard let mark else { return }
        writer.put(U32Attribute.mark, structure: Mark.byteCount) { structure in
            structure.store(mark.value, at: 0)  // struct tc_u32_mark.val
            structure.store(mark.mask, at: 4)  // struct tc_u32_mark.mask
        }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let divisor, !((1...256).contains(divisor) && divisor & (divisor - 1) == 0) {
            validation.add("divisor", "a table has 1 to 256 buckets, a power of two, not \(divisor)")
        }
        for (index, key) in (selector?.keys ?? []).enumerated() where key.offset & 3 != 0 {
            validation.add("selector.keys[\(index)]", "words stand at multiples of 4, not at \(key.offset)")
        }
        actions.validate(into: &validation)
        if let police {
            validation.include("police") { () throws(NetlinkError) in try police.validate() }
        }
        try validation.finish(operation: "u32 filter")
    }

    /// The same without what the kernel only reports.
    public var settings: U32Filter {
        var copy = self
        copy.actions = actions.map(\.settings)
        copy.police = police?.settings
        copy.flags = flags?.settings
        copy.mark?.successCount = 0
        copy.counters = nil
        return copy
    }
}

/// Attributes inside `TCA_OPTIONS` of kind `u32`.
struct U32Attribute: AttributeID {
    let rawValue: UInt16

    static var classID: Self { Self(rawValue: 1) }  // TCA_U32_CLASSID
    static var hashTable: Self { Self(rawValue: 2) }  // TCA_U32_HASH
    static var link: Self { Self(rawValue: 3) }  // TCA_U32_LINK
    static var divisor: Self { Self(rawValue: 4) }  // TCA_U32_DIVISOR
    static var selector: Self { Self(rawValue: 5) }  // TCA_U32_SEL
    // Nest: PoliceAttribute
    static var police: Self { Self(rawValue: 6) }  // TCA_U32_POLICE
    // Nest: [ActionAttribute]
    static var actions: Self { Self(rawValue: 7) }  // TCA_U32_ACT
    static var inputName: Self { Self(rawValue: 8) }  // TCA_U32_INDEV
    static var counters: Self { Self(rawValue: 9) }  // TCA_U32_PCNT
    static var mark: Self { Self(rawValue: 10) }  // TCA_U32_MARK
    static var flags: Self { Self(rawValue: 11) }  // TCA_U32_FLAGS
    static var padding: Self { Self(rawValue: 12) }  // TCA_U32_PAD
}
