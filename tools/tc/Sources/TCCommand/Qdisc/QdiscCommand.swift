// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `tc qdisc`.
enum QdiscCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try show(&words, &session) }
        switch word {
        case prefix("add"): try set(&words, .add, &session)
        case prefix("change"): try set(&words, .change, &session)
        case prefix("replace"): try set(&words, .replace, &session)
        case prefix("link"): try set(&words, .graft, &session)
        case prefix("delete"):
            let qdisc = try QdiscArguments.parse(&words, .delete, &session)
            try session.performSoon(RemoveQdisc(qdisc))
        case prefix("list"), prefix("show"), "lst", "ls": try show(&words, &session)
        case prefix("help"): Usage.print(.qdisc)
        default:
            throw CommandError("Command \"\(word.string)\" is unknown, try \"tc qdisc help\".", status: 255)
        }
    }

    private static func set(
        _ words: inout Words, _ mode: SetQdisc.Mode, _ session: inout Session
    ) throws(CommandError) {
        let verb: TCVerb =
            switch mode {
            case .add: .add
            case .replace: .replace
            case .change: .change
            case .graft: .link
            }
        var command = SetQdisc(try QdiscArguments.parse(&words, verb, &session), mode: mode)
        // What is wrong, the kernel says.
        command.isChecked = false
        try session.performSoon(command)
    }

    private static func show(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var filter = QdiscFilter()
        try filter.parse(&words)
        var dump = QdiscDump()
        dump.includesInvisible = filter.showsInvisible
        if let device = filter.device { dump.index = try session.index(of: device) }
        let qdiscs = try session.list(dump)
        session.output.beginArray()
        for qdisc in qdiscs where filter.accepts(qdisc) {
            QdiscPrinter.print(qdisc, &session, showsDevice: filter.device == nil)
        }
        session.output.endArray()
    }
}

/// The words of `tc qdisc show`.
struct QdiscFilter {
    var device: Word?
    var showsInvisible = false
    private var parent: TCHandle?
    private var handle: TCHandle?

    mutating func parse(_ words: inout Words) throws(CommandError) {
        while let word = words.next() {
            switch word {
            case "dev": device = try words.required()
            case "root": try setParent(.root, word)
            case "ingress", "clsact": try setParent(.ingress, word)
            case "parent":
                if parent != nil { throw .invalid(word, "parent is already specified") }
                let value = try words.required()
                guard let parent = value.handle else { throw .invalid(value, "invalid parent ID") }
                self.parent = parent
            case "handle":
                if handle != nil { throw .invalid(word, "handle is already specified") }
                let value = try words.required()
                guard let handle = QdiscWords.qdisc(value) else { throw .invalid(value, "invalid handle ID") }
                self.handle = handle
            case prefix("help"): Usage.print(.qdisc)
            case "invisible": showsInvisible = true
            default:
                throw CommandError("What is \"\(word.string)\"? Try \"tc qdisc help\".", status: 255)
            }
        }
    }

    private mutating func setParent(_ place: TCHandle, _ word: Word) throws(CommandError) {
        if parent != nil { throw .invalid(word, "parent is already specified") }
        parent = place
    }

    func accepts(_ qdisc: Qdisc) -> Bool {
        // `none` chooses nothing.
        if let handle, handle != .unspecified, qdisc.handle != handle { return false }
        if let parent, parent != .unspecified, qdisc.parent != parent { return false }
        return true
    }
}
