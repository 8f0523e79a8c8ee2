// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

// What `-i` tells, with the kernel's names of the fields and its units.
extension JSONPrinter {
    mutating func putInformation(_ socket: InetSocket) {
        if let name = socket.congestionControl { output.jsonString("congestion", name) }
        if let tcp = socket.tcp {
            output.beginObject("tcp")
            put(TCPFields.all(of: tcp))
            if let limited = tcp.isDeliveryRateLimitedByProgram { output.jsonBool("app_limited", limited) }
            if let options = tcp.options {
                output.beginArray("options")
                for (option, name) in TCPFields.options where options.contains(option) { output.jsonString(nil, name) }
                output.endArray()
            }
            output.endObject()
        }
        if let mptcp = socket.mptcp {
            output.beginObject("mptcp")
            put(TCPFields.all(of: mptcp))
            output.endObject()
        }
        if let details = socket.congestionDetails { put(details) }
        if let signatures = socket.signatures { put(signatures) }
        if let layer = socket.upperLayer { put(layer) }
    }

    private mutating func put(_ fields: [(StaticString, UInt64)]) {
        for (name, value) in fields { output.jsonNumber(name, value) }
    }

    private mutating func put(_ details: CongestionDetails) {
        switch details {
        case .vegas(let vegas):
            output.beginObject("vegas")
            output.jsonNumber("enabled", vegas.enabled)
            output.jsonNumber("rttcnt", vegas.roundTripCount)
            output.jsonNumber("rtt", vegas.roundTripTime)
            output.jsonNumber("minrtt", vegas.minimumRoundTripTime)
        case .dctcp(let dctcp):
            output.beginObject("dctcp")
            output.jsonNumber("enabled", dctcp.enabled)
            output.jsonNumber("ce_state", dctcp.congestionSeen)
            output.jsonNumber("alpha", dctcp.alpha)
            output.jsonNumber("ab_ecn", dctcp.markedBytes)
            output.jsonNumber("ab_tot", dctcp.totalBytes)
        case .bbr(let bbr):
            output.beginObject("bbr")
            output.jsonNumber("bw", bbr.bandwidth)
            output.jsonNumber("min_rtt", bbr.minimumRoundTripTime)
            output.jsonNumber("pacing_gain", bbr.pacingGain)
            output.jsonNumber("cwnd_gain", bbr.windowGain)
        @unknown default: return
        }
        output.endObject()
    }

    private mutating func put(_ signatures: [TCPSignature]) {
        output.beginArray("md5keys")
        for signature in signatures {
            output.beginObject()
            output.jsonString("prefix", signature.peers.description)
            output.jsonString("key_hex", Self.digits(signature.key))
            output.endObject()
        }
        output.endArray()
    }

    private mutating func put(_ layer: UpperLayer) {
        output.beginObject("ulp")
        output.jsonString("name", layer.name)
        if let tls = layer.tls {
            output.beginObject("tls")
            if let value = tls.version { output.jsonNumber("version", value) }
            if let value = tls.cipher { output.jsonNumber("cipher", value) }
            if let mode = tls.receiving { output.jsonNumber("rxconf", mode.rawValue) }
            if let mode = tls.sending { output.jsonNumber("txconf", mode.rawValue) }
            output.jsonBool("zc_ro_tx", tls.sendsWithoutCopy)
            output.jsonBool("no_pad_rx", tls.expectsNoPadding)
            if let value = tls.maximumPayload { output.jsonNumber("tx_max_payload_len", value) }
            output.endObject()
        }
        if let subflow = layer.mptcp {
            output.beginObject("mptcp")
            if let flags = subflow.flags { output.jsonNumber("flags", flags.rawValue) }
            if let value = subflow.remoteToken { output.jsonNumber("token_rem", value) }
            if let value = subflow.localToken { output.jsonNumber("token_loc", value) }
            if let value = subflow.remoteID { output.jsonNumber("id_rem", value) }
            if let value = subflow.localID { output.jsonNumber("id_loc", value) }
            if let value = subflow.mapSequence { output.jsonNumber("map_seq", value) }
            if let value = subflow.mapSubflowSequence { output.jsonNumber("map_sfseq", value) }
            if let value = subflow.sequenceOffset { output.jsonNumber("ssn_offset", value) }
            if let value = subflow.mapByteCount { output.jsonNumber("map_datalen", value) }
            output.endObject()
        }
        output.endObject()
    }
}
