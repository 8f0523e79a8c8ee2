// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Sends a packet, or a copy of it, out of or into another interface.
///
/// ```swift
/// Action(MirredAction(.egressRedirect, to: 3))
/// ```
///
/// Kernel: kind `mirred`.
public struct MirredAction: ActionKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "mirred" }

    /// What is done with the packet.
    ///
    /// Kernel: `struct tc_mirred.eaction`.
    public var operation: Operation
    /// Where it goes.
    public var target: Target
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// Sends packets to an interface of this namespace.
    public init(_ operation: Operation, to device: InterfaceIndex) {
        self.operation = operation
        target = .device(device)
    }

    /// Sends packets to all interfaces of a shared block; since Linux 6.8.
    public init(_ operation: Operation, toBlock block: UInt32) {
        self.operation = operation
        target = .block(block)
    }

    /// What is done with a packet.
    public struct Operation: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: Int32
        /// Takes any number.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// It goes out of the other interface.
        public static var egressRedirect: Self { Self(rawValue: 1) }  // TCA_EGRESS_REDIR
        /// A copy goes out of the other interface.
        public static var egressMirror: Self { Self(rawValue: 2) }  // TCA_EGRESS_MIRROR
        /// It comes in by the other interface.
        public static var ingressRedirect: Self { Self(rawValue: 3) }  // TCA_INGRESS_REDIR
        /// A copy comes in by the other interface.
        public static var ingressMirror: Self { Self(rawValue: 4) }  // TCA_INGRESS_MIRROR

        /// Whether the packet itself goes, not a copy.
        public var isRedirect: Bool { self == .egressRedirect || self == .ingressRedirect }
        /// Whether the packet comes in by the other interface.
        public var isIngress: Bool { self == .ingressRedirect || self == .ingressMirror }
    }

    /// Where packets go.
    public enum Target: Hashable, Sendable {
        /// An interface.
        ///
        /// Kernel: `struct tc_mirred.ifindex`; 0 once the interface is gone.
        case device(InterfaceIndex)
        /// The interfaces of a shared block.
        ///
        /// Kernel: `TCA_MIRRED_BLOCKID`, `u32`.
        case block(UInt32)
    }

    static let byteCount = 28  // sizeof(struct tc_mirred)

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(MirredAttribute.self) }

    /// A redirected packet is gone; of a mirrored one the original goes on.
    public var defaultControl: ActionControl { operation.isRedirect ? .stolen : .pipe }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan, parameters: inout ActionParameters) throws(DecodeError) {
        operation = Operation(rawValue: 0)
        target = .device(InterfaceIndex(rawValue: 0))
        var reader = AttributeReader<MirredAttribute>(options)
        var times: ActionTimes?
        var block: UInt32?
        while let attribute = try reader.next() {
            switch attribute.id {
            case .parameters:
                parameters = try ActionParameters(attribute.payload)
                operation = Operation(rawValue: try attribute.payload.load(at: 20))  // struct tc_mirred.eaction
                let index: Int32 = try attribute.payload.load(at: 24)  // struct tc_mirred.ifindex
                target = .device(InterfaceIndex(rawValue: index))
            case .block: block = try attribute.integer()
            case .times: times = try ActionTimes(attribute.payload)
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
        if let block { target = .block(block) }
        parameters.times = times
    }

    /// Writes the options.
    public func encode(_ parameters: ActionParameters, into writer: inout MessageWriter) {
        writer.put(MirredAttribute.parameters, structure: Self.byteCount) { structure in
            parameters.store(in: &structure)
            structure.store(operation.rawValue, at: 20)  // struct tc_mirred.eaction
            guard case .device(let device) = target else { return }
            structure.store(device.rawValue, at: 24)  // struct tc_mirred.ifindex
        }
        if case .block(let block) = target { writer.put(MirredAttribute.block, block) }
        writer.put(unknown)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if case .block(0) = target { validation.add("target", "no block has number 0") }
        try validation.finish(operation: "mirred action")
    }
}

/// Attributes inside `TCA_ACT_OPTIONS` of kind `mirred`.
struct MirredAttribute: AttributeID {
    let rawValue: UInt16

    static var times: Self { Self(rawValue: 1) }  // TCA_MIRRED_TM
    static var parameters: Self { Self(rawValue: 2) }  // TCA_MIRRED_PARMS
    static var padding: Self { Self(rawValue: 3) }  // TCA_MIRRED_PAD
    static var block: Self { Self(rawValue: 4) }  // TCA_MIRRED_BLOCKID
}
