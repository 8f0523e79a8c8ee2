// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Reads the words that describe an address to be added, changed or removed.
struct AddressArguments {
    private enum Broadcast {
        case ones, zeros
        case address(IPAddress?)
    }

    /// What was described.
    private(set) var address: Address
    /// Whether an IPv4 address is to be removed whatever its prefix is.
    private(set) var isWildcard = false
    private var family: AddressFamily
    private var local: PrefixArgument?
    private var localWord: Word?
    /// Whether `any` stands where an address has to be.
    private var isEmpty = false
    private var peer: PrefixArgument?
    private var broadcast: Broadcast?
    private var hasAnycast = false
    private var device: Word?

    private init(_ session: borrowing Session) {
        family = AddressFamily(rawValue: session.options.family)
        address = Address(.anyIPv4, on: .none)
        address.local = nil
        address.family = family
    }

    /// Reads all words.
    static func parse(
        _ words: inout Words, _ session: inout Session, isRemoval: Bool
    ) throws(CommandError) -> AddressArguments {
        var arguments = AddressArguments(session)
        while let word = words.next() { try arguments.take(word, &words, &session) }
        try arguments.finish(&session, isRemoval)
        return arguments
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "peer", "remote":
            let value = try words.required()
            if peer != nil { throw .duplicate("peer", value) }
            peer = try readPrefix(value)
        case prefix("broadcast"), "brd": try takeBroadcast(try words.required())
        case "anycast":
            let value = try words.required()
            if hasAnycast { throw .duplicate("anycast", value) }
            hasAnycast = true
            address.anycast = try readAddress(value)
        case "scope":
            let name = try words.required()
            guard let value = session.names.scopes.number(name), value < 256 else {
                throw .invalid(name, "invalid scope value.")
            }
            address.scope = RouteScope(rawValue: UInt8(value))
        case "dev": device = try words.required()
        case "label": address.label = try words.required().string
        case prefix("metric"), prefix("priority"), prefix("preference"):
            address.metric = try words.value(UInt32.self, or: "\"metric\" value is invalid\n")
        case prefix("valid_lft"):
            if address.validLifetime != nil { throw .duplicate("valid_lft", word) }
            let lifetime = try readLifetime(try words.required(), "valid_lft value")
            if lifetime == .seconds(0) { throw CommandError("valid_lft is zero", status: 1) }
            address.validLifetime = lifetime
        case prefix("preferred_lft"):
            if address.preferredLifetime != nil { throw .duplicate("preferred_lft", word) }
            address.preferredLifetime = try readLifetime(try words.required(), "preferred_lft value")
        case "proto":
            let name = try words.required()
            guard let value = session.names.addressProtocols.number(name), value < 256 else {
                throw .invalid(name, "\"proto\" value is invalid\n")
            }
            address.origin = AddressProtocol(rawValue: UInt8(value))
        default:
            if takeFlag(word) { return }
            try takeLocal(word, &words)
        }
    }

    private mutating func takeFlag(_ word: Word) -> Bool {
        guard let flag = AddressFlagName.flag(word) else { return false }
        if flag.isForIPv6, family != .ipv6 {
            // Also where the family is not known yet: the address follows.
            CommandError("Warning: \(word) option can be set only for IPv6 addresses", status: 0).report()
        } else if flag.isMutable {
            address.flags.insert(flag.value)
        } else {
            CommandError("Warning: \(word.string) option is not mutable from userspace", status: 0).report()
        }
        return true
    }

    private mutating func takeLocal(_ first: Word, _ words: inout Words) throws(CommandError) {
        let word = first == "local" ? try words.required() : first
        if word.isPrefix(of: "help") { throw Usage.error(.address, status: 255) }
        if local != nil { throw .garbage(word, orDuplicate: "local") }
        local = try readPrefix(word)
        localWord = word
    }

    private mutating func takeBroadcast(_ word: Word) throws(CommandError) {
        if broadcast != nil { throw .duplicate("broadcast", word) }
        switch word {
        case "+": broadcast = .ones
        case "-": broadcast = .zeros
        default: broadcast = .address(try readAddress(word))
        }
    }

    private func readLifetime(_ word: Word, _ reason: String) throws(CommandError) -> AddressLifetime {
        if word == "forever" { return .forever }
        guard let seconds = word.number(UInt32.self) else { throw .invalid(word, reason) }
        return .seconds(seconds)
    }

    private mutating func readPrefix(_ word: Word) throws(CommandError) -> PrefixArgument {
        do throws(AddressSyntaxError) {
            let argument = try PrefixArgument(parsing: word.string, family: family)
            if family == .unspecified, case .prefix(let prefix, _) = argument { family = prefix.family }
            return argument
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private mutating func readAddress(_ word: Word) throws(CommandError) -> IPAddress? {
        do throws(AddressSyntaxError) {
            let argument = try AddressArgument(parsing: word.string, family: family)
            if family == .unspecified, case .address(let address) = argument { family = address.family }
            return argument.address(in: family)
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    // MARK: What follows from what was said

    private mutating func finish(_ session: inout Session, _ isRemoval: Bool) throws(CommandError) {
        guard let device else { throw .notEnough("dev", status: 1, endsBatch: false) }
        address.family = family
        try setAddresses(isRemoval)
        try setBroadcast()
        address.index = try session.index(of: device)
        try checkLifetimes()
        if address.flags.contains(.multicastAutojoin), !(address.local?.isMulticast ?? false) {
            throw CommandError("autojoin needs multicast address", status: 1)
        }
        // In the words in which the kernel refuses an empty address.
        if isEmpty { throw CommandError("Error: Attribute failed policy validation.", status: 2) }
    }

    private mutating func setAddresses(_ isRemoval: Bool) throws(CommandError) {
        // `default` before the family is known is no address either, whatever family follows.
        if local == .default || local == .any, family != .unspecified { isEmpty = true }
        let ownPrefix = local?.prefix(in: family)
        let peerPrefix = peer == .default ? nil : peer?.prefix(in: family)
        if peer != nil, peerPrefix == nil { isEmpty = true }
        address.local = ownPrefix?.address
        address.peer = peerPrefix?.address
        let length = peerPrefix?.length ?? 0
        address.prefixLength = length > 0 ? length : ownPrefix?.length ?? 0
        guard isRemoval, peerPrefix == nil, case .prefix(let prefix, hasLength: false) = local else { return }
        isWildcard = prefix.family == .ipv4
        if isWildcard, let localWord { warnOfWildcard(localWord.string) }
    }

    private func warnOfWildcard(_ address: String) {
        CommandError(
            """
            Warning: Executing wildcard deletion to stay compatible with old scripts.
                     Explicitly specify the prefix length (\(address)/32) to avoid this warning.
                     This special behaviour is likely to disappear in further releases,
                     fix your scripts!
            """, status: 0
        ).report()
    }

    private mutating func setBroadcast() throws(CommandError) {
        let ones: Bool
        switch broadcast {
        case nil: return
        case .address(let given):
            if given == nil { isEmpty = true }
            address.broadcast = given
            return
        case .ones: ones = true
        case .zeros: ones = false
        }
        guard family == .ipv4 else {
            throw CommandError("Broadcast can be set only for IPv4 addresses", status: 1)
        }
        let length = address.prefixLength
        // Below that there are no hosts but the two ends.
        guard length <= 30, let prefix = (address.peer ?? address.local)?.ipv4 else { return }
        let hosts = UInt32.max >> UInt32(length)
        address.broadcast = .v4(IPv4Address(rawValue: ones ? prefix.rawValue | hosts : prefix.rawValue & ~hosts))
    }

    private mutating func checkLifetimes() throws(CommandError) {
        guard address.validLifetime != nil || address.preferredLifetime != nil else { return }
        let valid = address.validLifetime ?? .forever
        let preferred = address.preferredLifetime ?? .forever
        if preferred > valid { throw CommandError("preferred_lft is greater than valid_lft", status: 1) }
        address.validLifetime = valid
        address.preferredLifetime = preferred
    }
}
