// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What a command keeps from one line of a batch to the next.
public protocol BatchSession<Family>: ~Copyable {
    /// The protocol of its requests.
    associatedtype Family: NetlinkProtocol
    /// Whom it talks to.
    var kernel: Kernel<Family> { get }
    /// Runs one command line.
    mutating func execute(_ words: inout Words) throws(CommandError)
    /// Writes what was printed so far; the exit status, which a failed write changes.
    mutating func flush(_ status: Int32) -> Int32
}

/// Runs the command lines of a file.
public enum Batching {
    /// Runs all lines, each in its turn, or up to the first that fails.
    ///
    /// - Parameters:
    ///   - file: Its path, `-` for standard input.
    ///   - isForced: Whether to go on behind an error.
    ///   - session: What executes the lines.
    /// - Returns: the exit status; what went wrong was reported.
    /// - Throws: what ends the whole batch, such as a file that cannot be read.
    public static func run<Session: BatchSession & ~Copyable>(
        _ file: Word, isForced: Bool, _ session: inout Session
    ) throws(CommandError) -> Int32 {
        try run(BatchReader(file), file, isForced, &session)
    }

    /// Runs lines that are there already, as a batch whose file is `-`.
    public static func run<Session: BatchSession & ~Copyable>(
        bytes: [UInt8], isForced: Bool, _ session: inout Session
    ) throws(CommandError) -> Int32 {
        try run(BatchReader(bytes: bytes), Word("-"), isForced, &session)
    }

    private static func run<Session: BatchSession & ~Copyable>(
        _ reader: consuming BatchReader, _ file: Word, _ isForced: Bool, _ session: inout Session
    ) throws(CommandError) -> Int32 {
        var reader = reader
        var words = Words([])
        var status: Int32 = 0
        session.kernel.beginBatch(file, isForced: isForced)
        do throws(CommandError) {
            while try reader.next(into: &words) {
                session.kernel.beginLine(reader.line)
                status = try run(&words, reader.line, file, isForced, &session) ? status : 1
                if status != 0, !isForced { break }
            }
        } catch {
            _ = session.kernel.drain()
            error.report()
            return session.flush(error.status)
        }
        if !session.kernel.drain() { status = 1 }
        return session.flush(status)
    }

    /// Runs one line; false when it failed and was reported.
    ///
    /// Throws what ends the whole batch.
    private static func run<Session: BatchSession & ~Copyable>(
        _ words: inout Words, _ line: Int, _ file: Word, _ isForced: Bool, _ session: inout Session
    ) throws(CommandError) -> Bool {
        do throws(CommandError) {
            try session.execute(&words)
        } catch {
            if error.endsBatch { throw error }
            // Lines before this one that still wait come first.
            let isGood = session.kernel.drain()
            if isGood || isForced {
                error.report()
                CommandError.batchLine(file, line).report()
            }
            return false
        }
        return !session.kernel.takeFailure()
    }
}

extension CommandError {
    /// What iproute2 says behind the error of a batch's line.
    static func batchLine(_ file: Word, _ line: Int) -> CommandError {
        CommandError(Line("Command failed ", file, ":\(line)"), status: 1)
    }
}
