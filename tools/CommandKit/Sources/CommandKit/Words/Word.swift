// SPDX-License-Identifier: Apache-2.0

/// A word of a command line: some bytes of an array shared with its neighbours.
public struct Word: Sendable {
    @usableFromInline let storage: [UInt8]
    @usableFromInline let start: Int32
    @usableFromInline let end: Int32

    @inlinable
    init(storage: [UInt8], start: Int32, end: Int32) {
        self.storage = storage
        self.start = start
        self.end = end
    }

    /// The word of some text.
    public init(_ text: some StringProtocol) { self.init(bytes: Array(text.utf8)) }

    /// The word of some bytes; of those behind two billion nothing is seen.
    public init(bytes: [UInt8]) { self.init(storage: bytes, start: 0, end: Int32(clamping: bytes.count)) }

    /// How many bytes it has.
    @inlinable public var count: Int { Int(end - start) }

    /// Whether it has none.
    @inlinable public var isEmpty: Bool { end == start }

    /// A byte; 0 behind the end.
    @inlinable public subscript(_ index: Int) -> UInt8 {
        index >= 0 && index < count ? storage[Int(start) + index] : 0
    }

    /// The bytes in place.
    public var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span.extracting(Int(start)..<Int(end)) }
    }

    /// The bytes, copied.
    public var array: [UInt8] { Array(storage[Int(start)..<Int(end)]) }

    /// The text; invalid UTF-8 is repaired.
    public var string: String { String(decoding: storage[Int(start)..<Int(end)], as: UTF8.self) }

    /// Whether a keyword begins with this word, and the word is not empty.
    @inlinable public func isPrefix(of keyword: StaticString) -> Bool {
        !isEmpty && storage.matches(keyword, start: Int(start), count: count)
    }

    /// Whether this word begins with some text.
    @inlinable public func hasPrefix(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return length <= count && storage.matches(text, start: Int(start), count: length)
    }

    /// The word without its first bytes.
    public func dropFirst(_ count: Int = 1) -> Word {
        Word(storage: storage, start: min(end, start + Int32(clamping: max(0, count))), end: end)
    }

    /// The first bytes of the word.
    public func prefix(_ count: Int) -> Word {
        Word(storage: storage, start: start, end: min(end, start + Int32(clamping: max(0, count))))
    }

    /// Where a byte first stands.
    public func firstIndex(of byte: UInt8) -> Int? {
        var index = Int(start)
        while index < Int(end) {
            if storage[index] == byte { return index - Int(start) }
            index += 1
        }
        return nil
    }

    /// What stands before and behind the first occurrence of a character of ASCII; nothing behind where it does not occur.
    public func split(at separator: Unicode.Scalar) -> (Word, Word?) {
        guard separator.isASCII, let index = firstIndex(of: UInt8(separator.value)) else { return (self, nil) }
        return (prefix(index), dropFirst(index + 1))
    }
}

extension Word: Hashable {
    /// Whether two words have the same bytes.
    public static func == (a: Word, b: Word) -> Bool {
        a.storage[Int(a.start)..<Int(a.end)] == b.storage[Int(b.start)..<Int(b.end)]
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { storage[Int(start)..<Int(end)].hash(into: &hasher) }
}

extension Word: CustomStringConvertible, TextWritable {
    /// The text.
    public var description: String { string }

    /// Appends the bytes.
    public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: storage[Int(start)..<Int(end)]) }
}

// MARK: Keywords

/// A keyword that may be abbreviated to any of its beginnings.
public struct KeywordPrefix: Sendable {
    @usableFromInline let keyword: StaticString
    @usableFromInline let minimum: Int

    @inlinable
    init(_ keyword: StaticString, _ minimum: Int) {
        self.keyword = keyword
        self.minimum = minimum
    }
}

/// A pattern for `switch`: the keyword or a beginning of it, of at least so many bytes.
///
/// The order of the cases decides between keywords that begin alike.
@inlinable
public func prefix(_ keyword: StaticString, atLeast minimum: Int = 1) -> KeywordPrefix {
    KeywordPrefix(keyword, minimum)
}

/// Matches a keyword that may not be abbreviated.
@inlinable
public func ~= (keyword: StaticString, word: Word) -> Bool { word == keyword }

/// Matches a keyword or a beginning of it.
@inlinable
public func ~= (prefix: KeywordPrefix, word: Word) -> Bool {
    word.count >= prefix.minimum && word.isPrefix(of: prefix.keyword)
}

extension Word {
    /// Whether this word is exactly some text.
    @inlinable public static func == (word: Word, text: StaticString) -> Bool {
        word.count == text.utf8CodeUnitCount && word.storage.matches(text, start: Int(word.start), count: word.count)
    }

    /// Whether this word is anything but some text.
    @inlinable public static func != (word: Word, text: StaticString) -> Bool { !(word == text) }
}

extension [UInt8] {
    /// Where the first newline from an index on stands.
    @inline(__always)
    func firstNewline(from index: Int) -> Int? {
        var index = index
        while index < count {
            if self[index] == 0x0a { return index }
            index += 1
        }
        return nil
    }
}
