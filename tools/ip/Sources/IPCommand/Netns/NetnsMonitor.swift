// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore

/// `ip netns monitor`: names as they come and go, whatever is behind them.
enum NetnsMonitor {
    static func run(_ session: inout Session) throws(CommandError) {
        let folder = NamespaceStore.standardDirectory
        let watch: DirectoryWatch
        do throws(SystemError) {
            watch = try DirectoryWatch()
            _ = try makeDirectory(folder)
            _ = try watch.add(folder)
        } catch {
            throw CommandError("\(error.call) \"\(folder)\" failed: \(errorText(error.number))", status: 1)
        }
        try session.listen { (session) throws(CommandError) in try follow(watch, &session) }
    }

    private static func follow(_ watch: DirectoryWatch, _ session: inout Session) throws(CommandError) {
        do throws(SystemError) {
            while true {
                while let event = try watch.next() { print(event, &session) }
                session.output.flush()
                _ = try waitReadable(watch.descriptor, until: nil)
            }
        } catch {
            throw CommandError("reading changes failed: \(errorText(error.number))", status: 1)
        }
    }

    private static func print(_ event: DirectoryWatch.Event, _ session: inout Session) {
        if event.isOverflow { return CommandError("changes were lost: too many at a time", status: 0).report() }
        guard !event.isMove, event.isCreation || event.isDeletion else { return }
        session.output.text(event.isCreation ? "add " : "delete ")
        session.output.text(event.name)
        session.output.text("\n")
    }
}
