// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// Runs the command lines of a file.
enum Batching {
    static func run(_ file: Word, _ session: inout Session) throws(CommandError) -> Int32 {
        var reader = try BatchReader(file)
        var words = Words([])
        var status: Int32 = 0
        session.pipeline = Pipeline(isForced: session.options.force)
        do throws(CommandError) {
            while try reader.next(into: &words) {
                if words.isEmpty { continue }
                session.place = reader.failure
                status = try run(&words, &session) ? status : 1
                if status != 0, !session.options.force { break }
            }
        } catch {
            _ = session.drain()
            error.report()
            return session.flush(error.status)
        }
        if !session.drain() { status = 1 }
        return session.flush(status)
    }

    /// Runs one line; false when it failed and was reported. Throws what ends the whole batch.
    private static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Bool {
        do throws(CommandError) {
            try IPObject.run(&words, &session)
        } catch {
            if error.endsBatch { throw error }
            // Lines before this one that still wait come first.
            let isGood = session.drain()
            if isGood || session.options.force {
                error.report()
                session.place?.report()
            }
            return false
        }
        return session.hasFailed ? false : true
    }
}
