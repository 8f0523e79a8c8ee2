// SPDX-License-Identifier: Apache-2.0

/// What a coloured field is.
public enum Color: UInt8, Sendable {
    case none, interfaceName, mac, inet, inet6, operstateUp, operstateDown

    /// The digit that follows `ESC [ 3`.
    @usableFromInline var digit: UInt8 {
        switch self {
        case .none: 0x39
        case .interfaceName: 0x36
        case .mac: 0x33
        case .inet: 0x35
        case .inet6: 0x34
        case .operstateUp: 0x32
        case .operstateDown: 0x31
        }
    }
}

/// Which colours a terminal gets.
public enum ColorScheme: Sendable {
    /// No colours.
    case none
    /// For a light background.
    case plain
    /// For a dark background: the same colours, bright.
    case bright
}

/// The argument of `-c`.
public enum ColorMode: Sendable {
    case never, automatic, always

    /// The scheme of this mode, where standard output and the environment decide.
    public func scheme() -> ColorScheme {
        switch self {
        case .never: return .none
        case .automatic where !System.isTerminal(1): return .none
        case .automatic, .always: return .of(background: System.environment("COLORFGBG"))
        }
    }
}

extension ColorScheme {
    /// The scheme for what the environment variable COLORFGBG says: `foreground;…;background`.
    ///
    /// Backgrounds 0 to 6 and 8 are dark.
    static func of(background: [UInt8]?) -> ColorScheme {
        guard let background, let semicolon = background.lastIndex(of: 0x3b), semicolon == background.count - 2
        else { return .plain }
        let digit = background[semicolon + 1]
        return (0x30...0x36).contains(digit) || digit == 0x38 ? .bright : .plain
    }
}
