// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkGeneric

/// What the kernel remembers of TCP connections to each address: a family that our packages do not have.
///
/// This is the code of the article "Adding a family" in NetlinkGeneric's documentation.
public enum TCPMetrics: GenericFamily {
    /// The kernel's name.
    public static var name: String { "tcp_metrics" }
    /// The version that requests carry.
    public static var version: UInt8 { 1 }  // TCP_METRICS_GENL_VERSION
    /// The names of the attributes.
    public static var attributes: AttributeSchema? { AttributeSchema(MetricAttribute.self) }
}

/// What is remembered of one address.
public struct TCPMetric: Hashable, Sendable {
    /// The address.
    public var address: IPAddress?
    /// How long ago it was last used, in milliseconds.
    public var age: UInt64?
    /// What this type does not model.
    public var unknown = UnknownAttributes()

    /// An address.
    public init(_ address: IPAddress) { self.address = address }

    init(decoding message: borrowing Message) throws(DecodeError) {
        var reader = try message.attributes(in: TCPMetrics.self, of: MetricAttribute.self)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .ipv4: address = .v4(IPv4Address(networkOrder: try attribute.integer()))
            case .ipv6:
                let high: UInt64 = try attribute.payload.load(at: 0)
                address = .v6(IPv6Address(networkOrder: high, try attribute.payload.load(at: 8)))
            case .age: age = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }
}

struct MetricAttribute: AttributeID {
    let rawValue: UInt16
    static var ipv4: Self { Self(rawValue: 1) }  // TCP_METRICS_ATTR_ADDR_IPV4
    static var ipv6: Self { Self(rawValue: 2) }  // TCP_METRICS_ATTR_ADDR_IPV6
    static var age: Self { Self(rawValue: 3) }  // TCP_METRICS_ATTR_AGE

    var kernelName: String? {
        [1: "TCP_METRICS_ATTR_ADDR_IPV4", 2: "TCP_METRICS_ATTR_ADDR_IPV6", 3: "TCP_METRICS_ATTR_AGE"][rawValue]
    }
}

/// Lists what is remembered.
public struct TCPMetricDump: Dump, GenericRequest {
    /// The protocol that it belongs to.
    public typealias Family = TCPMetrics
    /// Lists all.
    public init() {}
    /// The command's number.
    public var command: UInt8 { 1 }  // TCP_METRICS_CMD_GET
    /// What is done, for errors.
    public var operation: StaticString { "list TCP metrics" }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> TCPMetric? {
        try TCPMetric(decoding: message)
    }
}

/// Forgets an address, or all.
public struct ForgetTCPMetric: Command, GenericRequest {
    /// The protocol that it belongs to.
    public typealias Family = TCPMetrics
    /// The address; nil for all.
    public var address: IPAddress?
    /// Forgets.
    public init(_ address: IPAddress? = nil) { self.address = address }
    /// The command's number.
    public var command: UInt8 { 2 }  // TCP_METRICS_CMD_DEL
    /// What is done, for errors.
    public var operation: StaticString { "forget TCP metrics" }
    /// What it is done to, for errors.
    public var object: String? { address?.description }
    /// Writes the attributes.
    public func encodeAttributes(into writer: inout MessageWriter) {
        switch address {
        case .v4(let address): writer.put(MetricAttribute.ipv4, address.networkOrder)
        case .v6(let address):
            writer.put(MetricAttribute.ipv6, structure: 16) { s in
                s.store(address.networkOrder.high, at: 0)
                s.store(address.networkOrder.low, at: 8)
            }
        case nil: break
        }
    }
}

extension Dump where Self == TCPMetricDump {
    /// What TCP remembers.
    public static var metrics: TCPMetricDump { TCPMetricDump() }
}
