// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// A private or preshared key: overwritten with zeros when released, and printed by no description.
///
/// Copies share the same memory. What does show it is named for that: ``base64`` and ``bytes``.
///
/// Kernel: 32 bytes; all zeros means that there is none.
public struct WireGuardKey: Hashable, Sendable {
    /// How many bytes a key has.
    public static let byteCount = KeyText.keyByteCount

    private let storage: SecretBytes

    /// Copies a key; nil unless there are 32 bytes.
    public init?(bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        storage = SecretBytes(bytes)
    }

    /// Takes a key of base64, as `wg genkey` prints it; nil where the text is not exactly one.
    public init?(base64 text: some StringProtocol) { self.init(ascii: Array(text.utf8)) }

    /// Takes a key of base64 characters; nil where they are not exactly one.
    public init?(ascii text: some BidirectionalCollection<UInt8>) {
        var copy = Array(text)
        defer { wipe(&copy) }
        self.init(ascii: copy.span)
    }

    /// Takes a key of base64 characters; nil where they are not exactly one.
    public init?(ascii text: Span<UInt8>) {
        guard var bytes = KeyText.parse(text) else { return nil }
        storage = SecretBytes(bytes.rawSpan)
        wipe(&bytes)
    }

    private init(taking bytes: inout [UInt8]) {
        storage = SecretBytes(bytes.rawSpan)
        wipe(&bytes)
    }

    /// The key of zeros, which stands for none: where it is set, it removes a key.
    public static var zero: WireGuardKey {
        var zeros = [UInt8](repeating: 0, count: byteCount)
        return WireGuardKey(taking: &zeros)
    }

    /// Makes a random preshared key.
    public static func makePreshared() -> WireGuardKey {
        var bytes = random()
        return WireGuardKey(taking: &bytes)
    }

    /// Makes a random private key, with the bits set and cleared that X25519 wants.
    public static func makePrivate() -> WireGuardKey {
        var bytes = random()
        bytes[0] &= 248
        bytes[31] = bytes[31] & 127 | 64
        return WireGuardKey(taking: &bytes)
    }

    private static func random() -> [UInt8] {
        // The kernel's own generator.
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for _ in 0..<byteCount / 8 {
            let number: UInt64 = generator.next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))) }
        }
        return bytes
    }

    /// Whether it is the key of zeros.
    public var isZero: Bool {
        let bytes = bytes
        var all: UInt8 = 0
        for offset in 0..<bytes.byteCount { all |= (try? bytes.load(at: offset, as: UInt8.self)) ?? 0 }
        return all == 0
    }

    /// The key itself.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.bytes }
    }

    /// The key itself as text.
    public var base64: String {
        var text: [UInt8] = []
        write(to: &text)
        defer { wipe(&text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the key itself as text.
    public func write(to text: inout [UInt8]) {
        let bytes = bytes
        KeyText.write({ (try? bytes.load(at: $0, as: UInt8.self)) ?? 0 }, to: &text)
    }

    /// Whether two keys are the same, in a time that does not depend on where they differ.
    public static func == (a: WireGuardKey, b: WireGuardKey) -> Bool { a.storage == b.storage }

    /// Hashes the key with the process's random seed.
    public func hash(into hasher: inout Hasher) {
        let bytes = bytes
        for offset in stride(from: 0, to: bytes.byteCount, by: 8) {
            hasher.combine((try? bytes.load(at: offset, as: UInt64.self)) ?? 0)
        }
    }
}

extension WireGuardKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Not the key.
    public var description: String { "(hidden)" }
    /// Not the key.
    public var debugDescription: String { description }
    /// Not the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
