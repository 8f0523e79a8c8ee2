// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// Words that filters have in common.
enum FilterWords {
    /// A class: `1:10`, `:10`, `1:`, `root`; a number without a colon is the whole handle, of which 32 bits count.
    static func classID(_ words: inout Words, _ session: inout Session) throws(CommandError) -> TCHandle {
        let word = try words.required()
        guard let handle = handle(word, &session) else { throw CommandError("Illegal \"classid\"", status: 1) }
        return handle
    }

    static func handle(_ word: Word, _ session: inout Session) -> TCHandle? {
        if let handle = word.handle { return handle }
        let (_, minor) = word.split(at: ":")
        guard minor == nil, let number = word.number(UInt64.self, base: 16) else { return nil }
        return TCHandle(rawValue: UInt32(truncatingIfNeeded: number))
    }

    /// The actions behind `action`; `what` names them where they are wrong.
    static func actions(
        _ words: inout Words, _ session: inout Session, _ what: String = "\"action\""
    ) throws(CommandError) -> [Action] {
        do throws(CommandError) {
            if let actions = try ActionWords.parse(&words, &session) { return actions }
        } catch {
            throw error.endsBatch ? error : error.followed(by: "Illegal \(what)", status: 1)
        }
        throw CommandError("Illegal \(what)", status: 1)
    }

    /// A police action in its old place.
    static func police(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Action {
        do throws(CommandError) { return try PoliceWords.parse(&words, &session) } catch {
            throw error.endsBatch ? error : error.followed(by: "Illegal \"police\"", status: 1)
        }
    }

    /// What iproute2 says of a word that a kind does not know.
    static func unknown(_ word: Word, _ topic: Usage.Topic) -> CommandError {
        CommandError("What is \"\(word.string)\"?\n\(Usage.text(topic))", status: 1)
    }

    /// The name of an interface.
    static func interface(_ words: inout Words) throws(CommandError) -> InterfaceName {
        guard let word = words.next() else { throw CommandError("Illegal indev", status: 1) }
        guard let name = InterfaceName(word.string) else { throw CommandError("Illegal indev", status: 1) }
        return name
    }
}
