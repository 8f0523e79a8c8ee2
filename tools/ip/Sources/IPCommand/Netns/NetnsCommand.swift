// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip netns`.
enum NetnsCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try NetnsList.run(&session) }
        // As iproute2 does before it looks at the command.
        if !session.options.all, let name = words.peek { _ = try valid(name) }
        // The order decides what an abbreviation means; it is iproute2's.
        switch word {
        case prefix("list"), prefix("show"), prefix("lst"): try NetnsList.run(&session)
        case prefix("list-id"): try NetnsList.runIDs(&words, &session)
        case prefix("help"): throw Usage.error(.netns, status: 255)
        case prefix("add"): try add(&words)
        case prefix("set"): try set(&words, &session)
        case prefix("delete"): try delete(&words, &session)
        case prefix("identify"): try NetnsProcesses.identify(&words, &session)
        case prefix("pids"): try NetnsProcesses.list(&words, &session)
        case prefix("exec"): try NetnsExec.run(&words, &session)
        case prefix("monitor"): try NetnsMonitor.run(&session)
        case prefix("attach"): try attach(&words)
        default: throw .unknownCommand(word, help: "ip netns help")
        }
    }

    /// The name that a command needs.
    static func name(_ words: inout Words, orElse text: String = "No netns name specified") throws(CommandError)
        -> String
    {
        guard let word = words.next() else { throw CommandError(text, status: 1) }
        return try valid(word)
    }

    /// A name that can be a file below /run/netns.
    private static func valid(_ word: Word) throws(CommandError) -> String {
        guard NamespaceStore.isValid(name: word.string) else {
            throw CommandError("Invalid netns name \"\(word.string)\"", status: 255, endsBatch: true)
        }
        return word.string
    }

    private static func add(_ words: inout Words) throws(CommandError) {
        let name = try name(&words)
        do throws(NetlinkError) { try NamespaceStore.standard.create(name) } catch { throw failure(toAdd: name, error) }
    }

    private static func failure(toAdd name: String, _ error: NetlinkError) -> CommandError {
        let directory = NamespaceStore.standardDirectory
        let text: String
        switch error.explanation {
        case "mkdir failed": text = "mkdir \(directory) failed"
        case "mount failed": text = "mount --make-shared \(directory) failed"
        case "unshare failed": text = "Failed to create a new network namespace \"\(name)\""
        default: return noFile(name, error)
        }
        return CommandError("\(text): \(error.code)", status: 1)
    }

    private static func noFile(_ name: String, _ error: NetlinkError) -> CommandError {
        CommandError(
            "Cannot create namespace file \"\(NamespaceStore.standard.path(of: name))\": \(error.code)", status: 1)
    }

    private static func attach(_ words: inout Words) throws(CommandError) {
        guard words.count >= 2, let word = words.next(), let number = words.next() else {
            throw CommandError("No netns name and PID specified", status: 1)
        }
        let name = try valid(word)
        guard let pid = number.number(Int32.self), pid > 0 else {
            throw CommandError("Invalid PID: \(number.string)", status: 1)
        }
        do throws(NetlinkError) {
            // A name that is taken is told before a process that there is not.
            if try NamespaceStore.standard.list().contains(where: { $0.name == name }) {
                throw NetlinkError(.exists, operation: "attach namespace", object: name)
            }
            try NamespaceStore.standard.attach(.pid(pid), as: name)
        } catch {
            if error.code == .exists { throw noFile(name, error) }
            let path = NamespaceStore.standard.path(of: name)
            throw CommandError("Bind /proc/\(pid)/ns/net -> \(path) failed: \(error.code)", status: 1)
        }
    }

    private static func delete(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard session.options.all, words.isEmpty else { return try delete(try name(&words)) }
        for entry in try NetnsList.entries() { try delete(entry.name) }
    }

    private static func delete(_ name: String) throws(CommandError) {
        do throws(NetlinkError) { try NamespaceStore.standard.delete(name) } catch {
            throw CommandError(
                "Cannot remove namespace file \"\(NamespaceStore.standard.path(of: name))\": \(error.code)", status: 1)
        }
    }

    private static func set(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let name = try name(&words)
        guard let word = words.next() else { throw CommandError("No nsid specified", status: 1) }
        var id: NamespaceID?
        if word != "auto" {
            guard let number = word.number(Int32.self) else { throw .invalid(word, "Invalid \"netnsid\" value") }
            guard number >= 0 else { throw .invalid(word, "\"netnsid\" value should be >= 0") }
            id = NamespaceID(rawValue: number)
        }
        let handle: NamespaceHandle
        do throws(NetlinkError) { handle = try NamespaceHandle(.name(name)) } catch {
            // The reference says nothing of a name that there is not; a stale marker the kernel itself refuses.
            throw error.code == .invalidArgument ? NetnsList.invalidPeer : CommandError("", status: 1)
        }
        try session.perform(NamespaceIDAssignment<RouteProtocol>(id, to: .handle(handle)))
    }
}
