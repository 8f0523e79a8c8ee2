// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// Runs the command lines of a file.
enum Batching {
    static func run(_ file: Word, _ session: inout Session) throws(CommandError) -> Int32 {
        var reader = try BatchReader(file)
        var status: Int32 = 0
        while var words = try reader.next() {
            session.links.forget()
            do throws(CommandError) {
                try IPObject.run(&words, &session)
            } catch {
                error.report()
                if error.endsBatch { return session.flush(error.status) }
                reader.failure.report()
                status = 1
                if !session.options.force { break }
            }
        }
        return session.flush(status)
    }
}
