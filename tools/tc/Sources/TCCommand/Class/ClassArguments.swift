// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of `tc class add` and its like.
struct ClassArguments {
    private var device: Word?
    private var result = TrafficClass(on: .none, handle: .unspecified)
    private var kindName: Word?

    /// Reads a whole command line.
    static func parse(
        _ words: inout Words, _ verb: TCVerb, _ session: inout Session
    ) throws(CommandError) -> TrafficClass {
        var arguments = ClassArguments()
        try arguments.parseCommon(&words)
        try arguments.parseKind(&words, verb, &session)
        if let device = arguments.device { arguments.result.index = try session.index(of: device) }
        return arguments.result
    }

    private mutating func parseCommon(_ words: inout Words) throws(CommandError) {
        while kindName == nil, let word = words.next() {
            switch word {
            case "dev":
                let name = try words.required()
                if device != nil { throw .duplicate("dev", name) }
                device = name
            case "classid":
                let value = try words.required()
                if result.handle != .unspecified { throw .duplicate("classid", value) }
                guard let handle = value.handle else { throw .invalid(value, "invalid class ID") }
                result.handle = handle
            case "root":
                if result.parent != .unspecified {
                    throw CommandError("Error: \"root\" is duplicate parent ID.", status: 255)
                }
                result.parent = .root
            case "parent":
                let value = try words.required()
                if result.parent != .unspecified { throw .duplicate("parent", value) }
                guard let parent = value.handle else { throw .invalid(value, "invalid parent ID") }
                result.parent = parent
            case prefix("estimator"): result.estimator = try QdiscWords.estimator(&words)
            case prefix("help"): Usage.print(.classes)
            default: kindName = word
            }
        }
    }

    private mutating func parseKind(
        _ words: inout Words, _ verb: TCVerb, _ session: inout Session
    ) throws(CommandError) {
        guard let kindName else { return }
        if let entry = ClassTable.entry(kindName.string) {
            result.kind = try entry.parse(&words, TCPlace(device: device, verb: verb), &session)
            return
        }
        if verb != .delete, QdiscTable.isLater(kindName) {
            throw CommandError("class \"\(kindName.string)\" is not supported yet.", status: 1)
        }
        throw CommandError("Error: Qdisc \"\(kindName.string)\" is classless.", status: 1)
    }
}
