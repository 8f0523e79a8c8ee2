// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `tc class`.
enum ClassCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try show(&words, &session) }
        switch word {
        case prefix("add"): try set(&words, .add, .add, &session)
        case prefix("change"): try set(&words, .change, .change, &session)
        case prefix("replace"): try set(&words, .replace, .replace, &session)
        case prefix("delete"):
            try session.performSoon(RemoveClass(try ClassArguments.parse(&words, .delete, &session)))
        case prefix("list"), prefix("show"), "lst", "ls": try show(&words, &session)
        case prefix("help"): Usage.print(.classes)
        default:
            throw CommandError("Command \"\(word.string)\" is unknown, try \"tc class help\".", status: 255)
        }
    }

    private static func set(
        _ words: inout Words, _ verb: TCVerb, _ mode: SetClass.Mode, _ session: inout Session
    ) throws(CommandError) {
        var command = SetClass(try ClassArguments.parse(&words, verb, &session), mode: mode)
        // What is wrong, the kernel says.
        command.isChecked = false
        try session.performSoon(command)
    }

    private static func draw(_ classes: [TrafficClass], _ session: inout Session) {
        session.output.endArray()
        if session.output.isJSON {
            // iproute2 ends the document, and draws behind it.
            session.output.flush()
            session.output = Output(descriptor: 1)
        }
        var graph = ClassGraph(classes)
        graph.print(&session)
    }

    private static func show(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var filter = ClassFilter()
        try filter.parse(&words)
        var index: InterfaceIndex?
        if let device = filter.device { index = try session.index(of: device) }
        session.output.beginArray()
        // The kernel lists classes of one link only.
        if let index {
            let classes = try session.list(ClassDump(on: index, of: filter.parent))
            if session.options.graph { return draw(classes, &session) }
            for found in classes where filter.accepts(found) {
                ClassPrinter.print(found, &session, showsDevice: false, isShort: filter.qdisc != .unspecified)
            }
        }
        session.output.endArray()
    }
}

/// The words of `tc class show`.
struct ClassFilter {
    var device: Word?
    /// The queueing discipline whose classes are shown.
    var qdisc = TCHandle.unspecified
    private var classID: TCHandle?
    /// What the kernel is asked for: of its numbers only the queueing discipline's counts.
    var parent = TCHandle.unspecified

    mutating func parse(_ words: inout Words) throws(CommandError) {
        while let word = words.next() {
            switch word {
            case "dev":
                let name = try words.required()
                if device != nil { throw .duplicate("dev", name) }
                device = name
            case "qdisc":
                let value = try words.required()
                if qdisc != .unspecified { throw .duplicate("qdisc", value) }
                guard let handle = QdiscWords.qdisc(value) else { throw .invalid(value, "invalid qdisc ID") }
                qdisc = handle
            case "classid":
                let value = try words.required()
                if classID != nil { throw .duplicate("classid", value) }
                guard let handle = value.handle else { throw .invalid(value, "invalid class ID") }
                classID = handle
            case "root": parent = .root
            case "parent":
                let value = try words.required()
                guard let handle = value.handle else { throw .invalid(value, "invalid parent ID") }
                parent = handle
            case prefix("help"): Usage.print(.classes)
            default:
                throw CommandError("What is \"\(word.string)\"? Try \"tc class help\".", status: 255)
            }
        }
    }

    func accepts(_ trafficClass: TrafficClass) -> Bool {
        if let classID, trafficClass.handle != classID { return false }
        if qdisc != .unspecified, trafficClass.handle.major != qdisc.major { return false }
        return true
    }
}
