// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which links and addresses a listing or a flush is for, as its words say.
struct AddressFilter {
    var family: AddressFamily
    /// What is asked of the links.
    var link = LinkFilter()
    /// The one link, when it was looked up.
    var index: InterfaceIndex?
    var prefix: IPPrefix?
    var scope: RouteScope?
    var flags: AddressFlags = []
    var flagMask: AddressFlags = []
    var label: GlobPattern?
    var origin: AddressProtocol?

    /// Reads the words of a listing.
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> AddressFilter {
        var filter = AddressFilter(family: AddressFamily(rawValue: session.options.family))
        while let word = words.next() { try filter.take(word, &words, &session) }
        return filter
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "to": try takePrefix(try words.required())
        case "scope": try takeScope(try words.required(), &session)
        case "up": link.wantsUp = true
        case "down": link.wantsDown = true
        case "label": label = GlobPattern(try words.required().array)
        case "group":
            let name = try words.required()
            guard let group = session.names.groups.number(name) else {
                throw .invalid(name, "Invalid \"group\" value\n")
            }
            link.group = group
        case "master":
            let name = try words.required()
            guard let index = try session.lookUp(name) else { throw .invalid(name, "Device does not exist\n") }
            link.master = index
        case "vrf": link.master = try Self.vrf(try words.required(), &session)
        case "nomaster": link.master = InterfaceIndex.none
        case "type": link.kind = try words.required()
        case "novf": link.showsVirtualFunctions = false
        case "proto":
            origin = AddressProtocol(rawValue: try words.value(UInt8.self, or: "\"proto\" value is invalid\n"))
        default:
            if takeFlag(word) { return }
            try takeDevice(word, &words)
        }
    }

    private mutating func takeDevice(_ first: Word, _ words: inout Words) throws(CommandError) {
        let word = first == "dev" ? try words.required() : first
        if first != "dev", word.isPrefix(of: "help") { throw Usage.error(.address, status: 255) }
        if link.device != nil { throw .garbage(word, orDuplicate: "dev") }
        link.device = word
    }

    private mutating func takeFlag(_ first: Word) -> Bool {
        let isInverted = first.hasPrefix("-")
        let word = isInverted ? first.dropFirst(1) : first
        let wanted: (AddressFlags, Bool)
        switch word {
        case "primary": wanted = (.secondary, false)
        case "dynamic": wanted = (.permanent, false)
        default:
            guard let flag = AddressFlagName.flag(word) else { return false }
            wanted = (flag.value, true)
        }
        flagMask.insert(wanted.0)
        if wanted.1 != isInverted { flags.insert(wanted.0) } else { flags.remove(wanted.0) }
        return true
    }

    private mutating func takePrefix(_ word: Word) throws(CommandError) {
        do throws(AddressSyntaxError) {
            guard case .prefix(let prefix, _) = try PrefixArgument(parsing: word.string, family: family) else { return }
            self.prefix = prefix
            if family == .unspecified { family = prefix.family }
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private mutating func takeScope(_ word: Word, _ session: inout Session) throws(CommandError) {
        if let number = session.names.scopes.number(word), number < 256 {
            scope = RouteScope(rawValue: UInt8(number))
        } else if word == "all" {
            scope = nil
        } else {
            throw .invalid(word, "invalid \"scope\"\n")
        }
    }

    /// The number of a VRF.
    static func vrf(_ name: Word, _ session: inout Session) throws(CommandError) -> InterfaceIndex {
        let connection = try session.connection
        guard let link = try? connection.query(LinkQuery(.name(name.string), detail: .withoutStatistics)),
            link.kind?.name == "vrf"
        else { throw .invalid(name, "Not a valid VRF name\n") }
        return link.index
    }

    /// Whether there are no addresses to look at, only links.
    var isForLinksOnly: Bool { family == .packet }

    /// What goes to the kernel.
    var dump: AddressDump { .addresses(on: index, family: family) }

    /// Whether an address makes its link appear.
    func accepts(_ address: Address, _ links: LinkNames) -> Bool {
        if let scope, address.scope != scope { return false }
        if address.flags.intersection(flagMask) != flags { return false }
        if let prefix, !(address.local.map { prefix.contains($0) } ?? false) { return false }
        if let label, !label.matches(address.label.map { Array($0.utf8) } ?? links.name(of: address.index)) {
            return false
        }
        return true
    }

    /// Whether an address is shown where its link is.
    func shows(_ address: Address, _ links: LinkNames) -> Bool {
        if let origin, let other = address.origin, origin != other { return false }
        return accepts(address, links)
    }
}
