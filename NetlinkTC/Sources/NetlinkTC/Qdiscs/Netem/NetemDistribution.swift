// SPDX-License-Identifier: Apache-2.0

/// How delays vary: a table from which ``NetemQdisc`` takes an entry at random for each packet.
///
/// An entry is how far the delay is from the mean, in parts of 8192 of the jitter. The tables here are computed when
/// first used, and equal those that come with iproute2.
///
/// Kernel: `__s16` each, at most `NETEM_DIST_MAX`.
public struct NetemDistribution: Hashable, Sendable {
    /// The entries.
    public var values: [Int16]

    /// A table of one's own.
    public init(_ values: [Int16]) { self.values = values }

    /// How many entries the kernel takes.
    public static var limit: Int { 16384 }  // NETEM_DIST_MAX
    private static var scale: Double { 8192 }  // NETEM_DIST_SCALE

    /// Gauss's distribution.
    public static let normal = NetemDistribution(deviates.map { entry($0) })
    /// Pareto's distribution with an exponent of 3: most near the least, a few far beyond.
    public static let pareto = NetemDistribution(tails.map { entry($0) })
    /// Three parts of ``pareto`` to one of ``normal``.
    public static let paretoNormal = NetemDistribution(
        zip(tails, deviates).map { entry((0.75 * $0 + 0.25 * $1).rounded(.towardZero)) })

    /// The distribution of a name, `normal`, `pareto` or `paretonormal`.
    public init?(named name: String) {
        switch name {
        case "normal": self = .normal
        case "pareto": self = .pareto
        case "paretonormal": self = .paretoNormal
        default: return nil
        }
    }

    /// Reads a table as iproute2's files hold it: numbers between white space, of which `0x` begins hexadecimal and `0`
    /// octal ones; a word that begins with `#` ends its line.
    ///
    /// Nil where something else stands in it, a number that 16 bits do not hold, or more than ``limit`` numbers.
    public init?(parsing text: String) {
        var read: [Int16] = []
        for line in text.split(whereSeparator: \.isNewline) {
            for word in line.split(whereSeparator: \.isWhitespace) {
                if word.hasPrefix("#") { break }
                guard let value = Self.number(word), read.count < Self.limit else { return nil }
                read.append(value)
            }
        }
        values = read
    }

    /// A number as C writes it: hexadecimal after `0x`, octal after `0`.
    private static func number(_ word: Substring) -> Int16? {
        let isNegative = word.hasPrefix("-")
        var digits = isNegative || word.hasPrefix("+") ? word.dropFirst() : word
        var base = 10
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            digits = digits.dropFirst(2)
            base = 16
        } else if digits.hasPrefix("0") {
            base = 8
        }
        guard let first = digits.first, first.isHexDigit, let value = Int32(digits, radix: base) else { return nil }
        return Int16(exactly: isNegative ? -value : value)
    }

    private static var count: Int { 4096 }

    private static func entry(_ value: Double) -> Int16 { Int16(clamping: value.rounded(.toNearestOrEven)) }

    /// For each entry the normal deviate below which its part of all lies, in parts of the scale.
    private static let deviates: [Double] = {
        let step = 0.00005
        var last = -4.0
        return (0..<count).map { index in
            last = inverseNormal((4 * Double(index) + 0.5) / 16384, near: last)
            // As if found by stepping from -10 up.
            let grid = -10 + ((last + 10) / step).rounded(.down) * step
            return (grid * scale).rounded(.toNearestOrEven)
        }
    }()

    private static let tails: [Double] = (0..<count).map { index in
        let part = 1 - Double(index) / Double(count)
        let value = (1 / cubeRoot(part) - 1.5) * (4 / 3) * scale
        return min(value, Double(Int16.max)).rounded(.toNearestOrEven)
    }

    private static func cubeRoot(_ value: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 {
            let next = (2 * root + value / (root * root)) / 3
            if next == root { break }
            root = next
        }
        return root
    }

    /// The number below which a part of the normal distribution lies, by Newton's method.
    private static func inverseNormal(_ part: Double, near start: Double) -> Double {
        var x = start
        for _ in 0..<60 {
            let density = exponential(-x * x / 2) * 0.398_942_280_401_432_7
            var term = x
            var sum = x
            var divisor = 3.0
            while term.magnitude > 1e-17 * sum.magnitude, divisor < 400 {
                term *= x * x / divisor
                sum += term
                divisor += 2
            }
            let change = (0.5 + density * sum - part) / density
            x -= change
            if change.magnitude < 1e-13 { break }
        }
        return x
    }

    /// The exponential function, for small numbers by its series, for others by squaring.
    private static func exponential(_ value: Double) -> Double {
        let small = value / 256
        var term = 1.0
        var sum = 1.0
        for index in 1...20 {
            term *= small / Double(index)
            sum += term
        }
        for _ in 0..<8 { sum *= sum }
        return sum
    }
}
