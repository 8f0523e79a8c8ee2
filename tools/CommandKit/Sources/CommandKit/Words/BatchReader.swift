// SPDX-License-Identifier: Apache-2.0

/// The command lines of a file, one after another, in constant memory.
///
/// A `#` begins a comment wherever it stands, also between quotes; a backslash at the end of a line joins the next one to it; a
/// word may be quoted as a whole, and nothing is escaped in it. Lines without words are passed over.
public struct BatchReader: ~Copyable {
    /// The number of the last line read.
    public private(set) var line = 0

    private let name: Word
    private let descriptor: Int32
    private var chunk: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// iproute2 takes fewer than 512 words.
    private static let maximumWords = 510
    private static let maximumLength = 1 << 28
    private let chunkSize: Int

    /// Opens a file, or takes standard input for `-`.
    public init(_ name: Word) throws(CommandError) { try self.init(name, chunkSize: 1 << 16) }

    init(_ name: Word, chunkSize: Int) throws(CommandError) {
        self.name = name
        self.chunkSize = chunkSize
        if name == "-" {
            descriptor = 0
            return
        }
        switch System.openFile(name.string) {
        case .success(let descriptor): self.descriptor = descriptor
        case .failure(let number):
            throw CommandError(
                CommandError.Line(
                    "Cannot open file \"", name, "\" for reading: ", System.errorText(number)), status: 1)
        }
    }

    /// Reads what is there already.
    init(bytes: [UInt8]) {
        name = Word("-")
        chunkSize = 0
        descriptor = 0
        chunk = bytes
        isAtEnd = true
    }

    deinit {
        if descriptor != 0 { System.closeFile(descriptor) }
    }

    /// What iproute2 says behind the error of a line.
    public var failure: CommandError { .batchLine(name, line) }

    /// The words of the next line that has any; nil at the end of the file, and where it cannot be read further.
    public mutating func next() throws(CommandError) -> Words? {
        var words = Words(storage: [], bounds: [])
        return try next(into: &words) ? words : nil
    }

    /// Puts the words of the next line that has any in the place of others; whether there was such a line.
    ///
    /// Costs no allocation a line.
    public mutating func next(into words: inout Words) throws(CommandError) -> Bool {
        words.bounds.removeAll(keepingCapacity: true)
        words.position = 0
        while let end = try lineEnd() {
            line += 1
            let first = start
            start = min(end + 1, chunk.count)
            if end > first, chunk[end - 1] == 0x5c, end < chunk.count, !Self.hasComment(chunk, first, end) {
                guard let joined = try joinedLine(from: first, to: end - 1) else { return false }
                try Self.split(joined, 0, joined.count, &words.bounds)
                words.storage = joined
            } else {
                try Self.split(chunk, first, end, &words.bounds)
                words.storage = chunk
            }
            if !words.isEmpty { return true }
        }
        return false
    }

    // MARK: Lines

    /// Where the line that begins at `start` ends, after reading as far as necessary; nil at the end of the file.
    private mutating func lineEnd() throws(CommandError) -> Int? {
        var searched = start
        while true {
            if let newline = chunk.firstNewline(from: searched) { return newline }
            if isAtEnd { return start < chunk.count ? chunk.count : nil }
            searched = chunk.count - start
            // A line longer than what was read grows the chunk by its own length, so that it is not copied over and over.
            let more = System.read(descriptor, upTo: max(chunkSize, searched), behind: chunk[start...])
            let bytes = more ?? Array(chunk[start...])
            isAtEnd = bytes.count == searched
            guard bytes.count <= Self.maximumLength + chunkSize else {
                throw CommandError("Line \(line + 1) is too long", status: 1, endsBatch: true)
            }
            chunk = bytes
            start = 0
        }
    }

    /// A line with those that its backslash joins to it; nil where the file ends instead.
    private mutating func joinedLine(from first: Int, to end: Int) throws(CommandError) -> [UInt8]? {
        var joined = Array(chunk[first..<end])
        while true {
            guard let end = try lineEnd() else {
                CommandError("Missing continuation line", status: 0).report()
                return nil
            }
            line += 1
            let first = start
            start = min(end + 1, chunk.count)
            let comment = chunk[first..<end].firstIndex(of: 0x23)
            let goesOn = comment == nil && end > first && chunk[end - 1] == 0x5c && end < chunk.count
            guard joined.count < Self.maximumLength else {
                throw CommandError("Line \(line) is too long", status: 1, endsBatch: true)
            }
            joined += chunk[first..<(comment ?? (goesOn ? end - 1 : end))]
            if !goesOn { return joined }
        }
    }

    private static func hasComment(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        bytes[start..<end].contains(0x23)
    }

    // MARK: Words

    /// Finds the words of a line up to a comment or a NUL.
    private static func split(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ words: inout [Words.Bounds]
    ) throws(CommandError) {
        let bytes = bytes.span
        var index = start
        while true {
            while index < end, isSeparator(bytes[index]) { index += 1 }
            guard index < end, bytes[index] != 0x23, bytes[index] != 0 else { return }
            guard words.count < maximumWords else {
                throw CommandError("Too many arguments to command", status: 1, endsBatch: true)
            }
            let quote = bytes[index]
            var first = index
            if quote == 0x22 || quote == 0x27 {
                first += 1
                index = first
                while index < end, bytes[index] != quote, bytes[index] != 0x23, bytes[index] != 0 { index += 1 }
                guard index < end, bytes[index] == quote else {
                    throw CommandError("Unterminated quoted string", status: 1, endsBatch: true)
                }
                words.append(
                    Words.Bounds(start: Int32(truncatingIfNeeded: first), end: Int32(truncatingIfNeeded: index)))
                index += 1
            } else {
                while index < end, bytes[index] > 0x23 || !endsWord(bytes[index]) { index += 1 }
                words.append(
                    Words.Bounds(start: Int32(truncatingIfNeeded: first), end: Int32(truncatingIfNeeded: index)))
            }
        }
    }

    @inline(__always)
    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
    }

    @inline(__always)
    private static func endsWord(_ byte: UInt8) -> Bool { isSeparator(byte) || byte == 0x23 || byte == 0 }
}
