// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which neighbours a listing or a flush is for, as its words say.
struct NeighborFilter {
    var family: AddressFamily
    var index: InterfaceIndex?
    /// The master of the link; the number -1 for links without one.
    var master: InterfaceIndex?
    var subnet: IPPrefix?
    var isProxy = false
    var isUnused = false
    var origin: RoutingProtocol?
    /// The states that are meant.
    var states: NeighborState = []
    /// Whether those in no state are meant.
    var hasStateless = false
    private var hasStates = false

    private init(family: UInt8) { self.family = AddressFamily(rawValue: family) }

    /// Reads the words of a listing or a flush.
    static func parse(
        _ words: inout Words, _ session: inout Session, isFlush: Bool
    ) throws(CommandError) -> NeighborFilter {
        var filter = NeighborFilter(family: session.options.family)
        var device: Word?
        while let word = words.next() {
            switch word {
            case "dev":
                let name = try words.required()
                if device != nil { throw .duplicate("dev", name) }
                device = name
            default: try filter.take(word, &words, &session, isFlush)
            }
        }
        if let device { filter.index = try session.index(of: device) }
        // Without a word about states those that never change are no concern of a flush, nor NOARP ones of a listing.
        if !filter.hasStates {
            filter.states = isFlush ? [.permanent, .noARP] : .noARP
            filter.states = NeighborState(rawValue: 0xff).subtracting(filter.states)
            filter.hasStateless = isFlush
        }
        return filter
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session, _ isFlush: Bool
    ) throws(CommandError) {
        switch word {
        case "master":
            let name = try words.required()
            guard let index = try session.lookUp(name) else { throw .invalid(name, "Device does not exist\n") }
            master = index
        case "vrf": master = try AddressFilter.vrf(try words.required(), &session)
        case "nomaster": master = InterfaceIndex(rawValue: -1)
        case "unused": isUnused = true
        case "nud": try takeState(try words.required(), isFlush)
        case "proxy": isProxy = true
        case prefix("protocol"): try takeProtocol(try words.required(), &session)
        default:
            let value = word == "to" ? try words.required() : word
            if value.isPrefix(of: "help") { throw Usage.error(.neighbor, status: 255) }
            try takePrefix(value)
        }
    }

    private mutating func takeState(_ word: Word, _ isFlush: Bool) throws(CommandError) {
        if !hasStates { states = [] }
        hasStates = true
        guard let state = NeighborStateName.state(word) else {
            guard word == "all" else { throw .invalid(word, "nud state is bad") }
            states = NeighborState(rawValue: 0xff)
            if isFlush { states.remove(.noARP) }
            hasStateless = true
            return
        }
        if state.isEmpty { hasStateless = true }
        states.formUnion(state)
    }

    private mutating func takeProtocol(_ word: Word, _ session: inout Session) throws(CommandError) {
        if let number = session.names.protocols.number(word), number < 256 {
            origin = RoutingProtocol(rawValue: UInt8(number))
        } else if word == "all" {
            origin = nil
        } else {
            throw .invalid(word, "invalid \"protocol\"\n")
        }
    }

    private mutating func takePrefix(_ word: Word) throws(CommandError) {
        do throws(AddressSyntaxError) {
            subnet = nil
            guard case .prefix(let found, _) = try PrefixArgument(parsing: word.string, family: family) else { return }
            subnet = found
            if family == .unspecified { family = found.family }
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    /// What goes to the kernel; the rest is looked at here.
    var dump: NeighborDump {
        var dump = NeighborDump.neighbors(family: family, on: index, master: master)
        dump.isProxy = isProxy
        return dump
    }

    /// Whether a listed neighbour is meant.
    func accepts(_ neighbor: Neighbor) -> Bool {
        // States of proxies say nothing, and a program answers for what it has learnt.
        if neighbor.flags.isDisjoint(with: [.proxy, .externallyLearned]) {
            if neighbor.state.isEmpty ? !hasStateless : neighbor.state.isDisjoint(with: states) { return false }
        }
        if let origin, (neighbor.origin ?? .unspecified) != origin { return false }
        if let subnet, !(neighbor.destination.map { subnet.contains($0) } ?? false) { return false }
        if isUnused, let cache = neighbor.cache, cache.references > 0 { return false }
        return true
    }
}
