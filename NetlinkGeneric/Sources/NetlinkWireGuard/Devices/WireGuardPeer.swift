// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A peer of a device.
///
/// Kernel: a nest of `WGDEVICE_A_PEERS`.
public struct WireGuardPeer: Hashable, Sendable {
    /// What is only reported.
    public struct State: Hashable, Sendable {
        /// When the last handshake was, since 1970-01-01 UTC; nil for never.
        ///
        /// Kernel: `WGPEER_A_LAST_HANDSHAKE_TIME`, `struct __kernel_timespec`.
        public var lastHandshake: Duration?
        /// How many bytes came from it.
        ///
        /// Kernel: `WGPEER_A_RX_BYTES`, `u64`.
        public var receivedByteCount: UInt64?
        /// How many bytes went to it.
        ///
        /// Kernel: `WGPEER_A_TX_BYTES`, `u64`.
        public var sentByteCount: UInt64?

        /// Nothing reported.
        public init() {}
    }

    /// Its public key, by which it is known.
    ///
    /// Kernel: `WGPEER_A_PUBLIC_KEY`, 32 bytes.
    public var publicKey: WireGuardPublicKey
    /// The key mixed into the handshake beside the others; nil for none.
    ///
    /// Kernel: `WGPEER_A_PRESHARED_KEY`, 32 bytes; reported as zeros where there is none.
    public var presharedKey: WireGuardKey?
    /// Where it was last heard from, or is to be reached.
    ///
    /// Kernel: `WGPEER_A_ENDPOINT`.
    public var endpoint: WireGuardEndpoint?
    /// How often an empty packet is sent to keep ways open, in whole seconds up to 65,535; zero for never.
    ///
    /// Kernel: `WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL`, `u16`.
    public var keepalive: Duration?
    /// The addresses that it may send from, and packets to which are sent to it.
    ///
    /// Kernel: `WGPEER_A_ALLOWEDIPS`; host bits are cleared by the kernel.
    public var allowedAddresses: [IPPrefix] = []
    /// Allowed addresses of families or with attributes that are not known here, as they came.
    public var otherAllowedAddresses = UnknownAttributes()
    /// The version of the protocol that is spoken with it.
    ///
    /// Kernel: `WGPEER_A_PROTOCOL_VERSION`, `u32`; leave it out when setting.
    public var protocolVersion: UInt32?
    /// What this type does not model.
    public var unknown = UnknownAttributes()
    /// What is only reported.
    public var state: State?

    /// A peer of which only the key is known.
    public init(_ publicKey: WireGuardPublicKey) { self.publicKey = publicKey }

    /// The peer without what is only reported.
    public var settings: WireGuardPeer {
        var copy = self
        copy.state = nil
        return copy
    }

    /// Says what is wrong, before anything is sent.
    public func validate() throws(NetlinkError) { try WireGuardPeerChange(self).validate() }
}

extension WireGuardPeer {
    /// Reads a peer's nest; where it goes on with the peer before it, its addresses are added there.
    static func read(
        _ nest: consuming AttributeReader<PeerAttribute>, into peers: inout [WireGuardPeer]
    ) throws(DecodeError) {
        // Read in its place: a peer is large, and there may be many.
        let place = peers.count
        // Room that nobody touches costs nothing; moving thousands of peers again and again does.
        if place == peers.capacity { peers.reserveCapacity(place * 8 + 64) }
        peers.append(WireGuardPeer(.zero))
        var hasKey = false
        while let attribute = try nest.next() {
            guard attribute.id == .publicKey else {
                try peers[place].read(attribute)
                continue
            }
            guard let key = WireGuardPublicKey(bytes: attribute.payload) else {
                throw DecodeError(
                    .unexpectedLength, attribute: attribute.id.rawValue, expected: KeyText.keyByteCount,
                    actual: attribute.payload.byteCount)
            }
            peers[place].publicKey = key
            hasKey = true
        }
        guard hasKey else { throw DecodeError(.invalidValue, attribute: PeerAttribute.publicKey.rawValue) }
        guard place > 0, peers[place - 1].publicKey == peers[place].publicKey else { return }
        let more = peers.removeLast()
        peers[place - 1].allowedAddresses += more.allowedAddresses
        for other in more.otherAllowedAddresses.elements { peers[place - 1].otherAllowedAddresses.keep(other) }
        for other in more.unknown.elements { peers[place - 1].unknown.keep(other) }
    }

