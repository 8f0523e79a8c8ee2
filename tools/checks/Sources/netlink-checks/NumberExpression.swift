// SPDX-License-Identifier: Apache-2.0

/// Reads a constant integer expression as Swift writes them: literals of any base, `-`, `~`, `<<`, `|`, `+`,
/// parentheses and `UInt32.max`.
struct NumberExpression {
    private var rest: Substring

    private init(_ text: Substring) { rest = text }

    /// The value of the expression that `text` begins with, and what follows it.
    static func parse(_ text: Substring) -> (value: Int128, rest: Substring)? {
        var expression = NumberExpression(text)
        guard let value = expression.sum() else { return nil }
        expression.skipSpaces()
        return (value, expression.rest)
    }

    /// The only number in a line of code, wherever it stands.
    ///
    /// Digits within identifiers and tuple positions do not count. Nil where there is none, or several that are no one
    /// expression.
    static func only(in code: String) -> Int128? {
        var found: Int128?
        var text = code[...]
        var previous: Character = " "
        while let first = text.first {
            if first.isLetter || first == "_" {
                if previous != ".", let (value, rest) = maximum(text) {
                    guard found == nil else { return nil }
                    (found, text) = (value, rest)
                } else {
                    text = text.drop { $0.isLetter || $0.isNumber || $0 == "_" }
                }
                previous = "a"
            } else if first.isNumber && previous == "." {
                text = text.drop { $0.isNumber }
                previous = "a"
            } else if first.isNumber || ((first == "-" || first == "~") && " (=[,{".contains(previous)) {
                if let (value, rest) = parse(text) {
                    guard found == nil else { return nil }
                    (found, text) = (value, rest)
                } else {
                    text = text.dropFirst()
                }
                previous = "a"
            } else {
                previous = first
                text = text.dropFirst()
            }
        }
        return found
    }

    private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

    private mutating func take(_ symbol: String) -> Bool {
        skipSpaces()
        guard rest.hasPrefix(symbol) else { return false }
        rest = rest.dropFirst(symbol.count)
        return true
    }

    // Swift's precedence: shift binds tightest, `|` and `+` are alike.
    private mutating func sum() -> Int128? {
        guard var value = shift() else { return nil }
        while true {
            if take("|") {
                guard let next = shift() else { return nil }
                value |= next
            } else if take("+") {
                guard let next = shift() else { return nil }
                value += next
            } else {
                return value
            }
        }
    }

    private mutating func shift() -> Int128? {
        guard let value = unary() else { return nil }
        guard take("<<") else { return value }
        guard let places = unary(), (0..<64).contains(places) else { return nil }
        return value << places
    }

    private mutating func unary() -> Int128? {
        if take("-") { return unary().map { -$0 } }
        if take("~") { return unary().map { ~$0 } }
        if take("(") {
            guard let value = sum(), take(")") else { return nil }
            return value
        }
        skipSpaces()
        if let (value, after) = Self.maximum(rest) {
            rest = after
            return value
        }
        let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let value = Self.literal(word) else { return nil }
        rest = rest.dropFirst(word.count)
        return value
    }

    private static func literal(_ word: Substring) -> Int128? {
        guard word.first?.isNumber == true else { return nil }
        let digits = word.filter { $0 != "_" }
        let radix = ["0x": 16, "0b": 2, "0o": 8][String(digits.prefix(2))]
        guard let value = Int128(radix == nil ? digits : String(digits.dropFirst(2)), radix: radix ?? 10) else {
            return nil
        }
        return value <= Int128(UInt64.max) ? value : nil
    }

    private static func maximum(_ text: Substring) -> (Int128, Substring)? {
        let limits: [(String, Int128)] = [
            ("UInt8.max", 0xff), ("UInt16.max", 0xffff), ("UInt32.max", 0xffff_ffff),
            ("UInt64.max", Int128(UInt64.max)),
            ("Int8.max", 0x7f), ("Int16.max", 0x7fff), ("Int32.max", 0x7fff_ffff), ("Int64.max", Int128(Int64.max)),
        ]
        for (name, value) in limits where text.hasPrefix(name) { return (value, text.dropFirst(name.count)) }
        return nil
    }
}
