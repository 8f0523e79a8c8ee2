// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// What `-i` tells of a TCP socket.
struct TCPPrinter {
    private let options: SSOptions
    // The line's bytes, taken out of the listing while they are written: each access to a class is checked.
    private var bytes: [UInt8] = []

    static func append(_ socket: InetSocket, _ listing: Listing) {
        var printer = TCPPrinter(options: listing.options)
        swap(&printer.bytes, &listing.table.bytes)
        if let information = socket.tcp {
            printer.append(socket, information)
        } else if let information = socket.mptcp {
            printer.append(information)
        }
        swap(&printer.bytes, &listing.table.bytes)
    }

    private init(options: SSOptions) { self.options = options }

    private mutating func field(_ label: StaticString, _ value: some FixedWidthInteger & UnsignedInteger) {
        bytes.append(label)
        bytes.append(decimal: value)
    }

    private mutating func text(_ text: StaticString) { bytes.append(text) }

    /// A number, unless it is zero.
    private mutating func number(_ label: StaticString, _ value: (some FixedWidthInteger & UnsignedInteger)?) {
        guard let value, value != 0 else { return }
        field(label, value)
    }

    /// A number that counts with a sign, unless it is zero.
    private mutating func signed(_ label: StaticString, _ value: UInt32?) {
        guard let value, value != 0 else { return }
        text(label)
        bytes += "\(Int32(bitPattern: value))".utf8
    }

    private mutating func real(_ label: StaticString, _ value: Double) {
        text(label)
        SixDigits(value).write(to: &bytes)
    }