    private mutating func read(_ attribute: borrowing Attribute<PeerAttribute>) throws(DecodeError) {
        switch attribute.id {
        case .presharedKey:
            guard let key = WireGuardKey(bytes: attribute.payload) else {
                throw DecodeError(
                    .unexpectedLength, attribute: attribute.id.rawValue, expected: KeyText.keyByteCount,
                    actual: attribute.payload.byteCount)
            }
            presharedKey = key.isZero ? nil : key
        case .endpoint:
            if let known = try WireGuardEndpoint(decoding: attribute.payload) {
                endpoint = known
            } else {
                unknown.keep(attribute)
            }
        case .keepalive: keepalive = .seconds(Int64(try attribute.integer(UInt16.self)))
        case .lastHandshake:
            let seconds: Int64 = try attribute.payload.load(at: 0)  // struct __kernel_timespec.tv_sec
            let nanoseconds: Int64 = try attribute.payload.load(at: 8)  // struct __kernel_timespec.tv_nsec
            let isTime = seconds >= 0 && (0..<1_000_000_000).contains(nanoseconds) && seconds | nanoseconds != 0
            if isTime { change { $0.lastHandshake = .seconds(seconds) + .nanoseconds(nanoseconds) } }
        case .received:
            let count: UInt64 = try attribute.integer()
            change { $0.receivedByteCount = count }
        case .sent:
            let count: UInt64 = try attribute.integer()
            change { $0.sentByteCount = count }
        case .protocolVersion: protocolVersion = try attribute.integer()
        case .allowedAddresses:
            var list = attribute.nested(RawAttributeID.self)
            // Each of IPv4 takes 28 bytes, each of IPv6 40.
            allowedAddresses.reserveCapacity(attribute.payload.byteCount / 28)
            while let element = try list.next() { try readAllowedAddress(element) }
        // A peer's flags say what to do; none is reported.
        default: unknown.keep(attribute)
        }
    }

    private mutating func change(_ body: (inout State) -> Void) {
        var state = state ?? State()
        body(&state)
        self.state = state
    }

    private mutating func readAllowedAddress(_ element: borrowing Attribute<RawAttributeID>) throws(DecodeError) {
        var family = AddressFamily.unspecified
        var address: IPAddress?
        var length: UInt8?
        var isKnown = true
        // The order is the kernel's choice: the family may stand behind the address.
        var attributes = element.nested(AllowedAddressAttribute.self)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .family:
                family = AddressFamily(rawValue: UInt8(truncatingIfNeeded: try attribute.integer(UInt16.self)))
            case .length: length = try attribute.integer()
            case .address:
                if attribute.payload.byteCount == IPv6Address.byteCount {
                    let high: UInt64 = try attribute.payload.load(at: 0)
                    let low: UInt64 = try attribute.payload.load(at: 8)
                    address = .v6(IPv6Address(networkOrder: high, low))
                } else if attribute.payload.byteCount == IPv4Address.byteCount {
                    address = .v4(IPv4Address(networkOrder: try attribute.integer()))
                }
            default: isKnown = false
            }
        }
        if let address, let length, address.family == family, let prefix = IPPrefix(address, length: Int(length)) {
            allowedAddresses.append(prefix)
        } else {
            isKnown = false
        }
        if !isKnown { otherAllowedAddresses.keep(element) }
    }
}
