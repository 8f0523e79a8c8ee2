// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Finds packets that carry a mark, which is the filter's handle.
///
/// Without options of its own (neither class nor mask nor anything else) and without a handle, the packet's mark is the
/// class.
///
/// ```swift
/// Filter(at: .root(of: 3), priority: 5, handle: 7, kind: FirewallMarkFilter(classID: TCHandle(1, 0x10)))
/// ```
///
/// Kernel: kind `fw`.
public struct FirewallMarkFilter: FilterKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "fw" }

    /// The class to which packets go.
    ///
    /// Kernel: `TCA_FW_CLASSID`, `u32`.
    public var classID: TCHandle?
    /// Which bits of the mark count, the same for all filters of a priority; nil for all of them.
    ///
    /// Kernel: `TCA_FW_MASK`, `u32`.
    public var mask: UInt32?
    /// The interface by which packets came in.
    ///
    /// Kernel: `TCA_FW_INDEV`.
    public var inputName: InterfaceName?
    /// What is done with packets.
    ///
    /// Kernel: `TCA_FW_ACT`.
    public var actions: [Action] = []
    /// A police action in its old place, instead of ``actions``.
    ///
    /// Kernel: `TCA_FW_POLICE`.
    public var police: Action?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A filter that does something with packets of a mark.
    public init(classID: TCHandle? = nil, mask: UInt32? = nil, actions: [Action] = []) {
        self.classID = classID
        self.mask = mask
        self.actions = actions
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(FirewallMarkAttribute.self) }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<FirewallMarkAttribute>(options)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .classID: classID = TCHandle(rawValue: try attribute.integer())
            case .mask: mask = try attribute.integer()
            case .inputName: inputName = InterfaceName(kernelBytes: attribute.payload)
            case .actions: actions = try [Action](decodingActions: attribute.payload)
            case .police: police = try Action(decodingPolice: attribute.payload)
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: FirewallMarkFilter?) {
        // A change with another mask is refused, one with the same or none is not.
        writer.put(FirewallMarkAttribute.mask, mask)
        writer.put(FirewallMarkAttribute.classID, classID?.rawValue, changing: base?.classID?.rawValue)
        // What a change leaves out of these is taken away.
        police?.encodePolice(FirewallMarkAttribute.police, into: &writer)
        if let inputName, inputName != base?.inputName {
            writer.put(FirewallMarkAttribute.inputName, inputName.bytes + [0])
        }
        actions.encodeActions(FirewallMarkAttribute.actions, into: &writer)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        actions.validate(into: &validation)
        if let police {
            validation.include("police") { () throws(NetlinkError) in try police.validate() }
        }
        try validation.finish(operation: "fw filter")
    }

    /// The same without what the kernel only reports.
    public var settings: FirewallMarkFilter {
        var copy = self
        copy.actions = actions.map(\.settings)
        copy.police = police?.settings
        return copy
    }
}

/// Attributes inside `TCA_OPTIONS` of kind `fw`.
struct FirewallMarkAttribute: AttributeID {
    let rawValue: UInt16

    static var classID: Self { Self(rawValue: 1) }  // TCA_FW_CLASSID
    // Nest: PoliceAttribute
    static var police: Self { Self(rawValue: 2) }  // TCA_FW_POLICE
    static var inputName: Self { Self(rawValue: 3) }  // TCA_FW_INDEV
    // Nest: [ActionAttribute]
    static var actions: Self { Self(rawValue: 4) }  // TCA_FW_ACT
    static var mask: Self { Self(rawValue: 5) }  // TCA_FW_MASK
}