    /// Milliseconds of a time in microseconds, unless it is zero.
    private mutating func milliseconds(_ label: StaticString, _ value: UInt32?) {
        guard let value, value != 0 else { return }
        // Six digits hold it whole: no need to go by way of a fraction.
        guard value < 1_000_000 else { return real(label, Double(value) / 1000) }
        field(label, value / 1000)
        var rest = value % 1000
        guard rest != 0 else { return }
        text(".")
        var digit: UInt32 = 100
        while rest != 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest / digit))
            rest %= digit
            digit /= 10
        }
    }

    /// A rate in bits a second, in three digits unless numbers are to be exact.
    private mutating func rate(_ label: StaticString, _ value: Double) {
        text(label)
        if options.isNumeric {
            if value < 0x1p63 {
                field("", UInt64(value.rounded(.toNearestOrEven)))
            } else {
                FixedPoint(value, decimals: 0).write(to: &bytes)
            }
        } else {
            let units: [(Double, StaticString)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
            if let unit = units.first(where: { value >= $0.0 }) {
                bytes += Self.threeDigits(value / unit.0)
                text(unit.1)
            } else {
                SixDigits(value).write(to: &bytes)
            }
        }
        text("bps")
    }

    /// Three digits, with an exponent where they do not reach the point: `1e+03`, `1.34e+08`.
    static func threeDigits(_ value: Double) -> [UInt8] {
        var bytes: [UInt8] = []
        let step = value >= 100 ? 1.0 : value >= 10 ? 10 : value >= 1 ? 100 : 1000
        let rounded = (value * step).rounded(.toNearestOrEven) / step
        guard rounded >= 1000 else {
            SixDigits(rounded).write(to: &bytes)
            return bytes
        }
        var exponent = 0
        var mantissa = value
        while mantissa >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        SixDigits((mantissa * 100).rounded(.toNearestOrEven) / 100).write(to: &bytes)
        return bytes + "e+\(exponent < 10 ? "0" : "")\(exponent)".utf8
    }

    private mutating func append(_ socket: InetSocket, _ tcp: TCPInformation) {
        let agreed = tcp.options ?? []
        if options.showsTimers {
            if agreed.contains(.timestamps) { text(" ts") }
            if agreed.contains(.microsecondTimestamps) { text(" usec_ts") }
            if agreed.contains(.selectiveAcknowledgements) { text(" sack") }
            if agreed.contains(.congestionNotification) { text(" ecn") }
            if agreed.contains(.congestionNotificationSeen) { text(" ecnseen") }
            if agreed.contains(.synData) { text(" fastopen") }
        }
        if let name = socket.congestionControl, !name.isEmpty {
            text(" ")
            bytes += name.utf8
        }
        if agreed.contains(.windowScaling), let send = tcp.sendWindowScale, let receive = tcp.receiveWindowScale {
            field(" wscale:", send)
            field(",", receive)
        }
        appendTimes(tcp)
        signed(" mss:", tcp.sendSegmentSize)
        number(" pmtu:", tcp.pathMTU)
        signed(" rcvmss:", tcp.receiveSegmentSize)
        signed(" advmss:", tcp.advertisedSegmentSize)
        number(" cwnd:", tcp.congestionWindow)
        if let threshold = tcp.sendSlowStartThreshold, threshold < 0xffff { number(" ssthresh:", threshold) }
        number(" bytes_sent:", tcp.bytesSent)
        number(" bytes_retrans:", tcp.bytesRetransmitted)
        number(" bytes_acked:", tcp.bytesAcknowledged)
        number(" bytes_received:", tcp.bytesReceived)
        number(" segs_out:", tcp.segmentsSent)
        number(" segs_in:", tcp.segmentsReceived)
        number(" data_segs_out:", tcp.dataSegmentsSent)
        number(" data_segs_in:", tcp.dataSegmentsReceived)
        appendCongestion(socket.congestionDetails)
        appendRates(socket, tcp)
        appendDelivery(socket, tcp)
        append(socket.signatures ?? [])
        appendUpperLayer(socket.upperLayer)
    }

    private mutating func append(_ signatures: [TCPSignature]) {
        var label: StaticString = " md5keys:"
        for signature in signatures {
            text(label)
            label = ","
            signature.peers.address.write(to: &bytes)
            field("/", signature.peers.length)
            text("=")
            for byte in signature.key { append(keyByte: byte) }
        }
    }

    /// A byte of a key: as it is, or as a backslash and three octal digits where it could be taken for something else.
    private mutating func append(keyByte byte: UInt8) {
        let isPlain = byte > 0x20 && byte < 0x7f && byte != 0x2c && byte != 0x5c
        guard !isPlain else { return bytes.append(byte) }
        bytes.append(0x5c)
        for shift: UInt8 in [6, 3, 0] { bytes.append(0x30 + (byte >> shift) & 7) }
    }

    private mutating func appendTimes(_ tcp: TCPInformation) {
        // Three seconds is what a connection begins with.
        if let timeout = tcp.retransmissionTimeout, timeout != 3_000_000 { milliseconds(" rto:", timeout) }
        number(" backoff:", tcp.backoff)
        if let time = tcp.roundTripTime, time != 0 {
            milliseconds(" rtt:", time)
            let variance = tcp.roundTripTimeVariance ?? 0
            if variance == 0 { text("/0") } else { milliseconds("/", variance) }
        }
        milliseconds(" ato:", tcp.acknowledgementTimeout)
    }

    private mutating func appendCongestion(_ details: CongestionDetails?) {
        switch details {
        case .dctcp(let dctcp):
            guard dctcp.enabled != 0 else { return text(" dctcp:fallback_mode") }
            field(" dctcp:(ce_state:", dctcp.congestionSeen)
            field(",alpha:", dctcp.alpha)
            field(",ab_ecn:", dctcp.markedBytes)
            field(",ab_tot:", dctcp.totalBytes)
            text(")")
        case .bbr(let bbr):
            rate(" bbr:(bw:", Double(bbr.bandwidth) * 8)
            real(",mrtt:", Double(bbr.minimumRoundTripTime) / 1000)
            if bbr.pacingGain != 0 { real(",pacing_gain:", Double(bbr.pacingGain) / 256) }
            if bbr.windowGain != 0 { real(",cwnd_gain:", Double(bbr.windowGain) / 256) }
            text(")")
        default: break
        }
    }

    private mutating func appendRates(_ socket: InetSocket, _ tcp: TCPInformation) {
        var time = tcp.roundTripTime ?? 0
        if case .vegas(let vegas) = socket.congestionDetails, vegas.enabled != 0, vegas.roundTripTime != 0,
            vegas.roundTripTime != 0x7fff_ffff
        {
            time = vegas.roundTripTime
        }
        let size = tcp.sendSegmentSize ?? 0
        let window = tcp.congestionWindow ?? 0
        if time > 0, size > 0, window > 0 {
            rate(" send ", Double(window) * Double(size) * 8_000_000 / Double(time))
        }
        number(" lastsnd:", tcp.lastDataSent)
        number(" lastrcv:", tcp.lastDataReceived)
        number(" lastack:", tcp.lastAcknowledgementReceived)
        if let pacing = tcp.pacingRate, pacing != 0, pacing != .max {
            rate(" pacing_rate ", Double(pacing) * 8)
            if let most = tcp.maximumPacingRate, most != 0, most != .max { rate("/", Double(most) * 8) }
        }
        if let delivery = tcp.deliveryRate, delivery != 0 { rate(" delivery_rate ", Double(delivery) * 8) }
    }

    private mutating func appendDelivery(_ socket: InetSocket, _ tcp: TCPInformation) {
        number(" delivered:", tcp.delivered)
        number(" delivered_ce:", tcp.deliveredCongested)
        if tcp.isDeliveryRateLimitedByProgram == true { text(" app_limited") }
        if let busy = tcp.busyTime, busy != 0 {
            field(" busy:", busy / 1000)
            text("ms")
            share(" rwnd_limited:", tcp.receiveWindowLimited, of: busy)
            share(" sndbuf_limited:", tcp.sendBufferLimited, of: busy)
        }
        number(" unacked:", tcp.unacknowledged)
        let again = tcp.retransmitted ?? 0
        let total = tcp.totalRetransmitted ?? 0
        if again != 0 || total != 0 {
            field(" retrans:", again)
            field("/", total)
        }
        number(" lost:", tcp.lost)
        if socket.state != .listening { number(" sacked:", tcp.selectivelyAcknowledged) }
        number(" dsack_dups:", tcp.duplicateSelectiveAcknowledgements)
        number(" fackets:", tcp.forwardAcknowledged)
        // Three is what every connection begins with.
        if let reordering = tcp.reordering, reordering != 3 {
            if reordering == 0 { text(" reordering:0") } else { signed(" reordering:", reordering) }
        }
        signed(" reord_seen:", tcp.reorderingSeen)
        milliseconds(" rcv_rtt:", tcp.receiverRoundTripTime)
        signed(" rcv_space:", tcp.receiveSpace)
        number(" rcv_ssthresh:", tcp.receiveSlowStartThreshold)
        number(" notsent:", tcp.notSentBytes)
        if let least = tcp.minimumRoundTripTime, least != .max { milliseconds(" minrtt:", least) }
        number(" rcv_ooopack:", tcp.receivedOutOfOrder)
        number(" snd_wnd:", tcp.sendWindow)
        number(" rcv_wnd:", tcp.receiveWindow)
        number(" rehash:", tcp.rehashed)
    }

    private mutating func share(_ label: StaticString, _ part: UInt64?, of whole: UInt64) {
        guard let part, part != 0 else { return }
        field(label, part / 1000)
        text("ms(")
        FixedPoint(100 * Double(part) / Double(whole), decimals: 1).write(to: &bytes)
        text("%)")
    }

    private mutating func appendUpperLayer(_ layer: UpperLayer?) {
        guard let layer, !layer.name.isEmpty else { return }
        text(" tcp-ulp-")
        bytes += layer.name.utf8
        if let tls = layer.tls { append(tls) }
        if let subflow = layer.mptcp { append(subflow) }
    }

    private mutating func append(_ tls: TLSInformation) {
        if let version = tls.version {
            text(" version: ")
            switch version {
            case 0x303: text("1.2")
            case 0x304: text("1.3")
            default: bytes += "unknown(\(version))".utf8
            }
        }
        if let cipher = tls.cipher {
            let names: [UInt16: StaticString] = [
                51: "aes-gcm-128", 52: "aes-gcm-256", 53: "aes-ccm-128", 54: "chacha20-poly1305", 55: "sm4-gcm",
                56: "sm4-ccm", 57: "aria-gcm-128", 58: "aria-gcm-256",
            ]
            text(" cipher: ")
            if let name = names[cipher] { text(name) } else { bytes += "unknown(\(cipher))".utf8 }
        }
        append(" rxconf: ", tls.receiving)
        append(" txconf: ", tls.sending)
        if tls.sendsWithoutCopy { text(" zc_ro_tx") }
        if tls.expectsNoPadding { text(" no_pad_rx") }
    }

    private mutating func append(_ label: StaticString, _ mode: TLSMode?) {
        guard let mode else { return }
        text(label)
        switch mode {
        case .program: text("none")
        case .kernel: text("sw")
        case .hardware: text("hw")
        case .hardwareRecords: text("hw-record")
        default: bytes += "unknown(\(mode.rawValue))".utf8
        }
    }

    private static let flagLetters: [(MPTCPSubflowFlags, StaticString)] = [
        (.remoteCapable, "M"), (.localCapable, "m"), (.remoteJoined, "J"), (.localJoined, "j"), (.remoteBackup, "B"),
        (.localBackup, "b"), (.fullyEstablished, "e"), (.connected, "c"), (.mapValid, "v"),
    ]

    private mutating func append(_ subflow: MPTCPSubflow) {
        if let flags = subflow.flags {
            text(" flags:")
            if flags.isEmpty { text("-") }
            for (flag, letter) in Self.flagLetters where flags.contains(flag) { text(letter) }
        }
        if let remote = subflow.remoteToken, let remoteID = subflow.remoteID, let local = subflow.localToken,
            let localID = subflow.localID
        {
            token(" token:", remote, remoteID)
            token("/", local, localID)
        }
        if let sequence = subflow.mapSequence { field(" seq:", sequence) }
        if let sequence = subflow.mapSubflowSequence { field(" sfseq:", sequence) }
        if let offset = subflow.sequenceOffset { field(" ssnoff:", offset) }
        if let count = subflow.mapByteCount { field(" maplen:", count) }
    }

    private mutating func token(_ label: StaticString, _ token: UInt32, _ id: UInt8) {
        text(label)
        let digits = String(token, radix: 16)
        for _ in digits.utf8.count..<max(4, digits.utf8.count) { text("0") }
        bytes += digits.utf8
        field("(id:", id)
        text(")")
    }

    private mutating func append(_ mptcp: MPTCPInformation) {
        number(" subflows:", mptcp.subflows)
        number(" add_addr_signal:", mptcp.addressesSignalled)
        number(" add_addr_accepted:", mptcp.addressesAccepted)
        number(" subflows_max:", mptcp.subflowsMaximum)
        number(" add_addr_signal_max:", mptcp.addressesSignalledMaximum)
        number(" add_addr_accepted_max:", mptcp.addressesAcceptedMaximum)
        let flags = mptcp.flags ?? 0
        if flags & 1 != 0 { text(" fallback") }
        if flags & 2 != 0 { text(" remote_key") }
        if let token = mptcp.token, token != 0 {
            text(" token:")
            bytes.append(hexadecimal: token)
        }
        number(" write_seq:", mptcp.writeSequence)
        number(" snd_una:", mptcp.sendUnacknowledged)
        number(" rcv_nxt:", mptcp.receiveNext)
        number(" local_addr_used:", mptcp.localAddressesUsed)
        number(" local_addr_max:", mptcp.localAddressesMaximum)
        number(" csum_enabled:", mptcp.isChecksumEnabled)
        number(" retransmits:", mptcp.retransmits)
        number(" bytes_retrans:", mptcp.bytesRetransmitted)
        number(" bytes_sent:", mptcp.bytesSent)
        number(" bytes_received:", mptcp.bytesReceived)
        number(" bytes_acked:", mptcp.bytesAcknowledged)
        number(" subflows_total:", mptcp.subflowsTotal)
        number(" last_data_sent:", mptcp.lastDataSent)
        number(" last_data_recv:", mptcp.lastDataReceived)
        number(" last_ack_recv:", mptcp.lastAcknowledgementReceived)
    }
}
