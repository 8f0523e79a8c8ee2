// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore

/// `ip netns exec`.
enum NetnsExec {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        if session.options.all { return try runInAll(words, &session) }
        let name = try NetnsCommand.name(&words)
        let command = try command(words)
        let handle = try NamespaceEntry.open(name)
        session.output.flush()
        // What follows in a batch is still to be run by this process.
        if session.options.batch != nil { return try start(command, in: handle, name) }
        try become(command, in: handle, name)
    }

    private static func command(_ words: Words) throws(CommandError) -> [String] {
        var words = words
        var command: [String] = []
        while let word = words.next() {
            guard let text = String(validating: word.array, as: UTF8.self) else {
                throw CommandError("\"\(word.string)\" is not UTF-8", status: 1)
            }
            command.append(text)
        }
        guard !command.isEmpty else { throw CommandError("No command specified", status: 1) }
        return command
    }

    private static func runInAll(_ words: Words, _ session: inout Session) throws(CommandError) {
        let command = try command(words)
        // Names are told as text even where JSON was asked for.
        let isJSON = session.output.isJSON
        session.output.isJSON = false
        defer { session.output.isJSON = isJSON }
        for entry in try NetnsList.entries() {
            session.output.text("\nnetns: ")
            session.output.text(entry.name)
            session.output.text("\n")
            session.output.flush()
            let handle = try NamespaceEntry.open(entry.name)
            do throws(CommandError) { try start(command, in: handle, entry.name) } catch {
                // One command's failure does not keep it from the other namespaces.
                error.report()
            }
        }
    }

    private static func become(
        _ command: [String], in handle: NamespaceHandle, _ name: String
    ) throws(CommandError) {
        try NamespaceEntry.enter(handle, name: name)
        do throws(SystemError) { try execute(command[0], Array(command.dropFirst())) } catch {
            throw failure(command[0], NetlinkError(error))
        }
    }

    private static func start(
        _ command: [String], in handle: NamespaceHandle, _ name: String
    ) throws(CommandError) {
        let status: ChildProcess.Status
        do throws(NetlinkError) {
            let child = try handle.spawn(
                NamespaceCommand(command[0], Array(command.dropFirst()), mounts: .netns(name)))
            for failure in child.mountFailures { NamespaceEntry.report(failure) }
            status = try child.wait()
        } catch {
            throw failure(command[0], error)
        }
        switch status {
        case .exited(0): break
        case .exited(let number): throw CommandError("", status: number)
        case .signaled(let number): throw CommandError("", status: 128 + number)
        }
    }

    private static func failure(_ program: String, _ error: NetlinkError) -> CommandError {
        CommandError("exec of \"\(program)\" failed: \(error.code)", status: 1)
    }
}
