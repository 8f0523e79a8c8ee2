// SPDX-License-Identifier: Apache-2.0

/// The address of a link: six bytes on Ethernet, four on an IPv4 tunnel, twenty on InfiniBand, none on some.
///
/// Kernel: `IFLA_ADDRESS`, `NDA_LLADDR` and their like, at most 32 bytes (`linux/netdevice.h`).
public struct HardwareAddress: TextValue {
    // Words rather than an inline array, which optimised builds of Swift 6.3 lose on its way through optionals. The first
    // byte is the highest, so that words order as bytes do; bytes behind the length are zero.
    private var words: (UInt64, UInt64, UInt64, UInt64)
    private var length: UInt8

    /// How many bytes an address has at most.
    public static let maximumByteCount = 32

    /// An address without bytes.
    public init() {
        words = (0, 0, 0, 0)
        length = 0
    }

    /// Makes an address of its bytes; nil where there are more than 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.maximumByteCount else { return nil }
        self.init()
        for byte in bytes { guard append(byte) else { return nil } }
    }

    /// Makes an address of bytes in a message; nil where there are more than 32.
    public init?(bytes: RawSpan) {
        guard bytes.byteCount <= Self.maximumByteCount else { return nil }
        words = (Self.word(bytes, 0), Self.word(bytes, 8), Self.word(bytes, 16), Self.word(bytes, 24))
        length = UInt8(truncatingIfNeeded: bytes.byteCount)
    }

    /// Makes an Ethernet address.
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8) {
        let upper = UInt64(a) << 56 | UInt64(b) << 48 | UInt64(c) << 40
        words = (upper | UInt64(d) << 32 | UInt64(e) << 24 | UInt64(f) << 16, 0, 0, 0)
        length = 6
    }

    /// Makes the address of an IPv4 tunnel's end.
    public init(_ address: IPv4Address) {
        words = (UInt64(address.rawValue) << 32, 0, 0, 0)
        length = 4
    }

    /// Ethernet's ff:ff:ff:ff:ff:ff.
    public static var broadcast: Self { Self(255, 255, 255, 255, 255, 255) }

    /// How many bytes it has.
    public var byteCount: Int { Int(length) }
    /// A copy of the bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for index in 0..<byteCount { bytes.append(byte(index)) }
        return bytes
    }

    /// The byte at an index below ``byteCount``.
    public subscript(_ index: Int) -> UInt8 {
        precondition(index >= 0 && index < byteCount, "index out of range")
        return byte(index)
    }

    /// Whether the first byte marks a group of receivers, which includes the broadcast address.
    public var isMulticast: Bool { byte(0) & 1 != 0 }
    /// Whether the first byte marks an address that no manufacturer gave.
    public var isLocallyAdministered: Bool { byte(0) & 2 != 0 }
    /// Whether all bytes are zero, as also in an address without bytes.
    public var isZero: Bool { words == (0, 0, 0, 0) }

    private mutating func append(_ byte: UInt8) -> Bool {
        guard byteCount < Self.maximumByteCount else { return false }
        put(byte, at: byteCount)
        length += 1
        return true
    }

    private func byte(_ index: Int) -> UInt8 {
        let shift = UInt64(56 - index % 8 * 8)
        switch index / 8 {
        case 0: return UInt8(truncatingIfNeeded: words.0 >> shift)
        case 1: return UInt8(truncatingIfNeeded: words.1 >> shift)
        case 2: return UInt8(truncatingIfNeeded: words.2 >> shift)
        default: return UInt8(truncatingIfNeeded: words.3 >> shift)
        }
    }

    private static func word(_ bytes: RawSpan, _ start: Int) -> UInt64 {
        if bytes.byteCount >= start + 8 { return UInt64(bigEndian: bytes.loadChecked(start)) }
        var word: UInt64 = 0
        for offset in start..<max(start, bytes.byteCount) {
            word |= UInt64(bytes.loadChecked(offset, as: UInt8.self)) << UInt64(56 - (offset - start) * 8)
        }
        return word
    }

    // Only where a zero is.
    private mutating func put(_ byte: UInt8, at index: Int) {
        let bits = UInt64(byte) << UInt64(56 - index % 8 * 8)
        switch index / 8 {
        case 0: words.0 |= bits
        case 1: words.1 |= bits
        case 2: words.2 |= bits
        default: words.3 |= bits
        }
    }
}

