// SPDX-License-Identifier: Apache-2.0

/// The words of a command line, read from the left.
public struct Words: Sendable {
    struct Bounds: BitwiseCopyable, Sendable {
        let start: Int32
        let end: Int32
    }

    /// The bytes of all words; one array, so that a line costs no allocation a word.
    var storage: [UInt8]
    var bounds: [Bounds]

    /// How many words were read; may be set back.
    public var position = 0 {
        didSet { position = min(max(position, 0), bounds.count) }
    }

    init(storage: [UInt8], bounds: [Bounds]) {
        self.storage = storage
        self.bounds = bounds
    }

    /// The words of some strings.
    public init(_ words: [String]) { self.init(bytes: words.map { Array($0.utf8) }) }

    /// The words of some bytes.
    public init(bytes words: [[UInt8]]) {
        self.init(storage: [], bounds: [])
        for word in words where storage.count + word.count < Int(Int32.max) {
            bounds.append(Bounds(start: Int32(storage.count), end: Int32(storage.count + word.count)))
            storage += word
        }
    }

    /// How many words are left.
    public var count: Int { bounds.count - position }

    /// Whether none is left.
    public var isEmpty: Bool { position >= bounds.count }

    /// The next word, which stays.
    public var peek: Word? { isEmpty ? nil : word(position) }

    /// The word that was read last.
    public var last: Word? { position > 0 ? word(position - 1) : nil }

    /// Takes the next word.
    public mutating func next() -> Word? {
        guard !isEmpty else { return nil }
        position += 1
        return word(position - 1)
    }

    /// Takes the next word, which has to be there.
    public mutating func required() throws(CommandError) -> Word {
        guard let word = next() else { throw .incomplete }
        return word
    }

    /// Takes the next word if it is exactly this keyword.
    public mutating func take(_ keyword: StaticString) -> Bool {
        guard let word = peek, word == keyword else { return false }
        position += 1
        return true
    }

    private func word(_ index: Int) -> Word {
        Word(storage: storage, start: bounds[index].start, end: bounds[index].end)
    }
}

// MARK: Values

extension Words {
    /// Takes the next word as an integer.
    ///
    /// - Throws: ``CommandError/invalid(_:_:)`` with the reason as it stands.
    public mutating func value<T: FixedWidthInteger>(
        _ type: T.Type = T.self, base: Int = 0, or reason: String
    ) throws(CommandError) -> T {
        let word = try required()
        guard let value = word.number(T.self, base: base) else { throw .invalid(word, reason) }
        return value
    }

    /// Takes the next word, which has to be `on` or `off`.
    public mutating func onOff(_ keyword: String) throws(CommandError) -> Bool {
        let word = try required()
        switch word {
        case "on": return true
        case "off": return false
        default: throw .notOnOff(keyword, word)
        }
    }

    /// Takes the next word, which has to be one of a list; its index.
    public mutating func oneOf(
        _ choices: [StaticString], _ keyword: String, status: Int32 = 22
    ) throws(CommandError) -> Int {
        let word = try required()
        guard let index = choices.firstIndex(where: { word == $0 }) else {
            throw .notOneOf(choices, keyword, word, status: status)
        }
        return index
    }
}
