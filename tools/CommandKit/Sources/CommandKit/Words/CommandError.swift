// SPDX-License-Identifier: Apache-2.0

/// Why a command line was refused: what to print on standard error, and the exit status.
///
/// The texts, the statuses and what ends a batch are those of iproute2 6.15.
public struct CommandError: Error, Hashable, Sendable {
    /// The lines, without the last newline; empty where all was said.
    public var message: [UInt8]
    /// The exit status.
    public var status: Int32
    /// Whether a batch ends here even with `-force`, without naming its line.
    public var endsBatch: Bool

    /// Says anything else.
    public init(_ message: some TextWritable, status: Int32, endsBatch: Bool = false) {
        self.message = []
        message.write(to: &self.message)
        self.status = status
        self.endsBatch = endsBatch
    }

    /// The same with a further line; empty adds none.
    public func noting(_ line: some TextWritable) -> CommandError {
        var text: [UInt8] = []
        line.write(to: &text)
        guard !text.isEmpty else { return self }
        var copy = self
        if !message.isEmpty { copy.message.append(0x0a) }
        copy.message += text
        return copy
    }

    /// Prints the lines on standard error.
    public func report() {
        guard !message.isEmpty else { return }
        _ = System.write(message + [0x0a], to: 2)
    }
}

extension CommandError: CustomStringConvertible {
    /// The lines as text.
    public var description: String { String(decoding: message, as: UTF8.self) }
}

extension CommandError {
    /// Text with words in it.
    struct Line: TextWritable {
        let parts: [any TextWritable]

        init(_ parts: any TextWritable...) { self.parts = parts }

        func write(to bytes: inout [UInt8]) {
            for part in parts { part.write(to: &bytes) }
        }
    }

    /// A word with a value that cannot be; where iproute2 ends the reason with a newline, a blank line follows.
    public static func invalid(_ word: Word, _ reason: String) -> CommandError {
        CommandError(Line("Error: argument \"", word, "\" is wrong: ", reason), status: 255, endsBatch: true)
    }

    /// A global option without its word.
    public static func missing(_ what: String) -> CommandError {
        CommandError("Error: argument \"\(what)\" is required", status: 255, endsBatch: true)
    }

    /// A keyword given twice.
    public static func duplicate(_ keyword: String, _ word: Word) -> CommandError {
        CommandError(
            Line("Error: duplicate \"", keyword, "\": \"", word, "\" is the second value."), status: 255,
            endsBatch: true)
    }

    /// A word where none of the keywords fits, and the one that may be left out was given already.
    public static func garbage(_ word: Word, orDuplicate keyword: String) -> CommandError {
        CommandError(
            Line("Error: either \"", keyword, "\" is duplicate, or \"", word, "\" is garbage."), status: 255,
            endsBatch: true)
    }

    /// A command line that ends too early.
    public static var incomplete: CommandError {
        CommandError("Command line is not complete. Try option \"help\"", status: 255, endsBatch: true)
    }

    /// A necessary keyword that was not given.
    public static func notEnough(_ keyword: String, status: Int32, endsBatch: Bool) -> CommandError {
        CommandError(
            "Not enough information: \"\(keyword)\" argument is required.", status: status, endsBatch: endsBatch)
    }

    /// The first word of a command line.
    public static func unknownObject(_ word: Word, program: String = "ip") -> CommandError {
        CommandError(Line("Object \"", word, "\" is unknown, try \"", program, " help\"."), status: 1)
    }

    /// A global option.
    public static func unknownOption(_ word: Word, program: String = "ip") -> CommandError {
        CommandError(
            Line("Option \"", word, "\" is unknown, try \"", program, " -help\"."), status: 255, endsBatch: true)
    }

    /// The word behind the object; `help` is such as `ip link help`.
    public static func unknownCommand(_ word: Word, help: String) -> CommandError {
        CommandError(Line("Command \"", word, "\" is unknown, try \"", help, "\"."), status: 255, endsBatch: true)
    }

    /// A word that a command without keywords does not know.
    public static func unknownArgument(_ word: Word, help: String) -> CommandError {
        CommandError(Line("Argument \"", word, "\" is unknown, try \"", help, "\"."), status: 255, endsBatch: true)
    }

    /// An interface that a change names and that does not exist.
    public static func noDevice(_ word: Word) -> CommandError {
        CommandError(Line("Cannot find device \"", word, "\""), status: 1)
    }

    /// An interface that a listing names and that does not exist.
    public static func deviceDoesNotExist(_ word: Word) -> CommandError {
        CommandError(Line("Device \"", word, "\" does not exist."), status: 1)
    }

    /// A word that is no address, such as of `any valid prefix`, `inet address`.
    public static func expected(_ what: String, ratherThan word: Word) -> CommandError {
        CommandError(Line("Error: ", what, " is expected rather than \"", word, "\"."), status: 1, endsBatch: true)
    }

    /// A word that is neither `on` nor `off`.
    public static func notOnOff(_ keyword: String, _ word: Word) -> CommandError {
        CommandError(
            Line("Error: argument of \"", keyword, "\" must be \"on\" or \"off\", not \"", word, "\""), status: 1)
    }

    /// A word that is none of a list.
    public static func notOneOf(
        _ choices: [StaticString], _ keyword: String, _ word: Word, status: Int32 = 22, endsBatch: Bool = false
    ) -> CommandError {
        var text = Array("Error: argument of \"\(keyword)\" must be one of ".utf8)
        for choice in choices {
            text.append(0x22)
            text.append(choice)
            text.append("\", ")
        }
        return CommandError(Line(text, "not \"", word, "\""), status: status, endsBatch: endsBatch)
    }
}
