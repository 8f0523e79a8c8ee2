// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Where filters of received packets are attached; nothing waits in it.
///
/// Its place and handle are fixed: ``Qdisc/init(ingressOn:)``.
///
/// Kernel: kind `ingress`.
public struct IngressQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "ingress" }
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// It has no options.
    public init() {}

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(options)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: IngressQdisc?) { writer.put(unknown) }
}

/// Where filters of received packets, and of packets to be sent, are attached; nothing waits in it.
///
/// Its place and handle are fixed: ``Qdisc/init(clsactOn:)``.
///
/// Kernel: kind `clsact`.
public struct ClsactQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "clsact" }
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// It has no options.
    public init() {}

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(options)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: ClsactQdisc?) { writer.put(unknown) }
}

extension Qdisc {
    /// Where filters of received packets are attached on a link.
    public init(ingressOn index: InterfaceIndex) {
        self.init(IngressQdisc(), on: index, parent: .ingress, handle: TCHandle(TCHandle.ingress.major))
    }

    /// Where filters of received packets, and of packets to be sent, are attached on a link.
    public init(clsactOn index: InterfaceIndex) {
        self.init(ClsactQdisc(), on: index, parent: .clsact, handle: TCHandle(TCHandle.clsact.major))
    }
}
