// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// What a stream or a store keeps for each namespace of its scope, waited for together.
final class NamespaceMembers<Member: AnyObject> {
    /// A change of the scope.
    enum Change {
        case opened(Namespace)
        case closed(Namespace)
        case failed(Namespace, NetlinkError)
    }

    let poll: PollSet
    private let open: (Namespace) throws(NetlinkError) -> Member
    private let descriptor: (Member) -> Int32
    private let watcher: NamespaceWatcher?
    private var members: [UInt64: (namespace: Namespace, member: Member)] = [:]
    private var keys: [Namespace: UInt64] = [:]
    private var lastKey: UInt64 = 0
    private var waiting: [Change] = []
    private var mustLook = true

    private static var watcherKey: UInt64 { 0 }

    init(
        _ scope: NamespaceScope, descriptor: @escaping (Member) -> Int32,
        open: @escaping (Namespace) throws(NetlinkError) -> Member
    ) throws(NetlinkError) {
        self.open = open
        self.descriptor = descriptor
        do throws(SystemError) { poll = try PollSet() } catch {
            throw NetlinkError(error, operation: "watch namespaces")
        }
        if let names = scope.names {
            let watcher = try NamespaceWatcher(names)
            self.watcher = watcher
            try watch(watcher.descriptor, as: Self.watcherKey)
        } else {
            watcher = nil
        }
        for namespace in scope.namespaces { try add(namespace) }
    }

    private func watch(_ number: Int32, as key: UInt64) throws(NetlinkError) {
        do throws(SystemError) { try poll.add(number, as: key) } catch {
            throw NetlinkError(error, operation: "watch namespaces")
        }
    }

    /// All members, oldest first.
    var all: [Member] { members.sorted { $0.key < $1.key }.map(\.value.member) }

    var isEmpty: Bool { members.isEmpty && watcher == nil }

    /// Takes a namespace in; one that is in already stays as it is.
    func add(_ namespace: Namespace) throws(NetlinkError) {
        if keys[namespace] != nil { return }
        let member = try open(namespace)
        lastKey += 1
        try watch(descriptor(member), as: lastKey)
        members[lastKey] = (namespace, member)
        keys[namespace] = lastKey
        waiting.append(.opened(namespace))
    }

    /// Lets go of a namespace.
    func remove(_ namespace: Namespace) { if letGo(of: namespace) { waiting.append(.closed(namespace)) } }

    private func letGo(of namespace: Namespace) -> Bool {
        guard let key = keys.removeValue(forKey: namespace), let entry = members.removeValue(forKey: key) else {
            return false
        }
        poll.remove(descriptor(entry.member))
        return true
    }

    /// Lets go of all, without a word.
    func removeAll() {
        for entry in members.values { poll.remove(descriptor(entry.member)) }
        members.removeAll()
        keys.removeAll()
        waiting.removeAll()
    }

    /// Lets go of a namespace that can no longer be read.
    func fail(_ namespace: Namespace, _ error: NetlinkError) {
        if letGo(of: namespace) { waiting.append(.failed(namespace, error)) }
    }

    /// When to look at the names again though nothing polls readable.
    var deadline: Instant? { watcher?.deadline }

    /// Those that may have something to give; looks at the names where they may have changed.
    func ready() throws(NetlinkError) -> [Member] {
        var found: [Member] = []
        for key in poll.ready() {
            if key == Self.watcherKey {
                mustLook = true
            } else if let entry = members[key] {
                found.append(entry.member)
            }
        }
        if let deadline, deadline <= .now { mustLook = true }
        if mustLook { try look() }
        return found
    }

    private func look() throws(NetlinkError) {
        mustLook = false
        guard let watcher else { return }
        while let change = try watcher.poll() {
            switch change {
            case .added(let name): follow(watcher.store, name)
            case .removed(let name): remove(Self.namespace(watcher.store, name))
            @unknown default: break
            }
        }
    }

    private func follow(_ store: NamespaceStore, _ name: String) {
        let namespace = Self.namespace(store, name)
        do throws(NetlinkError) { try add(namespace) } catch {
            // Gone again already; its end is told next, and there is nothing to end.
            if !error.isNotFound { waiting.append(.failed(namespace, error)) }
        }
    }

    private static func namespace(_ store: NamespaceStore, _ name: String) -> Namespace {
        store == .standard ? .name(name) : .path(store.path(of: name))
    }

    /// The changes of the scope since this was last asked.
    func changes() -> [Change] {
        defer { waiting.removeAll() }
        return waiting
    }
}
