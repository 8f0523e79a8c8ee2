// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkWireGuard

/// Devices as text, in all forms of `show` and `showconf`.
struct DeviceText {
    private(set) var bytes: [UInt8] = []
    private var hasFailed = false
    private let scopes: ScopeNames
    private let isColored: Bool
    private let hidesKeys: Bool

    init(
        _ connection: BlockingWireGuardConnection?, isColored: Bool = wantsColor,
        hidesKeys: Bool = environmentVariable("WG_HIDE_KEYS") != "never"
    ) {
        scopes = ScopeNames(connection)
        self.isColored = isColored
        self.hidesKeys = hidesKeys
    }

    private static var wantsColor: Bool {
        switch environmentVariable("WG_COLOR_MODE") {
        case "always": true
        case "never": false
        default: System.isTerminal(1)
        }
    }

    /// Writes everything; the status to exit with.
    mutating func finish() -> Int32 {
        flush()
        return hasFailed ? 1 : 0
    }

    private mutating func flush() {
        if !hasFailed, System.write(bytes, to: 1) != 0 { hasFailed = true }
        wipe(&bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes what has gathered when it is worth a system call.
    private mutating func flushIfFull() {
        if bytes.count >= 1 << 15 { flush() }
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }
    private mutating func put(number: some FixedWidthInteger & UnsignedInteger) { bytes.append(decimal: number) }
    private mutating func put(_ key: WireGuardPublicKey?) {
        if let key { key.write(to: &bytes) } else { put("(none)") }
    }
    private mutating func put(_ key: WireGuardKey?) {
        if let key { key.write(to: &bytes) } else { put("(none)") }
    }
    private mutating func put(_ mark: UInt32) { put(mark == 0 ? "off" : "0x\(String(mark, radix: 16))") }
    private mutating func put(_ prefix: IPPrefix, slash: Style? = nil) {
        prefix.address.write(to: &bytes)
        put("/", slash)
        put(number: prefix.length)
    }
    private mutating func put(_ keepalive: Duration?) {
        let seconds = keepalive?.components.seconds ?? 0
        if seconds == 0 { put("off") } else { put(number: UInt64(seconds.magnitude)) }
    }
    private mutating func put(_ endpoint: WireGuardEndpoint?) {
        if let endpoint { scopes.write(endpoint, to: &bytes) } else { put("(none)") }
    }
    private mutating func put(_ prefixes: [IPPrefix], separator: String, slash: Style? = nil) {
        if prefixes.isEmpty { put("(none)") }
        for (index, prefix) in prefixes.enumerated() {
            if index > 0 { put(separator) }
            put(prefix, slash: slash)
        }
    }

    // MARK: Fields for scripts

    /// Writes one field, a line for each device or peer; with the device's name before it where there are several.
    mutating func write(_ field: ShowField, of device: WireGuardDevice, withName: Bool) {
        let name = withName ? (device.name?.description ?? "") + "\t" : ""
        func each(_ body: (WireGuardPeer, inout DeviceText) -> Void) {
            for peer in device.peers {
                put(name)
                peer.publicKey.write(to: &bytes)
                put("\t")
                body(peer, &self)
                put("\n")
                flushIfFull()
            }
        }
        switch field {
        case .publicKey: line(name) { $0.put(device.publicKey) }
        case .privateKey: line(name) { $0.put(device.privateKey) }
        case .listenPort: line(name) { $0.put(number: device.listenPort ?? 0) }
        case .mark: line(name) { $0.put(device.mark ?? 0) }
        case .peers: for peer in device.peers { line(name) { $0.put(peer.publicKey) } }
        case .presharedKeys: each { $1.put($0.presharedKey) }
        case .endpoints:
            // The reference says the name once, also where there is no peer.
            put(name)
            for peer in device.peers {
                peer.publicKey.write(to: &bytes)
                put("\t")
                put(peer.endpoint)
                put("\n")
            }
        case .allowedAddresses: each { $1.put($0.allowedAddresses, separator: " ") }
        case .latestHandshakes: each { $1.put(number: $0.handshakeSeconds.magnitude) }
        case .transfer: each { $1.putTransfer($0) }
        case .keepalive: each { $1.put($0.keepalive) }
        case .dump: writeDump(device, name)
        }
    }

    private mutating func line(_ name: String, _ body: (inout DeviceText) -> Void) {
        put(name)
        body(&self)
        put("\n")
    }

    private mutating func writeDump(_ device: WireGuardDevice, _ name: String) {
        put(name)
        put(device.privateKey)
        put("\t")
        put(device.publicKey)
        put("\t")
        put(number: device.listenPort ?? 0)
        put("\t")
        put(device.mark ?? 0)
        put("\n")
        for peer in device.peers {
            put(name)
            put(peer.publicKey)
            put("\t")
            put(peer.presharedKey)
            put("\t")
            put(peer.endpoint)
            put("\t")
            put(peer.allowedAddresses, separator: ",")
            put("\t")
            put(number: peer.handshakeSeconds.magnitude)
            put("\t")
            putTransfer(peer)
            put("\t")
            put(peer.keepalive)
            put("\n")
            flushIfFull()
        }
    }

    private mutating func putTransfer(_ peer: WireGuardPeer) {
        put(number: peer.state?.receivedByteCount ?? 0)
        put("\t")
        put(number: peer.state?.sentByteCount ?? 0)
    }

    // MARK: Configuration

    /// Writes a device as `setconf` takes it.
    mutating func writeConfiguration(_ device: WireGuardDevice) {
        put("[Interface]\n")
        if let port = device.listenPort, port != 0 {
            put("ListenPort = ")
            put(number: port)
            put("\n")
        }
        if let mark = device.mark, mark != 0 { put("FwMark = 0x\(String(mark, radix: 16))\n") }
        if let key = device.privateKey {
            put("PrivateKey = ")
            put(key)
            put("\n")
        }
        put("\n")
        for (index, peer) in device.peers.enumerated() {
            put("[Peer]\nPublicKey = ")
            put(peer.publicKey)
            put("\n")
            if let key = peer.presharedKey {
                put("PresharedKey = ")
                put(key)
                put("\n")
            }
            if !peer.allowedAddresses.isEmpty {
                put("AllowedIPs = ")
                put(peer.allowedAddresses, separator: ", ")
                put("\n")
            }
            if let endpoint = peer.endpoint {
                put("Endpoint = ")
                put(endpoint)
                put("\n")
            }
            if let keepalive = peer.keepalive, keepalive != .zero {
                put("PersistentKeepalive = ")
                put(keepalive)
                put("\n")
            }
            if index + 1 < device.peers.count { put("\n") }
            flushIfFull()
        }
    }

    // MARK: For people

    private enum Style: String {
        case reset = "\u{1b}[0m"
        case bold = "\u{1b}[1m"
        case red = "\u{1b}[31m"
        case green = "\u{1b}[32m"
        case yellow = "\u{1b}[33m"
        case cyan = "\u{1b}[36m"
    }

    private mutating func style(_ styles: Style...) {
        if isColored { for style in styles { put(style.rawValue) } }
    }

    private mutating func put(_ text: String, _ color: Style?) {
        guard let color else { return put(text) }
        style(color)
        put(text)
        style(.reset)
    }

    /// Ends a device's section where another follows.
    mutating func endSection() { put("\n") }

    private mutating func title(_ text: String, _ color: Style) {
        style(color, .bold)
        put(text)
        style(.reset)
        put(": ")
        style(color)
    }

    private mutating func label(_ text: String) {
        put("  ")
        put(text, .bold)
        put(": ")
    }

    /// Writes a device with its peers, that with the latest handshake first.
    mutating func writePretty(_ device: WireGuardDevice, now: Int64 = timeOfDay().seconds) {
        style(.reset)
        title("interface", .green)
        if let name = device.name { name.write(to: &bytes) }
        style(.reset)
        put("\n")
        if let key = device.publicKey {
            label("public key")
            put(key)
            put("\n")
        }
        if let key = device.privateKey {
            label("private key")
            putSecret(key)
        }
        if let port = device.listenPort, port != 0 {
            label("listening port")
            put(number: port)
            put("\n")
        }
        if let mark = device.mark, mark != 0 {
            label("fwmark")
            put(mark)
            put("\n")
        }
        // Those of the same time stay in their order.
        let times = device.peers.map { $0.handshake }
        let order = device.peers.indices.sorted { times[$0] != times[$1] ? times[$0] > times[$1] : $0 < $1 }
        for index in order {
            put("\n")
            writePretty(device.peers[index], now)
            flushIfFull()
        }
    }

    private mutating func putSecret(_ key: WireGuardKey) {
        if hidesKeys { put("(hidden)") } else { put(key) }
        put("\n")
    }

    private mutating func writePretty(_ peer: WireGuardPeer, _ now: Int64) {
        title("peer", .yellow)
        put(peer.publicKey)
        style(.reset)
        put("\n")
        if let key = peer.presharedKey {
            label("preshared key")
            putSecret(key)
        }
        if let endpoint = peer.endpoint {
            label("endpoint")
            put(endpoint)
            put("\n")
        }
        label("allowed ips")
        put(peer.allowedAddresses, separator: ", ", slash: .cyan)
        put("\n")
        if peer.handshakeSeconds != 0 {
            label("latest handshake")
            putAgo(now - peer.handshakeSeconds)
            put("\n")
        }
        let (received, sent) = (peer.state?.receivedByteCount ?? 0, peer.state?.sentByteCount ?? 0)
        if received != 0 || sent != 0 {
            label("transfer")
            putByteCount(received)
            put(" received, ")
            putByteCount(sent)
            put(" sent\n")
        }
        if let keepalive = peer.keepalive, keepalive != .zero {
            label("persistent keepalive")
            put("every ")
            putTime(keepalive.components.seconds)
            put("\n")
        }
    }

    private mutating func putAgo(_ seconds: Int64) {
        if seconds == 0 {
            put("Now")
        } else if seconds < 0 {
            put("(")
            put("System clock wound backward; connection problems may ensue.", .red)
            put(")")
        } else {
            putTime(seconds)
            put(" ago")
        }
    }

    private mutating func putTime(_ seconds: Int64) {
        let year: Int64 = 365 * 24 * 3600
        // Days begin anew with each year of 365.
        let left = seconds % year
        let parts: [(Int64, String)] = [
            (seconds / year, "year"), (left / 86400, "day"), (left % 86400 / 3600, "hour"),
            (left % 3600 / 60, "minute"), (left % 60, "second"),
        ]
        var isFirst = true
        for (count, unit) in parts where count > 0 {
            if !isFirst { put(", ") }
            isFirst = false
            put(number: count.magnitude)
            put(" ")
            put(count == 1 ? unit : unit + "s", .cyan)
        }
    }

    private mutating func putByteCount(_ count: UInt64) {
        let units: [(UInt64, String)] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        guard let (size, unit) = units.first(where: { count >= $0.0 }) else {
            put("\(count) ")
            return put("B", .cyan)
        }
        put(FixedPoint.hundredths(count, of: size))
        put(" ")
        put(unit, .cyan)
    }
}

/// Numbers with two decimals.
private enum FixedPoint {
    /// A count in units of a power of two, rounded to hundredths as printf does: halves to even digits.
    static func hundredths(_ count: UInt64, of unit: UInt64) -> String {
        let (whole, rest) = (count / unit, count % unit)
        // The rest is below 2^40, so that a hundred of it fit.
        var hundredths = rest * 100 / unit
        let left = rest * 100 % unit
        if left * 2 > unit || left * 2 == unit && hundredths % 2 == 1 { hundredths += 1 }
        let carried = whole + hundredths / 100
        let digits = hundredths % 100
        return "\(carried).\(digits < 10 ? "0" : "")\(digits)"
    }
}

extension WireGuardPeer {
    /// Since when, for sorting.
    fileprivate var handshake: Duration { state?.lastHandshake ?? .zero }
    fileprivate var handshakeSeconds: Int64 { state?.lastHandshake?.components.seconds ?? 0 }
}
