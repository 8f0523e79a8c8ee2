// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip netns list` and `ip netns list-id`.
enum NetnsList {
    /// What the kernel says of a file that is not a network namespace.
    static var invalidPeer: CommandError { CommandError("Error: Peer netns reference is invalid.", status: 2) }

    /// The names below /run/netns in the folder's order.
    static func entries() throws(CommandError) -> [NamespaceStore.Entry] {
        do throws(NetlinkError) { return try NamespaceStore.standard.list() } catch {
            throw CommandError("Failed to open directory \(NamespaceStore.standardDirectory): \(error.code)", status: 1)
        }
    }

    static func run(_ session: inout Session) throws(CommandError) {
        session.output.beginArray()
        for entry in try entries() {
            session.output.beginObject()
            session.output.string("name", entry.name)
            if let id = try id(of: entry, &session) {
                session.output.number("id", id.rawValue, prefix: " (id: ", suffix: ")")
            }
            session.output.endLine()
            session.output.endObject()
        }
        session.output.endArray()
    }

    private static func id(of entry: NamespaceStore.Entry, _ session: inout Session) throws(CommandError)
        -> NamespaceID?
    {
        guard entry.isLive else {
            // The reference asks twice of each name, and both answers are printed.
            invalidPeer.report()
            invalidPeer.report()
            return nil
        }
        guard let handle = try? NamespaceHandle(.name(entry.name)) else { return nil }
        return try session.query(NamespaceIDQuery<RouteProtocol>(of: .handle(handle)))
    }

    // MARK: Ids

    static func runIDs(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var target: NamespaceID?
        var wanted: NamespaceID?
        while let word = words.next() {
            switch word {
            case "target-nsid": target = try number(&words, "\"target-nsid\" value is invalid")
            case "nsid": wanted = try number(&words, "\"nsid\" value is invalid")
            default: throw Usage.error(.netns, status: 255)
            }
        }
        let names = NamespaceNames()
        if let wanted {
            let id = try session.query(NamespaceIDQuery<RouteProtocol>(of: .id(wanted), in: target))
            session.output.beginArray()
            print(id, current: target == nil ? nil : wanted, hasTarget: target != nil, names, &session)
            session.output.endArray()
            return
        }
        let found = try entries(of: target, &session)
        session.output.beginArray()
        for entry in found {
            print(entry.id, current: entry.currentID, hasTarget: target != nil, names, &session)
        }
        session.output.endArray()
    }

    private static func number(_ words: inout Words, _ reason: String) throws(CommandError) -> NamespaceID {
        let word = try words.required()
        guard let number = word.number(Int32.self), number >= 0 else { throw .invalid(word, reason) }
        return NamespaceID(rawValue: number)
    }

    private static func entries(
        of target: NamespaceID?, _ session: inout Session
    ) throws(CommandError) -> [NamespaceIDEntry] {
        let connection = try session.connection
        do throws(NetlinkError) {
            return try connection.dump(NamespaceIDDump<RouteProtocol>(of: target))
        } catch {
            var refusal = KernelAnswer.refusedDump(error)
            refusal.status = 1
            throw refusal
        }
    }

    private static func print(
        _ id: NamespaceID?, current: NamespaceID?, hasTarget: Bool, _ names: NamespaceNames, _ session: inout Session
    ) {
        session.output.beginObject()
        if let id {
            session.output.number("nsid", id.rawValue, prefix: "nsid ", suffix: " ")
        } else {
            session.output.text("nsid unassigned ")
        }
        if let current {
            session.output.number("current-nsid", current.rawValue, prefix: "current-nsid ", suffix: " ")
        } else if hasTarget {
            session.output.text("current-nsid unassigned ")
        }
        // Names are known by the ids of this namespace alone.
        if let local = hasTarget ? current : id { printName(of: local, names, &session) }
        session.output.endLine()
        session.output.endObject()
    }

    /// Prints the name that a namespace has below /run/netns, where it has one.
    static func printName(of id: NamespaceID, _ names: NamespaceNames, _ session: inout Session) {
        guard let name = names.name(of: id.rawValue, in: session.kernel) else { return }
        session.output.string("name", name, prefix: "(iproute2 netns name: ", suffix: ")")
    }
}
