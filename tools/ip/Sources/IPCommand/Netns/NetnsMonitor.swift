// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkEvents

/// `ip netns monitor`: names as they come and go, whatever is behind them.
enum NetnsMonitor {
    static func run(_ session: inout Session) throws(CommandError) {
        let folder = NamespaceStore.standard.directory
        do throws(SystemError) { _ = try makeDirectory(folder) } catch {
            throw CommandError("\(error.call) \"\(folder)\" failed: \(errorText(error.number))", status: 1)
        }
        try session.listen { (session) throws(CommandError) in
            do throws(NetlinkError) { try follow(&session) } catch {
                throw CommandError("Cannot watch \"\(folder)\": \(error)", status: 1)
            }
        }
    }

    private static func follow(_ session: inout Session) throws(NetlinkError) {
        let watcher = try NamespaceWatcher(telling: .names)
        // What is there already is no change.
        while try watcher.poll() != nil {}
        while true {
            while let change = try watcher.poll() { print(change, &session) }
            session.output.flush()
            if let change = try watcher.next() { print(change, &session) }
        }
    }

    private static func print(_ change: NamespaceChange, _ session: inout Session) {
        switch change {
        case .added(let name): session.output.text("add \(name)\n")
        case .removed(let name): session.output.text("delete \(name)\n")
        @unknown default: break
        }
    }
}
