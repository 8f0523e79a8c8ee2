// SPDX-License-Identifier: Apache-2.0

internal import NetlinkSockDiag

/// The numbers that the kernel tells of a TCP connection by its own names.
enum TCPFields {
    static let options: [(TCPOptions, StaticString)] = [
        (.timestamps, "ts"), (.selectiveAcknowledgements, "sack"), (.windowScaling, "wscale"),
        (.congestionNotification, "ecn"), (.congestionNotificationSeen, "ecnseen"), (.synData, "fastopen"),
        (.microsecondTimestamps, "usec_ts"), (.fastOpenChild, "tfo_child"),
    ]

    static func all(of tcp: TCPInformation) -> [(StaticString, UInt64)] {
        var fields: [(StaticString, UInt64)] = []
        func add(_ name: StaticString, _ value: (some FixedWidthInteger & UnsignedInteger)?) {
            if let value { fields.append((name, UInt64(value))) }
        }
        add("ca_state", tcp.congestionState?.rawValue)
        add("retransmits", tcp.retransmits)
        add("probes", tcp.probes)
        add("backoff", tcp.backoff)
        add("snd_wscale", tcp.sendWindowScale)
        add("rcv_wscale", tcp.receiveWindowScale)
        add("rto", tcp.retransmissionTimeout)
        add("ato", tcp.acknowledgementTimeout)
        add("snd_mss", tcp.sendSegmentSize)
        add("rcv_mss", tcp.receiveSegmentSize)
        add("unacked", tcp.unacknowledged)
        add("sacked", tcp.selectivelyAcknowledged)
        add("lost", tcp.lost)
        add("retrans", tcp.retransmitted)
        add("last_data_sent", tcp.lastDataSent)
        add("last_data_recv", tcp.lastDataReceived)
        add("last_ack_recv", tcp.lastAcknowledgementReceived)
        add("pmtu", tcp.pathMTU)
        add("rcv_ssthresh", tcp.receiveSlowStartThreshold)
        add("rtt", tcp.roundTripTime)
        add("rttvar", tcp.roundTripTimeVariance)
        add("snd_ssthresh", tcp.sendSlowStartThreshold)
        add("snd_cwnd", tcp.congestionWindow)
        add("advmss", tcp.advertisedSegmentSize)
        add("reordering", tcp.reordering)
        add("rcv_rtt", tcp.receiverRoundTripTime)
        add("rcv_space", tcp.receiveSpace)
        add("total_retrans", tcp.totalRetransmitted)
        add("pacing_rate", tcp.pacingRate)
        add("max_pacing_rate", tcp.maximumPacingRate)
        add("bytes_acked", tcp.bytesAcknowledged)
        add("bytes_received", tcp.bytesReceived)
        add("segs_out", tcp.segmentsSent)
        add("segs_in", tcp.segmentsReceived)
        add("notsent_bytes", tcp.notSentBytes)
        add("min_rtt", tcp.minimumRoundTripTime)
        add("data_segs_in", tcp.dataSegmentsReceived)
        add("data_segs_out", tcp.dataSegmentsSent)
        add("delivery_rate", tcp.deliveryRate)
        add("busy_time", tcp.busyTime)
        add("rwnd_limited", tcp.receiveWindowLimited)
        add("sndbuf_limited", tcp.sendBufferLimited)
        add("delivered", tcp.delivered)
        add("delivered_ce", tcp.deliveredCongested)
        add("bytes_sent", tcp.bytesSent)
        add("bytes_retrans", tcp.bytesRetransmitted)
        add("dsack_dups", tcp.duplicateSelectiveAcknowledgements)
        add("reord_seen", tcp.reorderingSeen)
        add("rcv_ooopack", tcp.receivedOutOfOrder)
        add("snd_wnd", tcp.sendWindow)
        add("rcv_wnd", tcp.receiveWindow)
        add("rehash", tcp.rehashed)
        add("fackets", tcp.forwardAcknowledged)
        add("fastopen_client_fail", tcp.fastOpenFailure)
        add("total_rto", tcp.totalTimeouts)
        add("total_rto_recoveries", tcp.totalTimeoutRecoveries)
        add("total_rto_time", tcp.totalTimeoutTime)
        add("received_ce", tcp.receivedCongested)
        add("delivered_e1_bytes", tcp.deliveredECT1Bytes)
        add("delivered_e0_bytes", tcp.deliveredECT0Bytes)
        add("delivered_ce_bytes", tcp.deliveredCongestedBytes)
        add("received_e1_bytes", tcp.receivedECT1Bytes)
        add("received_e0_bytes", tcp.receivedECT0Bytes)
        add("received_ce_bytes", tcp.receivedCongestedBytes)
        add("ecn_mode", tcp.congestionNotificationMode?.rawValue)
        add("accecn_opt_seen", tcp.accurateNotificationOptionSeen)
        add("accecn_fail_mode", tcp.accurateNotificationFailure)
        return fields
    }

    static func all(of mptcp: MPTCPInformation) -> [(StaticString, UInt64)] {
        var fields: [(StaticString, UInt64)] = []
        func add(_ name: StaticString, _ value: (some FixedWidthInteger & UnsignedInteger)?) {
            if let value { fields.append((name, UInt64(value))) }
        }
        add("subflows", mptcp.subflows)
        add("add_addr_signal", mptcp.addressesSignalled)
        add("add_addr_accepted", mptcp.addressesAccepted)
        add("subflows_max", mptcp.subflowsMaximum)
        add("add_addr_signal_max", mptcp.addressesSignalledMaximum)
        add("add_addr_accepted_max", mptcp.addressesAcceptedMaximum)
        add("flags", mptcp.flags)
        add("token", mptcp.token)
        add("write_seq", mptcp.writeSequence)
        add("snd_una", mptcp.sendUnacknowledged)
        add("rcv_nxt", mptcp.receiveNext)
        add("local_addr_used", mptcp.localAddressesUsed)
        add("local_addr_max", mptcp.localAddressesMaximum)
        add("csum_enabled", mptcp.isChecksumEnabled)
        add("retransmits", mptcp.retransmits)
        add("bytes_retrans", mptcp.bytesRetransmitted)
        add("bytes_sent", mptcp.bytesSent)
        add("bytes_received", mptcp.bytesReceived)
        add("bytes_acked", mptcp.bytesAcknowledged)
        add("subflows_total", mptcp.subflowsTotal)
        add("last_data_sent", mptcp.lastDataSent)
        add("last_data_recv", mptcp.lastDataReceived)
        add("last_ack_recv", mptcp.lastAcknowledgementReceived)
        return fields
    }
}
