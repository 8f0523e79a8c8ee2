// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A packet where it was read to, with what stood in front of it.
///
/// It is a look at bytes that stay where they are, and cannot outlive them.
public struct Packet: ~Escapable {
    /// The packet: an IP packet of a tun device, an Ethernet frame of a tap device.
    public let bytes: RawSpan
    private let headers: RawSpan
    private let layout: PacketLayout

    @_lifetime(copy whole)
    init(_ whole: RawSpan, _ layout: PacketLayout) {
        bytes = whole.bytes(from: layout.headerByteCount)
        headers = whole.bytes(from: 0, count: layout.headerByteCount)
        self.layout = layout
    }

    /// How many bytes the packet has.
    public var byteCount: Int { bytes.byteCount }

    /// Its protocol, where the device tells it.
    public var information: PacketInformation? {
        layout.hasInformation ? try? PacketInformation(headers) : nil
    }

    /// What is left to do to it, where the device tells it.
    public var offload: OffloadHeader? {
        guard layout.offloadHeaderByteCount > 0 else { return nil }
        return try? OffloadHeader(headers.bytes(from: layout.informationByteCount))
    }
}