extension HardwareAddress: Comparable {
    /// Compares the bytes.
    public static func == (a: Self, b: Self) -> Bool {
        a.length == b.length && a.words == b.words
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(length)
        hasher.combine(words.0)
        if length > 8 {
            hasher.combine(words.1)
            hasher.combine(words.2)
            hasher.combine(words.3)
        }
    }

    /// Orders by the bytes, and one that begins another before it.
    public static func < (a: Self, b: Self) -> Bool {
        a.words == b.words ? a.length < b.length : a.words < b.words
    }
}

extension HardwareAddress: ExpressibleByStringLiteral {
    /// Takes a literal; one that is not a hardware address traps.
    public init(stringLiteral text: String) {
        let value = Self(text)
        precondition(value != nil, "not a hardware address: \(text)")
        self = value ?? Self()
    }
}

extension HardwareAddress {
    /// Reads one or two hexadecimal digits a byte with colons between; an empty text is an address without bytes.
    public init?(_ text: String) { self.init(ascii: text.utf8.span) }

    /// Reads text in place, by the rules of `init?(_:)`.
    public init?(ascii text: Span<UInt8>) {
        self.init()
        var index = 0
        while index < text.count {
            guard let first = ASCII.digit(text[index]) else { return nil }
            var byte = first
            index += 1
            if index < text.count, let second = ASCII.digit(text[index]) {
                byte = byte << 4 | second
                index += 1
            }
            guard append(byte) else { return nil }
            guard index < text.count else { break }
            guard text[index] == ASCII.colon, index + 1 < text.count else { return nil }
            index += 1
        }
    }

    /// Reads a word as `ip` does.
    ///
    /// A text with a dot is an IPv4 address, possibly short, whose four bytes are taken (tunnels). Otherwise bytes are
    /// hexadecimal numbers with colons between; leading zeros, spaces, a plus sign and `0x` are taken. `ip` ignores
    /// what follows a number, so that it reads `aa-bb` as one byte; here that is an error.
    ///
    /// - Throws: ``AddressSyntaxError`` with form ``AddressSyntaxError/Form/hardwareAddress``, naming the wrong group.
    public init(parsing word: String) throws(AddressSyntaxError) {
        let text = word.utf8.span
        var hasDot = false
        for index in text.indices where text[index] == ASCII.dot { hasDot = true }
        if hasDot {
            do throws(AddressSyntaxError.Problem) {
                self.init(try IPv4Address(abbreviated: text))
            } catch {
                throw AddressSyntaxError(.hardwareAddress, word, problem: error)
            }
            return
        }
        self.init()
        for group in word.utf8.split(separator: ASCII.colon, omittingEmptySubsequences: false) {
            guard let byte = Self.byte(group) else {
                throw AddressSyntaxError(.hardwareAddress, String(Substring(group)), problem: .octetOutOfRange)
            }
            guard append(byte) else { throw AddressSyntaxError(.hardwareAddress, word, problem: .tooLong) }
        }
    }

    private static func byte(_ group: Substring.UTF8View) -> UInt8? {
        var rest = group.drop(while: ASCII.isSpace)
        while let last = rest.last, ASCII.isSpace(last) { rest.removeLast() }
        if rest.first == ASCII.plus { rest = rest.dropFirst() }
        if rest.count > 2, rest.first == ASCII.zero, rest.dropFirst().first.map({ $0 | 0x20 }) == UInt8(ascii: "x") {
            rest = rest.dropFirst(2)
        }
        guard !rest.isEmpty else { return nil }
        var value: UInt8 = 0
        for character in rest {
            guard let digit = ASCII.digit(character), value < 16 else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    /// Appends two lower-case hexadecimal digits a byte with colons between.
    public func write(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: 95) { (out: inout OutputSpan<UInt8>) in
            for index in 0..<byteCount {
                if index > 0 { out.append(ASCII.colon) }
                out.append(hexDigit: byte(index) >> 4)
                out.append(hexDigit: byte(index) & 15)
            }
        }
    }
}
