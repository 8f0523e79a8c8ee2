// SPDX-License-Identifier: Apache-2.0

internal import NetlinkSockDiag

/// The numbers that the kernel tells of a TCP connection by its own names.
enum TCPFields {
    static let options: [(TCPOptions, StaticString)] = [
        (.timestamps, "ts"), (.selectiveAcknowledgements, "sack"), (.windowScaling, "wscale"),
        (.congestionNotification, "ecn"), (.congestionNotificationSeen, "ecnseen"), (.synData, "fastopen"),
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
        return fields
    }
}
