// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip link add`, `replace`, `set` and `delete`.
enum LinkChange {
    /// What is done.
    enum Action {
        case add, replace, set, delete

        var creates: Bool { self == .add || self == .replace }
    }

    static func run(_ action: Action, _ words: inout Words, _ session: inout Session) throws(CommandError) {
        var request = LinkWords(creates: action.creates, replaces: action == .replace)
        try request.read(&words, &session)
        try request.finish()
        if action.creates {
            try add(action, &request, &words, &session)
        } else {
            try change(action, &request, &words, &session)
        }
        session.links.forget()
    }

    private static func add(
        _ action: Action, _ request: inout LinkWords, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        if let parent = request.parent { request.link.parent = try session.index(of: parent) }
        guard let kind = request.kind else {
            throw CommandError("Not enough information: \"type\" argument is required", status: 1)
        }
        try LinkKindWords.read(kind, &words, &request, &session)
        var command = AddLink(request.link, in: request.target, replaces: action == .replace)
        command.isChecked = false
        try session.perform(command)
    }

    private static func change(
        _ action: Action, _ request: inout LinkWords, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        let ofGroup = request.group != nil && request.device == nil
        if ofGroup {
            // The kernel would apply what is said of a kind to no link.
            if let word = words.peek { throw garbage(word, status: 255) }
        } else if let device = request.device {
            request.link.index = try session.index(of: device)
        } else {
            throw .notEnough("dev", status: 255, endsBatch: true)
        }
        if request.link.address != nil, let device = request.device, let address = request.link.address {
            try LinkWords.check(address, fits: device, &session)
        }
        if let kind = request.kind, !ofGroup { try LinkKindWords.read(kind, &words, &request, &session) }
        if action == .delete {
            var command = RemoveLink(.index(request.link.index))
            if ofGroup, let group = request.group { command = RemoveLink(group: group) }
            command.kind = request.link.kind?.name
            return try session.perform(command)
        }
        var command = UpdateLink(request.link, to: request.target)
        command.isChecked = false
        try session.perform(command)
    }

    /// Words behind a kind that takes none.
    static func garbage(_ word: Word, status: Int32 = 1) -> CommandError {
        CommandError("Garbage instead of arguments \"\(word.string) ...\". Try \"ip link help\".", status: status)
    }
}

extension LinkWords {
    /// Settles what depends on several words.
    mutating func finish() throws(CommandError) {
        if creates, !replaces, let name, let device, name != device {
            throw CommandError(
                "both \"name\" and \"dev\" cannot be used when creating devices.", status: 255, endsBatch: true)
        }
        if !creates, index != nil, target.namespace == nil {
            throw CommandError(
                "index can be used only when creating devices or when moving device to another netns.", status: 255,
                endsBatch: true)
        }
        link.group = group
        if let index = index.map({ InterfaceIndex(rawValue: $0) }) {
            if creates { link.index = index } else { target.newIndex = index }
        }
        // A link that is made has one name; one that is changed may get another.
        if !creates, device == nil { device = name }
        guard let word = creates ? name ?? device : name else { return }
        guard word.count <= InterfaceName.maximumByteCount else {
            throw CommandError("Error: Attribute failed policy validation.", status: 2)
        }
        link.name = InterfaceName(kernelBytes: word.array)
    }
}
