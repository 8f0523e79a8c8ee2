// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A public key, by which a peer is known.
///
/// As text it is 44 characters of base64. A literal takes that text.
public struct WireGuardPublicKey: TextValue, Comparable, ExpressibleByStringLiteral {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    private init() { words = (0, 0, 0, 0) }

    /// The key of zeros, which is nobody's.
    public static var zero: WireGuardPublicKey { WireGuardPublicKey() }

    /// Copies a key; nil unless there are 32 bytes.
    public init?(bytes: RawSpan) {
        guard bytes.byteCount == KeyText.keyByteCount else { return nil }
        words = (0, 0, 0, 0)
        do throws(DecodeError) {
            words.0 = UInt64(bigEndian: try bytes.load(at: 0))
            words.1 = UInt64(bigEndian: try bytes.load(at: 8))
            words.2 = UInt64(bigEndian: try bytes.load(at: 16))
            words.3 = UInt64(bigEndian: try bytes.load(at: 24))
        } catch { return nil }
    }

    /// Copies a key; nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) { self.init(bytes: bytes.rawSpan) }

    /// Takes a key of base64; nil where the text is not exactly one.
    public init?(_ text: String) { self.init(ascii: text.utf8) }

    /// Takes a key of base64 characters; nil where they are not exactly one.
    public init?(ascii text: some BidirectionalCollection<UInt8>) { self.init(ascii: Array(text).span) }

    /// Takes a key of base64 characters; nil where they are not exactly one.
    public init?(ascii text: Span<UInt8>) {
        guard let bytes = KeyText.parse(text) else { return nil }
        self.init(bytes: bytes.rawSpan)
    }

    /// Takes a literal of base64; one that is not a key traps.
    public init(stringLiteral text: String) {
        let key = Self(text)
        precondition(key != nil, "not a public key: \(text)")
        self = key ?? .zero
    }

    /// The key.
    public var bytes: [UInt8] { (0..<KeyText.keyByteCount).map { byte($0) } }

    private func byte(_ index: Int) -> UInt8 {
        let word =
            switch index >> 3 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64(index & 7)))
    }

    /// Appends the text.
    public func write(to bytes: inout [UInt8]) { KeyText.write({ byte($0) }, to: &bytes) }

    func encode(_ id: some AttributeID, into writer: inout MessageWriter) {
        writer.put(id, structure: KeyText.keyByteCount) { structure in
            structure.store(words.0.bigEndian, at: 0)
            structure.store(words.1.bigEndian, at: 8)
            structure.store(words.2.bigEndian, at: 16)
            structure.store(words.3.bigEndian, at: 24)
        }
    }

    /// Compares them.
    public static func == (a: Self, b: Self) -> Bool { a.words == b.words }
    /// Orders keys by their bytes.
    public static func < (a: Self, b: Self) -> Bool { a.words < b.words }
    /// Hashes it.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension MessageWriter {
    mutating func put(_ id: some AttributeID, _ key: WireGuardPublicKey?) {
        key?.encode(id, into: &self)
    }
    mutating func put(_ id: some AttributeID, _ key: WireGuardKey?) {
        if let key { put(id, key.bytes) }
    }
}
