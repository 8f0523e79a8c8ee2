// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Finds every packet.
///
/// Kernel: kind `matchall`. It cannot be changed, only removed and made anew.
public struct MatchAllFilter: FilterKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "matchall" }

    /// The class to which packets go.
    ///
    /// Kernel: `TCA_MATCHALL_CLASSID`, `u32`.
    public var classID: TCHandle?
    /// What is done with packets.
    ///
    /// Kernel: `TCA_MATCHALL_ACT`.
    public var actions: [Action] = []
    /// Who executes it.
    ///
    /// Kernel: `TCA_MATCHALL_FLAGS`, `u32`.
    public var flags: FilterFlags?
    /// How many packets it has found, as reported.
    ///
    /// Kernel: `TCA_MATCHALL_PCNT`, `struct tc_matchall_pcnt`.
    public var hitCount: UInt64?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A filter that does something with every packet.
    public init(actions: [Action] = [], classID: TCHandle? = nil) {
        self.actions = actions
        self.classID = classID
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(MatchAllAttribute.self) }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<MatchAllAttribute>(options)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .classID: classID = TCHandle(rawValue: try attribute.integer())
            case .actions: actions = try [Action](decodingActions: attribute.payload)
            case .flags: flags = FilterFlags(rawValue: try attribute.integer())
            case .counters: hitCount = try attribute.payload.load(at: 0)  // struct tc_matchall_pcnt.rhit
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: MatchAllFilter?) {
        writer.put(MatchAllAttribute.classID, classID?.rawValue, changing: base?.classID?.rawValue)
        // What a change leaves out of these is taken away.
        actions.encodeActions(MatchAllAttribute.actions, into: &writer)
        writer.put(MatchAllAttribute.flags, flags?.settings)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        actions.validate(into: &validation)
        try validation.finish(operation: "matchall filter")
    }

    /// The same without what the kernel only reports.
    public var settings: MatchAllFilter {
        var copy = self
        copy.actions = actions.map(\.settings)
        copy.flags = flags?.settings
        copy.hitCount = nil
        return copy
    }
}

/// Attributes inside `TCA_OPTIONS` of kind `matchall`.
struct MatchAllAttribute: AttributeID {
    let rawValue: UInt16

    static var classID: Self { Self(rawValue: 1) }  // TCA_MATCHALL_CLASSID
    // Nest: [ActionAttribute]
    static var actions: Self { Self(rawValue: 2) }  // TCA_MATCHALL_ACT
    static var flags: Self { Self(rawValue: 3) }  // TCA_MATCHALL_FLAGS
    static var counters: Self { Self(rawValue: 4) }  // TCA_MATCHALL_PCNT
    static var padding: Self { Self(rawValue: 5) }  // TCA_MATCHALL_PAD
}
