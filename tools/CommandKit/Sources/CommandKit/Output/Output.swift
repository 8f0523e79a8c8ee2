// SPDX-License-Identifier: Apache-2.0

/// What a command prints: one buffered writer of text, JSON or indented JSON from one description of fields.
///
/// A field is text between a prefix and a suffix in text, and a key with a value in JSON. Structure (objects and arrays) is
/// invisible in text. The bytes are those that iproute2 prints. Nothing is written before 64 KiB have gathered,
/// ``flush()`` or ``finish()``.
public struct Output: ~Copyable {
    /// The form of what is printed.
    public enum Format: Sendable {
        case text, json, prettyJSON
    }

    /// Whether this is JSON of either form; may be changed between documents, for what is text in any case.
    public var isJSON: Bool
    /// Whether this is indented JSON.
    public let isPretty: Bool
    /// Whether a record is to be one line (`-o`).
    public let oneLine: Bool
    /// The colours of text.
    public let colors: ColorScheme
    /// Whether every string becomes valid JSON, whatever it holds: iproute2 leaves most control characters, and what is no
    /// UTF-8, as they are.
    public var repairsStrings = false
    /// The number of the first error in writing; what follows it is dropped.
    public private(set) var writeError: Int32 = 0

    @usableFromInline var buffer: [UInt8] = []
    /// One bit a level: whether that object or array already has an element.
    @usableFromInline var nonempty: UInt64 = 0
    @usableFromInline var depth = 0
    private let descriptor: Int32?

    @usableFromInline static var capacity: Int { 1 << 16 }

    /// A writer to a descriptor, or one that keeps all for ``takeBytes()`` where that is nil.
    public init(
        descriptor: Int32? = 1, format: Format = .text, colors: ColorScheme = .none, oneLine: Bool = false
    ) {
        self.descriptor = descriptor
        self.isJSON = format != .text
        self.isPretty = format == .prettyJSON
        self.oneLine = oneLine
        self.colors = format == .text ? colors : .none
    }

    // MARK: Structure

    /// Opens an array: `[` in JSON, the given text in text.
    public mutating func beginArray(_ key: StaticString? = nil, text: StaticString = "") {
        guard isJSON else { return buffer.append(text) }
        beginValue(key)
        buffer.append(0x5b)
        if isPretty { buffer.append(0x20) }
        open()
    }

    /// Closes an array; the outermost one ends its line.
    public mutating func endArray(text: StaticString = "") {
        guard isJSON else { return buffer.append(text) }
        if close(), isPretty { buffer.append(0x20) }
        buffer.append(0x5d)
        endDocument()
    }

    /// Opens an object: `{` in JSON.
    public mutating func beginObject(_ key: StaticString? = nil) {
        guard isJSON else { return }
        beginValue(key)
        buffer.append(0x7b)
        open()
    }

    /// Closes an object; the outermost one ends its line.
    public mutating func endObject() {
        guard isJSON else { return }
        if close(), isPretty { indent() }
        buffer.append(0x7d)
        endDocument()
    }

    /// A key that is not a literal; a value without a key follows.
    public mutating func jsonKey(_ name: some TextWritable) {
        guard isJSON else { return }
        beginValue(nil)
        if isPretty { indent() }
        quote(name)
        buffer.append(0x3a)
        if isPretty { buffer.append(0x20) }
        nonempty &= ~levelBit
    }

    // MARK: Lines

    /// Ends a line of a record: a newline, or a backslash with `-o`.
    public mutating func newline() {
        guard !isJSON else { return }
        buffer.append(oneLine ? 0x5c : 0x0a)
    }

    /// Ends a record.
    public mutating func endLine() {
        guard !isJSON else { return }
        buffer.append(0x0a)
        flushWhenFull()
    }

    // MARK: Writing

