// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// MPLS labels, the outermost first, for ``Route/rawDestination`` and ``Route/newDestination``.
///
/// ```swift
/// var route = Route(family: .mpls)
/// route.rawDestination = try MPLSLabels(100).bytes
/// route.newDestination = try MPLSLabels(200, 300).bytes
/// ```
///
/// Kernel: `struct mpls_label` for each, big-endian: 20 bits of label, the bit of the last one, and others that are 0.
public struct MPLSLabels: Hashable, Sendable {
    private static let byteCount = 4  // sizeof(struct mpls_label)

    /// The labels, 0 to 1048575 each.
    public let numbers: [UInt32]

    /// Labels, at least one.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument` for none, and for one that has more than 20 bits.
    public init(_ numbers: UInt32...) throws(NetlinkError) { try self.init(numbers) }

    /// Labels, at least one.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument` for none, and for one that has more than 20 bits.
    public init(_ numbers: [UInt32]) throws(NetlinkError) {
        guard !numbers.isEmpty else {
            throw NetlinkError(.invalidArgument, object: "MPLS labels", explanation: "there is none")
        }
        for number in numbers where number > 0xf_ffff {
            throw NetlinkError(
                .invalidArgument, object: "MPLS labels", explanation: "label \(number) is above 1048575")
        }
        self.numbers = numbers
    }

    /// Reads labels; nil for bytes that are not some whole ones, of which the last and no other is marked as such.
    public init?(bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.count % Self.byteCount == 0 else { return nil }
        var numbers: [UInt32] = []
        for start in stride(from: 0, to: bytes.count, by: Self.byteCount) {
            let isLast = start + Self.byteCount == bytes.count
            guard (bytes[start + 2] & 1 != 0) == isLast else { return nil }
            numbers.append(UInt32(bytes[start]) << 12 | UInt32(bytes[start + 1]) << 4 | UInt32(bytes[start + 2]) >> 4)
        }
        self.numbers = numbers
    }

    /// The kernel's bytes, the last label marked as such.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * Self.byteCount)
        for (index, number) in numbers.enumerated() {
            let mark: UInt32 = index == numbers.count - 1 ? 0x100 : 0
            bytes += bigEndianBytes(number << 12 | mark)
        }
        return bytes
    }

    /// Ends the labels before an IPv4 packet.
    public static var ipv4ExplicitNull: UInt32 { 0 }  // MPLS_LABEL_IPV4NULL
    /// Is looked at by every router on the way.
    public static var routerAlert: UInt32 { 1 }  // MPLS_LABEL_RTALERT
    /// Ends the labels before an IPv6 packet.
    public static var ipv6ExplicitNull: UInt32 { 2 }  // MPLS_LABEL_IPV6NULL
    /// Says that there shall be no label; never in a packet.
    public static var implicitNull: UInt32 { 3 }  // MPLS_LABEL_IMPLNULL
    /// Announces a label by which load is shared.
    public static var entropyIndicator: UInt32 { 7 }  // MPLS_LABEL_ENTROPY
    /// The first label that means nothing by itself.
    public static var firstUnreserved: UInt32 { 16 }  // MPLS_LABEL_FIRST_UNRESERVED
}
