// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The counters of a link since it was made.
///
/// Kernel: `IFLA_STATS64`, `struct rtnl_link_stats64`; counters that an old kernel lacks are 0.
public struct LinkStatistics: Hashable, Sendable {
    /// Packets received.
    public var receivedPackets: UInt64 = 0
    /// Packets sent.
    public var sentPackets: UInt64 = 0
    /// Bytes received.
    public var receivedBytes: UInt64 = 0
    /// Bytes sent.
    public var sentBytes: UInt64 = 0
    /// Bad packets received.
    public var receiveErrors: UInt64 = 0
    /// Packets that could not be sent.
    public var sendErrors: UInt64 = 0
    /// Packets received and dropped for want of memory.
    public var receiveDropped: UInt64 = 0
    /// Packets dropped on their way out.
    public var sendDropped: UInt64 = 0
    /// Multicast packets received.
    public var multicast: UInt64 = 0
    /// Collisions.
    public var collisions: UInt64 = 0
    /// Packets of a wrong length.
    public var receiveLengthErrors: UInt64 = 0
    /// Overflows of the receiver's ring.
    public var receiveOverErrors: UInt64 = 0
    /// Packets with a wrong checksum.
    public var receiveCRCErrors: UInt64 = 0
    /// Misaligned frames.
    public var receiveFrameErrors: UInt64 = 0
    /// Overruns of the receiver.
    public var receiveFIFOErrors: UInt64 = 0
    /// Packets the receiver missed.
    public var receiveMissed: UInt64 = 0
    /// Transmissions aborted.
    public var sendAborted: UInt64 = 0
    /// Losses of carrier.
    public var sendCarrierErrors: UInt64 = 0
    /// Underruns of the sender.
    public var sendFIFOErrors: UInt64 = 0
    /// Heartbeat errors.
    public var sendHeartbeatErrors: UInt64 = 0
    /// Late collisions.
    public var sendWindowErrors: UInt64 = 0
    /// Compressed packets received.
    public var receivedCompressed: UInt64 = 0
    /// Compressed packets sent.
    public var sentCompressed: UInt64 = 0
    /// Packets that no one wanted.
    public var receiveNoHandler: UInt64 = 0
    /// Packets for other hosts; since Linux 5.19.
    public var receiveOtherHost: UInt64 = 0

    /// All zero.
    public init() {}

    init(_ span: RawSpan) {
        func counter(_ offset: Int) -> UInt64 { (try? span.load(at: offset)) ?? 0 }
        receivedPackets = counter(0)  // struct rtnl_link_stats64.rx_packets
        sentPackets = counter(8)  // struct rtnl_link_stats64.tx_packets
        receivedBytes = counter(16)  // struct rtnl_link_stats64.rx_bytes
        sentBytes = counter(24)  // struct rtnl_link_stats64.tx_bytes
        receiveErrors = counter(32)  // struct rtnl_link_stats64.rx_errors
        sendErrors = counter(40)  // struct rtnl_link_stats64.tx_errors
        receiveDropped = counter(48)  // struct rtnl_link_stats64.rx_dropped
        sendDropped = counter(56)  // struct rtnl_link_stats64.tx_dropped
        multicast = counter(64)  // struct rtnl_link_stats64.multicast
        collisions = counter(72)  // struct rtnl_link_stats64.collisions
        receiveLengthErrors = counter(80)  // struct rtnl_link_stats64.rx_length_errors
        receiveOverErrors = counter(88)  // struct rtnl_link_stats64.rx_over_errors
        receiveCRCErrors = counter(96)  // struct rtnl_link_stats64.rx_crc_errors
        receiveFrameErrors = counter(104)  // struct rtnl_link_stats64.rx_frame_errors
        receiveFIFOErrors = counter(112)  // struct rtnl_link_stats64.rx_fifo_errors
        receiveMissed = counter(120)  // struct rtnl_link_stats64.rx_missed_errors
        sendAborted = counter(128)  // struct rtnl_link_stats64.tx_aborted_errors
        sendCarrierErrors = counter(136)  // struct rtnl_link_stats64.tx_carrier_errors
        sendFIFOErrors = counter(144)  // struct rtnl_link_stats64.tx_fifo_errors
        sendHeartbeatErrors = counter(152)  // struct rtnl_link_stats64.tx_heartbeat_errors
        sendWindowErrors = counter(160)  // struct rtnl_link_stats64.tx_window_errors
        receivedCompressed = counter(168)  // struct rtnl_link_stats64.rx_compressed
        sentCompressed = counter(176)  // struct rtnl_link_stats64.tx_compressed
        receiveNoHandler = counter(184)  // struct rtnl_link_stats64.rx_nohandler
        receiveOtherHost = counter(192)  // struct rtnl_link_stats64.rx_otherhost_dropped
    }
}
