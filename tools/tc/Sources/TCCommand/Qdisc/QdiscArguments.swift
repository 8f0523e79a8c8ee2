// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of `tc qdisc add` and its like.
struct QdiscArguments {
    private var device: Word?
    private var qdisc = Qdisc(on: .none, parent: .unspecified)
    private var kindName: Word?

    /// Reads a whole command line.
    static func parse(
        _ words: inout Words, _ verb: TCVerb, _ session: inout Session
    ) throws(CommandError) -> Qdisc {
        var arguments = QdiscArguments()
        try arguments.parseCommon(&words)
        try arguments.parseKind(&words, verb, &session)
        // Without a link iproute2 sends number 0, which the kernel refuses.
        if let device = arguments.device { arguments.qdisc.index = try session.index(of: device) }
        return arguments.qdisc
    }

    private mutating func parseCommon(_ words: inout Words) throws(CommandError) {
        while kindName == nil, let word = words.next() {
            switch word {
            case "dev":
                let name = try words.required()
                if device != nil { throw .duplicate("dev", name) }
                device = name
            case "handle":
                if qdisc.handle != .unspecified { throw .duplicate("handle", word) }
                let value = try words.required()
                guard let handle = QdiscWords.qdisc(value) else { throw .invalid(value, "invalid qdisc ID") }
                qdisc.handle = handle
            case "root":
                if qdisc.parent != .unspecified {
                    throw CommandError("Error: \"root\" is duplicate parent ID", status: 255)
                }
                qdisc.parent = .root
            case "clsact": try setPlace(.clsact, word)
            case "ingress": try setPlace(.ingress, word)
            case "parent":
                let value = try words.required()
                if qdisc.parent != .unspecified { throw .duplicate("parent", value) }
                guard let parent = value.handle else { throw .invalid(value, "invalid parent ID") }
                qdisc.parent = parent
            case prefix("estimator"): qdisc.estimator = try QdiscWords.estimator(&words)
            case prefix("stab"): qdisc.sizeTable = try QdiscWords.sizeTable(&words)
            case "ingress_block": qdisc.ingressBlock = try block(&words, "ingress")
            case "egress_block": qdisc.egressBlock = try block(&words, "egress")
            case prefix("help"): Usage.print(.qdisc)
            default: kindName = word
            }
        }
    }

    private mutating func setPlace(_ place: TCHandle, _ word: Word) throws(CommandError) {
        if qdisc.parent != .unspecified {
            throw CommandError("Error: \"\(word.string)\" is a duplicate parent ID", status: 255)
        }
        qdisc.parent = place
        qdisc.handle = TCHandle(place.major)
        kindName = word
    }

    private func block(_ words: inout Words, _ which: String) throws(CommandError) -> UInt32 {
        let word = try words.required()
        guard let number = word.number(UInt32.self), number > 0 else {
            throw .invalid(word, "invalid \(which) block index value")
        }
        return number
    }

    private mutating func parseKind(
        _ words: inout Words, _ verb: TCVerb, _ session: inout Session
    ) throws(CommandError) {
        guard let kindName else {
            return
        }
        let place = TCPlace(device: device, verb: verb)
        if let entry = QdiscTable.entry(kindName.string) {
            // A name alone is enough to remove one, or to put another in its place.
            qdisc.kind = try entry.parse(&words, place, &session)
            return
        }
        if verb != .delete, QdiscTable.isLater(kindName) {
            throw CommandError("qdisc \"\(kindName.string)\" is not supported yet.", status: 1)
        }
        if let word = words.peek {
            throw CommandError(
                "Unknown qdisc \"\(kindName.string)\", hence option \"\(word.string)\" is unparsable", status: 1)
        }
        qdisc.kind = AnyQdiscKind(name: kindName.string)
    }
}
