// SPDX-License-Identifier: Apache-2.0

/// A table of names for numbers: built in, and overridden by files that are read at the first need.
///
/// A value that changes with use, so that a lookup costs no more than an array's: hold it in one `var` and pass it on `inout`.
public struct NameTable: ~Copyable {
    /// What tells one table from another.
    struct Kind: Sendable {
        /// The file, and the folder without its `.d`.
        let file: String
        /// The highest number that may have a name, or nil for any.
        let limit: Int64?
        /// The base in which a number is read.
        var base = 0
        /// How a number without a name is printed.
        var form = Form.decimal
        /// Whether there are folders of files.
        var folders = false
        /// Whether there are only the folders.
        var foldersAlone = false
        /// Whether files are read before the first name is printed, so that they rename what is built in.
        var eager = false
        /// The name in a number's place that is built in.
        let builtIn: [(UInt32, StaticString)]
    }

    enum Form: Sendable {
        case decimal, hexadecimal, twoHexadecimalDigits
    }

    private let kind: Kind
    private let isNumeric: Bool
    private let files: NameFiles
    private var isLoaded = false
    /// The names of numbers up to 255, which nearly all numbers are; empty for none.
    private var small: [[UInt8]] = []
    /// Names of larger numbers, and every name that a number had before: a lookup still finds it.
    private var large: [UInt32: [UInt8]] = [:]
    private var former: [(name: [UInt8], number: UInt32)] = []
    private var lastFound: (word: Word, number: UInt32)?
    private var lastPrinted: (number: UInt32, text: [UInt8])?

    init(_ kind: Kind, isNumeric: Bool, files: NameFiles) {
        self.kind = kind
        self.isNumeric = isNumeric
        self.files = files
    }

    /// The name of a number, or the number's text where it has none or names are not wanted.
    public mutating func name(_ number: UInt32) -> [UInt8] {
        if isNumeric { return text(number) }
        if small.isEmpty { prepare() }
        if number < 256 {
            let name = small[Int(number)]
            if !name.isEmpty { return name }
        }
        if !isLoaded {
            load()
            return name(number)
        }
        if let name = large[number] { return name }
        return text(number)
    }

    /// Whether a number has a name, wanted or not.
    public mutating func hasName(_ number: UInt32) -> Bool {
        load()
        return number < 256 ? !small[Int(number)].isEmpty : large[number] != nil
    }

    /// The number that a word names or is.
    public mutating func number(_ word: Word) -> UInt32? {
        if let lastFound, lastFound.word == word { return lastFound.number }
        load()
        guard let number = named(word) ?? numeral(word) else { return nil }
        lastFound = (word, number)
        return number
    }

    // MARK: Lookups

    /// Of several numbers with one name the one with the lowest last byte, then the one read last.
    private func named(_ word: Word) -> UInt32? {
        var best: UInt32?
        func consider(_ name: [UInt8], _ number: UInt32) {
            guard name.count == word.count, word.array == name else { return }
            if let found = best, found & 0xff <= number & 0xff { return }
            best = number
        }
        for (number, name) in small.enumerated() where !name.isEmpty { consider(name, UInt32(number)) }
        for (number, name) in large { consider(name, number) }
        for entry in former { consider(entry.name, entry.number) }
        return best
    }

    private func numeral(_ word: Word) -> UInt32? {
        guard kind.limit == nil, kind.file == "group" else {
            guard let number = word.number(UInt32.self, base: kind.base) else { return nil }
            return Int64(number) <= kind.limit ?? Int64(UInt32.max) ? number : nil
        }
        // iproute2 keeps a group in an int: negative ones are errors, larger ones lose their head.
        guard let number = word.number(Int64.self, base: kind.base) else { return nil }
        let group = Int32(truncatingIfNeeded: number)
        return group < 0 ? nil : UInt32(group)
    }

    private mutating func text(_ number: UInt32) -> [UInt8] {
        if let lastPrinted, lastPrinted.number == number { return lastPrinted.text }
        var text: [UInt8] = []
        switch kind.form {
        case .decimal: text.append(decimal: number)
        case .hexadecimal: Hexadecimal(UInt64(number)).write(to: &text)
        case .twoHexadecimalDigits: Hexadecimal(UInt64(number), digits: 2).write(to: &text)
        }
        lastPrinted = (number, text)
        return text
    }

    // MARK: Loading

    /// Takes what is built in, and the files where they come first; not before the first lookup, for a quick start.
    private mutating func prepare() {
        small = [[UInt8]](repeating: [], count: 256)
        for (number, name) in kind.builtIn {
            var bytes: [UInt8] = []
            bytes.append(name)
            set(number, bytes)
        }
        if kind.eager { load() }
    }

    private mutating func load() {
        guard !isLoaded else { return }
        isLoaded = true
        if small.isEmpty { prepare() }
        for (number, name) in files.read(kind.file, folders: kind.folders, alone: kind.foldersAlone)
        where number >= 0 && number <= kind.limit ?? Int64(Int32.max) {
            set(UInt32(number), name)
        }
    }

    private mutating func set(_ number: UInt32, _ name: [UInt8]) {
        let old = number < 256 ? small[Int(number)] : large[number] ?? []
        // A table with a limit is an array in iproute2, where a new name replaces the old one; else both are found.
        if kind.limit == nil, !old.isEmpty, old != name { former.append((old, number)) }
        if number < 256 { small[Int(number)] = name } else { large[number] = name }
    }
}

/// The tables of names of routing, links and addresses.
public struct Names: ~Copyable {
    /// Routing tables: `main`, `local`.
    public var tables: NameTable
    /// What installed a route: `kernel`, `static`.
    public var protocols: NameTable
    /// Scopes of routes and addresses: `global`, `link`.
    public var scopes: NameTable
    /// Routing realms.
    public var realms: NameTable
    /// Values of the type-of-service byte; read in hexadecimal, printed as `0x10`.
    public var dsfields: NameTable
    /// Groups of links: `default`.
    public var groups: NameTable
    /// What installed an address: `kernel_ll`.
    public var addressProtocols: NameTable
    /// Why a link is held down; numbers of bits.
    public var protodownReasons: NameTable

    /// The tables over the machine's files; `isNumeric` (`-N`) prints numbers.
    public init(isNumeric: Bool = false) { self.init(isNumeric: isNumeric, files: NameFiles()) }

    init(isNumeric: Bool, files: NameFiles) {
        func table(_ kind: NameTable.Kind) -> NameTable { NameTable(kind, isNumeric: isNumeric, files: files) }
        tables = table(.tables)
        protocols = table(.protocols)
        scopes = table(.scopes)
        realms = table(.realms)
        dsfields = table(.dsfields)
        groups = table(.groups)
        addressProtocols = table(.addressProtocols)
        protodownReasons = table(.protodownReasons)
    }
}
