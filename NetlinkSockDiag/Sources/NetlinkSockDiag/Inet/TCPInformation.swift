// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What the kernel knows of a TCP connection.
///
/// Kernel: `INET_DIAG_INFO`, `struct tcp_info`. It grows with the kernel: what an older one does not send is nil, and what
/// a newer one sends beyond is in ``bytes``.
public struct TCPInformation: Hashable, Sendable {
    /// The structure as it came.
    public let bytes: [UInt8]

    /// Takes a structure of any length.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    @inline(__always)
    private func field<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type = T.self) -> T? {
        try? bytes.rawSpan.load(at: offset, as: T.self)
    }

    /// The connection's state.
    public var state: SocketState? {
        field(0, UInt8.self)  // struct tcp_info.tcpi_state
            .map(SocketState.init(rawValue:))
    }
    /// What congestion control is doing.
    public var congestionState: CongestionState? {
        field(1, UInt8.self)  // struct tcp_info.tcpi_ca_state
            .map(CongestionState.init(rawValue:))
    }
    /// How often the oldest segment was sent again, for want of an acknowledgement.
    public var retransmits: UInt8? {
        field(2, UInt8.self)  // struct tcp_info.tcpi_retransmits
    }
    /// How many window or keepalive probes have no answer yet.
    public var probes: UInt8? {
        field(3, UInt8.self)  // struct tcp_info.tcpi_probes
    }
    /// How often the retransmission time was doubled.
    public var backoff: UInt8? {
        field(4, UInt8.self)  // struct tcp_info.tcpi_backoff
    }
    /// What both sides agreed on.
    public var options: TCPOptions? {
        field(5, UInt8.self)  // struct tcp_info.tcpi_options
            .map(TCPOptions.init(rawValue:))
    }
    /// After how many microseconds without acknowledgement a segment is sent again.
    public var retransmissionTimeout: UInt32? {
        field(8, UInt32.self)  // struct tcp_info.tcpi_rto
    }
    /// For how many microseconds an acknowledgement may be delayed.
    public var acknowledgementTimeout: UInt32? {
        field(12, UInt32.self)  // struct tcp_info.tcpi_ato
    }
    /// The largest segment that is sent, in bytes.
    public var sendSegmentSize: UInt32? {
        field(16, UInt32.self)  // struct tcp_info.tcpi_snd_mss
    }
    /// The largest segment that was received, estimated, in bytes.
    public var receiveSegmentSize: UInt32? {
        field(20, UInt32.self)  // struct tcp_info.tcpi_rcv_mss
    }
    /// Segments without acknowledgement; of a listening socket the connections that wait to be accepted.
    public var unacknowledged: UInt32? {
        field(24, UInt32.self)  // struct tcp_info.tcpi_unacked
    }
    /// Segments acknowledged selectively; of a listening socket how many connections may wait.
    public var selectivelyAcknowledged: UInt32? {
        field(28, UInt32.self)  // struct tcp_info.tcpi_sacked
    }
    /// Segments held for lost.
    public var lost: UInt32? {
        field(32, UInt32.self)  // struct tcp_info.tcpi_lost
    }
    /// Segments sent again and not acknowledged yet.
    public var retransmitted: UInt32? {
        field(36, UInt32.self)  // struct tcp_info.tcpi_retrans
    }
    /// Always 0 since Linux 4.15.
    public var forwardAcknowledged: UInt32? {
        field(40, UInt32.self)  // struct tcp_info.tcpi_fackets
    }
    /// Milliseconds since data was sent.
    public var lastDataSent: UInt32? {
        field(44, UInt32.self)  // struct tcp_info.tcpi_last_data_sent
    }
    /// Always 0: the kernel does not remember.
    public var lastAcknowledgementSent: UInt32? {
        field(48, UInt32.self)  // struct tcp_info.tcpi_last_ack_sent
    }
    /// Milliseconds since data came.
    public var lastDataReceived: UInt32? {
        field(52, UInt32.self)  // struct tcp_info.tcpi_last_data_recv
    }
    /// Milliseconds since an acknowledgement came.
    public var lastAcknowledgementReceived: UInt32? {
        field(56, UInt32.self)  // struct tcp_info.tcpi_last_ack_recv
    }
    /// The path's largest packet, in bytes.
    public var pathMTU: UInt32? {
        field(60, UInt32.self)  // struct tcp_info.tcpi_pmtu
    }
    /// The largest window that is offered, in bytes.
    public var receiveSlowStartThreshold: UInt32? {
        field(64, UInt32.self)  // struct tcp_info.tcpi_rcv_ssthresh
    }
    /// The smoothed round trip time, in microseconds.
    public var roundTripTime: UInt32? {
        field(68, UInt32.self)  // struct tcp_info.tcpi_rtt
    }
    /// The mean deviation of the round trip time, in microseconds.
    public var roundTripTimeVariance: UInt32? {
        field(72, UInt32.self)  // struct tcp_info.tcpi_rttvar
    }
    /// Up to how many segments slow start goes.
    public var sendSlowStartThreshold: UInt32? {
        field(76, UInt32.self)  // struct tcp_info.tcpi_snd_ssthresh
    }
    /// How many segments may be under way.
    public var congestionWindow: UInt32? {
        field(80, UInt32.self)  // struct tcp_info.tcpi_snd_cwnd
    }
    /// The largest segment that is asked for, in bytes.
    public var advertisedSegmentSize: UInt32? {
        field(84, UInt32.self)  // struct tcp_info.tcpi_advmss
    }
    /// How far segments may be out of order and not held for lost.
    public var reordering: UInt32? {
        field(88, UInt32.self)  // struct tcp_info.tcpi_reordering
    }
    /// The round trip time as the receiver sees it, in microseconds.
    public var receiverRoundTripTime: UInt32? {
        field(92, UInt32.self)  // struct tcp_info.tcpi_rcv_rtt
    }
    /// How many bytes the program reads in a round trip time; the receive buffer is sized by it.
    public var receiveSpace: UInt32? {
        field(96, UInt32.self)  // struct tcp_info.tcpi_rcv_space
    }
    /// Segments sent again since the beginning.
    public var totalRetransmitted: UInt32? {
        field(100, UInt32.self)  // struct tcp_info.tcpi_total_retrans
    }
    /// Bytes a second at which packets leave; all ones for no limit.
    public var pacingRate: UInt64? {
        field(104, UInt64.self)  // struct tcp_info.tcpi_pacing_rate
    }
    /// The most that ``pacingRate`` may be; all ones for no limit.
    public var maximumPacingRate: UInt64? {
        field(112, UInt64.self)  // struct tcp_info.tcpi_max_pacing_rate
    }
    /// Bytes sent and acknowledged.
    public var bytesAcknowledged: UInt64? {
        field(120, UInt64.self)  // struct tcp_info.tcpi_bytes_acked
    }
    /// Bytes received and acknowledged.
    public var bytesReceived: UInt64? {
        field(128, UInt64.self)  // struct tcp_info.tcpi_bytes_received
    }
    /// Segments sent.
    public var segmentsSent: UInt32? {
        field(136, UInt32.self)  // struct tcp_info.tcpi_segs_out
    }
    /// Segments received.
    public var segmentsReceived: UInt32? {
        field(140, UInt32.self)  // struct tcp_info.tcpi_segs_in
    }
    /// Bytes that wait to be sent.
    public var notSentBytes: UInt32? {
        field(144, UInt32.self)  // struct tcp_info.tcpi_notsent_bytes
    }
    /// The least round trip time lately, in microseconds; all ones for none.
    public var minimumRoundTripTime: UInt32? {
        field(148, UInt32.self)  // struct tcp_info.tcpi_min_rtt
    }
    /// Segments with data received.
    public var dataSegmentsReceived: UInt32? {
        field(152, UInt32.self)  // struct tcp_info.tcpi_data_segs_in
    }
    /// Segments with data sent.
    public var dataSegmentsSent: UInt32? {
        field(156, UInt32.self)  // struct tcp_info.tcpi_data_segs_out
    }
    /// Bytes a second that lately arrived.
    public var deliveryRate: UInt64? {
        field(160, UInt64.self)  // struct tcp_info.tcpi_delivery_rate
    }
    /// Microseconds with something to send.
    public var busyTime: UInt64? {
        field(168, UInt64.self)  // struct tcp_info.tcpi_busy_time
    }
    /// Microseconds for which the receiver's window was full.
    public var receiveWindowLimited: UInt64? {
        field(176, UInt64.self)  // struct tcp_info.tcpi_rwnd_limited
    }
    /// Microseconds for which the send buffer was too small.
    public var sendBufferLimited: UInt64? {
        field(184, UInt64.self)  // struct tcp_info.tcpi_sndbuf_limited
    }
    /// Segments that arrived.
    public var delivered: UInt32? {
        field(192, UInt32.self)  // struct tcp_info.tcpi_delivered
    }
    /// Segments that arrived with a mark of congestion.
    public var deliveredCongested: UInt32? {
        field(196, UInt32.self)  // struct tcp_info.tcpi_delivered_ce
    }
    /// Bytes sent, those sent again included; since Linux 4.19.
    public var bytesSent: UInt64? {
        field(200, UInt64.self)  // struct tcp_info.tcpi_bytes_sent
    }
    /// Bytes sent again; since Linux 4.19.
    public var bytesRetransmitted: UInt64? {
        field(208, UInt64.self)  // struct tcp_info.tcpi_bytes_retrans
    }
    /// Segments that arrived twice; since Linux 4.19.
    public var duplicateSelectiveAcknowledgements: UInt32? {
        field(216, UInt32.self)  // struct tcp_info.tcpi_dsack_dups
    }
    /// How often segments came out of order; since Linux 4.19.
    public var reorderingSeen: UInt32? {
        field(220, UInt32.self)  // struct tcp_info.tcpi_reord_seen
    }
    /// Segments received out of order; since Linux 5.4.
    public var receivedOutOfOrder: UInt32? {
        field(224, UInt32.self)  // struct tcp_info.tcpi_rcv_ooopack
    }
    /// The window that the other side offers, in bytes; since Linux 5.4.
    public var sendWindow: UInt32? {
        field(228, UInt32.self)  // struct tcp_info.tcpi_snd_wnd
    }
    /// The window that is offered, in bytes; since Linux 6.2.
    public var receiveWindow: UInt32? {
        field(232, UInt32.self)  // struct tcp_info.tcpi_rcv_wnd
    }
    /// How often another path was tried; since Linux 6.2.
    public var rehashed: UInt32? {
        field(236, UInt32.self)  // struct tcp_info.tcpi_rehash
    }
    /// How often the retransmission time passed; since Linux 6.7.
    public var totalTimeouts: UInt16? {
        field(240, UInt16.self)  // struct tcp_info.tcpi_total_rto
    }
    /// How often transmission recovered from that; since Linux 6.7.
    public var totalTimeoutRecoveries: UInt16? {
        field(242, UInt16.self)  // struct tcp_info.tcpi_total_rto_recoveries
    }
    /// Milliseconds spent recovering; since Linux 6.7.
    public var totalTimeoutTime: UInt32? {
        field(244, UInt32.self)  // struct tcp_info.tcpi_total_rto_time
    }
    /// Segments received with a mark of congestion; since Linux 6.18.
    public var receivedCongested: UInt32? {
        field(248, UInt32.self)  // struct tcp_info.tcpi_received_ce
    }
    /// Bytes that arrived marked ECT(1); since Linux 6.18.
    public var deliveredECT1Bytes: UInt32? {
        field(252, UInt32.self)  // struct tcp_info.tcpi_delivered_e1_bytes
    }
    /// Bytes that arrived marked ECT(0); since Linux 6.18.
    public var deliveredECT0Bytes: UInt32? {
        field(256, UInt32.self)  // struct tcp_info.tcpi_delivered_e0_bytes
    }
    /// Bytes that arrived with a mark of congestion; since Linux 6.18.
    public var deliveredCongestedBytes: UInt32? {
        field(260, UInt32.self)  // struct tcp_info.tcpi_delivered_ce_bytes
    }
    /// Bytes received marked ECT(1); since Linux 6.18.
    public var receivedECT1Bytes: UInt32? {
        field(264, UInt32.self)  // struct tcp_info.tcpi_received_e1_bytes
    }
    /// Bytes received marked ECT(0); since Linux 6.18.
    public var receivedECT0Bytes: UInt32? {
        field(268, UInt32.self)  // struct tcp_info.tcpi_received_e0_bytes
    }
    /// Bytes received with a mark of congestion; since Linux 6.18.
    public var receivedCongestedBytes: UInt32? {
        field(272, UInt32.self)  // struct tcp_info.tcpi_received_ce_bytes
    }

    // Bit fields have no offset that a compiler would tell.
    private static var scales: Int { 6 }
    private static var flags: Int { 7 }

    /// By how many bits the window that the other side offers is shifted.
    public var sendWindowScale: UInt8? { field(Self.scales, UInt8.self).map { Self.lowBits($0, 4) } }
    /// By how many bits the window that is offered is shifted.
    public var receiveWindowScale: UInt8? { field(Self.scales, UInt8.self).map { Self.highBits($0, 4) } }
    /// Whether ``deliveryRate`` was limited by the program and not by the path.
    public var isDeliveryRateLimitedByProgram: Bool? { field(Self.flags, UInt8.self).map { Self.lowBits($0, 1) != 0 } }
    /// Why an attempt at fast open failed; 0 where none did.
    public var fastOpenFailure: UInt8? { field(Self.flags, UInt8.self).map { Self.lowBits(Self.skipping($0, 1), 2) } }

    // The last word, of which the compiler would tell no offset either.
    private static var notification: Int { 276 }

    private func notificationBits(from start: UInt32, _ count: UInt32) -> UInt32? {
        field(Self.notification, UInt32.self).map { word in
            word >> (Self.isLittleEndian ? start : 32 - start - count) & (1 << count - 1)
        }
    }

    /// Which explicit congestion notification both sides agreed on; since Linux 6.18.
    public var congestionNotificationMode: CongestionNotificationMode? {
        notificationBits(from: 0, 2).map { CongestionNotificationMode(rawValue: UInt8(truncatingIfNeeded: $0)) }
    }
    /// Whether, and with how many words, the accurate form's option was seen; since Linux 6.18.
    public var accurateNotificationOptionSeen: UInt8? {
        notificationBits(from: 2, 2).map(UInt8.init(truncatingIfNeeded:))
    }
    /// Why the accurate form is not in use, as the kernel's flags; since Linux 6.18.
    public var accurateNotificationFailure: UInt8? {
        notificationBits(from: 4, 4).map(UInt8.init(truncatingIfNeeded:))
    }
    /// Further flags of what both sides agreed on, of which none are known yet; since Linux 6.18.
    public var moreOptions: UInt32? { notificationBits(from: 8, 24) }

    // The first of a byte's bit fields are its low bits on a little-endian machine and its high ones on the other.
    private static let isLittleEndian = UInt16(1).littleEndian == 1
    private static func lowBits(_ byte: UInt8, _ count: UInt8) -> UInt8 {
        isLittleEndian ? byte & (1 << count - 1) : byte >> (8 - count)
    }
    private static func highBits(_ byte: UInt8, _ count: UInt8) -> UInt8 {
        isLittleEndian ? byte >> (8 - count) : byte & (1 << count - 1)
    }
    private static func skipping(_ byte: UInt8, _ count: UInt8) -> UInt8 {
        isLittleEndian ? byte >> count : byte << count
    }
}

