// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// An action that does nothing but give its verdict, perhaps another one for some packets.
///
/// ```swift
/// Action(GenericAction(), control: .drop)
/// ```
///
/// Kernel: kind `gact`.
public struct GenericAction: ActionKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "gact" }

    /// Another verdict for some of the packets; nil for none.
    ///
    /// Kernel: `TCA_GACT_PROB`, `struct tc_gact_p`.
    public var random: Random?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A verdict for all packets, or another for some.
    public init(random: Random? = nil) { self.random = random }

    /// Another verdict for some packets.
    public struct Random: Hashable, Sendable {
        /// How the packets are chosen.
        public struct Method: RawRepresentable, Hashable, Sendable {
            /// The kernel's number.
            public let rawValue: UInt16
            /// Takes any number.
            public init(rawValue: UInt16) { self.rawValue = rawValue }

            /// None.
            public static var none: Self { Self(rawValue: 0) }  // PGACT_NONE
            /// One of ``Random/value``, by chance.
            public static var network: Self { Self(rawValue: 1) }  // PGACT_NETRAND
            /// Each ``Random/value``th.
            public static var determined: Self { Self(rawValue: 2) }  // PGACT_DETERM
        }

        /// How the packets are chosen.
        public var method: Method
        /// One packet of how many, 1 to 10000.
        public var value: UInt16
        /// The verdict of these packets.
        public var control: ActionControl

        /// Another verdict for one of `value` packets.
        public init(_ method: Method, oneOf value: UInt16, control: ActionControl) {
            self.method = method
            self.value = value
            self.control = control
        }

        static let byteCount = 8  // sizeof(struct tc_gact_p)

        init(_ span: RawSpan) throws(DecodeError) {
            method = Method(rawValue: try span.load(at: 0))  // struct tc_gact_p.ptype
            value = try span.load(at: 2)  // struct tc_gact_p.pval
            control = ActionControl(rawValue: try span.load(at: 4))  // struct tc_gact_p.paction
        }

        func store(in structure: inout StructureWriter) {
            structure.store(method.rawValue, at: 0)  // struct tc_gact_p.ptype
            structure.store(value, at: 2)  // struct tc_gact_p.pval
            structure.store(control.rawValue, at: 4)  // struct tc_gact_p.paction
        }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(GenericActionAttribute.self) }
    /// What becomes of packets unless told otherwise.
    public var defaultControl: ActionControl { .pass }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan, parameters: inout ActionParameters) throws(DecodeError) {
        var reader = AttributeReader<GenericActionAttribute>(options)
        var times: ActionTimes?
        while let attribute = try reader.next() {
            switch attribute.id {
            case .parameters: parameters = try ActionParameters(attribute.payload)
            case .random: random = try Random(attribute.payload)
            case .times: times = try ActionTimes(attribute.payload)
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
        parameters.times = times
    }

    /// Writes the options.
    public func encode(_ parameters: ActionParameters, into writer: inout MessageWriter) {
        writer.put(GenericActionAttribute.parameters, structure: ActionParameters.byteCount) {
            parameters.store(in: &$0)
        }
        if let random {
            writer.put(GenericActionAttribute.random, structure: Random.byteCount) { random.store(in: &$0) }
        }
        writer.put(unknown)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        guard let random else { return }
        var validation = Validation()
        if random.value > 10_000 { validation.add("random.value", "one of more than 10000 packets") }
        if random.control.chain != nil {
            validation.add("random.control", "a verdict by chance cannot go to a chain")
        }
        try validation.finish(operation: "gact action")
    }
}

/// Attributes inside `TCA_ACT_OPTIONS` of kind `gact`.
struct GenericActionAttribute: AttributeID {
    let rawValue: UInt16

    static var times: Self { Self(rawValue: 1) }  // TCA_GACT_TM
    static var parameters: Self { Self(rawValue: 2) }  // TCA_GACT_PARMS
    static var random: Self { Self(rawValue: 3) }  // TCA_GACT_PROB
    static var padding: Self { Self(rawValue: 4) }  // TCA_GACT_PAD
}
