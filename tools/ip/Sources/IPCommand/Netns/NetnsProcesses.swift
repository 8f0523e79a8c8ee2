// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore

/// `ip netns identify` and `ip netns pids`.
enum NetnsProcesses {
    static func identify(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var namespace = Namespace.current
        if let word = words.next() {
            try refuseMore(words)
            guard !word.isEmpty, word.array.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw CommandError("Specified string '\(word.string)' is not a pid", status: 1)
            }
            namespace = .pid(word.number(Int32.self, base: 10) ?? 0)
        }
        do throws(NetlinkError) {
            // Of several names the reference tells the last one that it finds, and an empty line where there is none.
            let names = try NamespaceStore.standard.names(of: namespace)
            session.output.isJSON = false
            session.output.text(names.last ?? "")
            session.output.text("\n")
        } catch {
            throw CommandError("Cannot open network namespace: \(error.code)", status: 1)
        }
    }

    static func list(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let name = try NetnsCommand.name(&words)
        try refuseMore(words)
        do throws(NetlinkError) {
            session.output.isJSON = false
            for pid in try NamespaceStore.standard.pids(in: name) {
                session.output.text(number: pid)
                session.output.text("\n")
            }
        } catch {
            throw CommandError("Cannot open network namespace: \(error.code)", status: 1)
        }
    }

    private static func refuseMore(_ words: Words) throws(CommandError) {
        guard words.isEmpty else { throw CommandError("extra arguments specified", status: 1) }
    }
}