/// What both sides of a TCP connection agreed on.
///
/// Kernel: `TCPI_OPT_*`.
public struct TCPOptions: OptionSet, Hashable, Sendable {
    /// The kernel's flags.
    public let rawValue: UInt8
    /// Takes any flags.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Timestamps.
    public static var timestamps: Self { Self(rawValue: 1) }  // TCPI_OPT_TIMESTAMPS
    /// Selective acknowledgements.
    public static var selectiveAcknowledgements: Self { Self(rawValue: 2) }  // TCPI_OPT_SACK
    /// Scaled windows.
    public static var windowScaling: Self { Self(rawValue: 4) }  // TCPI_OPT_WSCALE
    /// Explicit congestion notification.
    public static var congestionNotification: Self { Self(rawValue: 8) }  // TCPI_OPT_ECN
    /// A packet came that was marked as capable of it.
    public static var congestionNotificationSeen: Self { Self(rawValue: 16) }  // TCPI_OPT_ECN_SEEN
    /// Data went with the first packet.
    public static var synData: Self { Self(rawValue: 32) }  // TCPI_OPT_SYN_DATA
    /// Timestamps count microseconds; since Linux 6.7.
    public static var microsecondTimestamps: Self { Self(rawValue: 64) }  // TCPI_OPT_USEC_TS
    /// Came about by fast open; since Linux 6.14.
    public static var fastOpenChild: Self { Self(rawValue: 128) }  // TCPI_OPT_TFO_CHILD
}

