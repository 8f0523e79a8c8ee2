// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What a congestion control algorithm tells of a TCP connection.
@nonexhaustive
public enum CongestionDetails: Hashable, Sendable {
    /// Vegas, and others that measure as it does.
    case vegas(VegasInformation)
    /// Data center TCP.
    case dctcp(DCTCPInformation)
    /// Bottleneck bandwidth and round trip time.
    case bbr(BBRInformation)
}

/// What Vegas tells.
///
/// Kernel: `struct tcpvegas_info`.
public struct VegasInformation: Hashable, Sendable {
    /// Whether it is at work, not 0, or was given up for want of measurements.
    public var enabled: UInt32
    /// How many round trips were measured.
    public var roundTripCount: UInt32
    /// The last round trip time, in microseconds.
    public var roundTripTime: UInt32
    /// The least round trip time, in microseconds.
    public var minimumRoundTripTime: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        enabled = try span.load(at: 0, as: UInt32.self)  // struct tcpvegas_info.tcpv_enabled
        roundTripCount = try span.load(at: 4, as: UInt32.self)  // struct tcpvegas_info.tcpv_rttcnt
        roundTripTime = try span.load(at: 8, as: UInt32.self)  // struct tcpvegas_info.tcpv_rtt
        minimumRoundTripTime = try span.load(at: 12, as: UInt32.self)  // struct tcpvegas_info.tcpv_minrtt
    }
}

/// What data center TCP tells.
///
/// Kernel: `struct tcp_dctcp_info`.
public struct DCTCPInformation: Hashable, Sendable {
    /// Whether it is at work, not 0, or both sides could not agree on it.
    public var enabled: UInt16
    /// Whether the last packet came with a mark of congestion.
    public var congestionSeen: UInt16
    /// The share of marked packets, in 1/1024.
    public var alpha: UInt32
    /// Bytes acknowledged with a mark in this window.
    public var markedBytes: UInt32
    /// Bytes acknowledged in this window.
    public var totalBytes: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        enabled = try span.load(at: 0, as: UInt16.self)  // struct tcp_dctcp_info.dctcp_enabled
        congestionSeen = try span.load(at: 2, as: UInt16.self)  // struct tcp_dctcp_info.dctcp_ce_state
        alpha = try span.load(at: 4, as: UInt32.self)  // struct tcp_dctcp_info.dctcp_alpha
        markedBytes = try span.load(at: 8, as: UInt32.self)  // struct tcp_dctcp_info.dctcp_ab_ecn
        totalBytes = try span.load(at: 12, as: UInt32.self)  // struct tcp_dctcp_info.dctcp_ab_tot
    }
}

/// What BBR tells.
///
/// Kernel: `struct tcp_bbr_info`.
public struct BBRInformation: Hashable, Sendable {
    /// The estimated bandwidth, in bytes a second.
    public var bandwidth: UInt64
    /// The least round trip time, in microseconds.
    public var minimumRoundTripTime: UInt32
    /// By how much faster than the bandwidth packets leave, in 1/256.
    public var pacingGain: UInt32
    /// By how much more than needed may be under way, in 1/256.
    public var windowGain: UInt32

    init(_ span: RawSpan) throws(DecodeError) {
        let low = try span.load(at: 0, as: UInt32.self)  // struct tcp_bbr_info.bbr_bw_lo
        let high = try span.load(at: 4, as: UInt32.self)  // struct tcp_bbr_info.bbr_bw_hi
        bandwidth = UInt64(high) << 32 | UInt64(low)
        minimumRoundTripTime = try span.load(at: 8, as: UInt32.self)  // struct tcp_bbr_info.bbr_min_rtt
        pacingGain = try span.load(at: 12, as: UInt32.self)  // struct tcp_bbr_info.bbr_pacing_gain
        windowGain = try span.load(at: 16, as: UInt32.self)  // struct tcp_bbr_info.bbr_cwnd_gain
    }
}