    /// Writes what has gathered.
    public mutating func flush() {
        guard let descriptor else { return }
        if writeError == 0, !buffer.isEmpty { writeError = System.write(buffer, to: descriptor) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what has gathered; the number of the first error in writing, or 0.
    public mutating func finish() -> Int32 {
        flush()
        return writeError
    }

    /// What has gathered, and forgets it.
    public mutating func takeBytes() -> [UInt8] {
        let bytes = buffer
        buffer = []
        return bytes
    }

    @usableFromInline @inline(__always)
    mutating func flushWhenFull() {
        if buffer.count >= Self.capacity { flush() }
    }

    // MARK: JSON

    @usableFromInline @inline(__always)
    var levelBit: UInt64 { 1 << UInt64(depth & 63) }

    /// Separates a value from the one before it, and writes its key.
    @usableFromInline
    mutating func beginValue(_ key: StaticString?) {
        let separates = nonempty & levelBit != 0
        nonempty |= levelBit
        guard let key else {
            if separates { buffer.append(0x2c) }
            return
        }
        let indentation = isPretty ? depth * 4 : 0
        let isPretty = isPretty
        buffer.append(addingCapacity: key.utf8CodeUnitCount + indentation + 6) { (out: inout OutputSpan<UInt8>) in
            if separates { out.append(0x2c) }
            if isPretty { out.append(0x0a) }
            for _ in 0..<indentation { out.append(0x20) }
            out.append(0x22)
            out.append(key)
            out.append(0x22)
            out.append(0x3a)
            if isPretty { out.append(0x20) }
        }
    }

    /// Writes a string in quotes.
    @inlinable
    mutating func quote(_ value: some TextWritable) {
        buffer.append(0x22)
        let start = buffer.count
        value.write(to: &buffer)
        escape(from: start)
        buffer.append(0x22)
    }

    /// Escapes what was appended since `start`, as iproute2 does: other control characters and invalid UTF-8 stay.
    @usableFromInline
    mutating func escape(from start: Int) {
        if repairsStrings { return repair(from: start) }
        var index = start
        do {
            let bytes = buffer.span
            while index < bytes.count, Self.escapes(bytes[index]) == 0 { index += 1 }
            guard index < bytes.count else { return }
        }
        let rest = buffer[index...]
        buffer.removeSubrange(index...)
        for byte in rest {
            let letter = Self.escapes(byte)
            if letter != 0 { buffer.append(0x5c) }
            buffer.append(letter == 0 ? byte : letter)
        }
    }

    /// Escapes all that JSON does not allow, and puts U+FFFD for what is no UTF-8.
    private mutating func repair(from start: Int) {
        let isPlain = buffer[start...].allSatisfy { $0 >= 0x20 && $0 < 0x80 && $0 != 0x22 && $0 != 0x5c }
        guard !isPlain else { return }
        let text = String(decoding: buffer[start...], as: UTF8.self)
        buffer.removeSubrange(start...)
        for byte in text.utf8 {
            let letter = Self.escapes(byte)
            if letter == 0, byte < 0x20 {
                buffer.append("\\u00")
                buffer.append(byte < 0x10 ? 0x30 : 0x31)
                buffer.append(byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
            } else {
                if letter != 0 { buffer.append(0x5c) }
                buffer.append(letter == 0 ? byte : letter)
            }
        }
    }

    /// The letter behind the backslash, or 0 for a byte that stands for itself.
    @inline(__always)
    private static func escapes(_ byte: UInt8) -> UInt8 {
        if byte > 0x5c { return 0 }
        switch byte {
        case 0x22, 0x5c: return byte
        case 0x0a: return 0x6e
        case 0x09: return 0x74
        case 0x08: return 0x62
        case 0x0c: return 0x66
        case 0x0d: return 0x72
        default: return 0
        }
    }

    private mutating func open() {
        depth += 1
        nonempty &= ~levelBit
    }

    /// Leaves a level; whether it had an element.
    private mutating func close() -> Bool {
        let hadElements = nonempty & levelBit != 0
        if depth > 0 { depth -= 1 }
        return hadElements
    }

    private mutating func endDocument() {
        if depth == 0 {
            buffer.append(0x0a)
            nonempty = 0
        }
        flushWhenFull()
    }

    private mutating func indent() {
        buffer.append(0x0a)
        for _ in 0..<depth { buffer.append("    ") }
    }
}