/// Which explicit congestion notification a TCP connection uses.
///
/// Kernel: `TCPI_ECN_MODE_*`.
public struct CongestionNotificationMode: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// None.
    public static var disabled: Self { Self(rawValue: 0) }  // TCPI_ECN_MODE_DISABLED
    /// That of RFC 3168: one mark for each round trip.
    public static var classic: Self { Self(rawValue: 1) }  // TCPI_ECN_MODE_RFC3168
    /// The accurate one: marks are counted.
    public static var accurate: Self { Self(rawValue: 2) }  // TCPI_ECN_MODE_ACCECN
    /// Not agreed on yet.
    public static var pending: Self { Self(rawValue: 3) }  // TCPI_ECN_MODE_PENDING
}

/// What congestion control of a TCP connection is doing.
///
/// Kernel: `enum tcp_ca_state`.
public struct CongestionState: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing bad was seen.
    public static var open: Self { Self(rawValue: 0) }  // TCP_CA_Open
    /// Segments came out of order, or some are lost.
    public static var disorder: Self { Self(rawValue: 1) }  // TCP_CA_Disorder
    /// Congestion was marked: the window shrinks.
    public static var windowReduced: Self { Self(rawValue: 2) }  // TCP_CA_CWR
    /// Fast recovery from a loss.
    public static var recovery: Self { Self(rawValue: 3) }  // TCP_CA_Recovery
    /// Recovery from a loss that only the passing of time showed.
    public static var loss: Self { Self(rawValue: 4) }  // TCP_CA_Loss
}
