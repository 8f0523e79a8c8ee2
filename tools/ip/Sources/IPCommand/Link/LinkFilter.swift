// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which links `ip link show` lists.
struct LinkFilter {
    /// The one link that is named.
    var device: Word?
    /// Whether only links that are up are listed.
    var wantsUp = false
    /// Whether only links that are down are listed.
    var wantsDown = false
    var group: UInt32?
    /// The master; number 0 for links without one.
    var master: InterfaceIndex?
    /// The kind of the link, or of a port as `KIND_slave`.
    var kind: Word?
    var showsVirtualFunctions = true
    /// Addresses have labels and links none, so that this leaves nothing.
    var hasLabel = false

    /// Whether a link is listed, as far as iproute2 looks at this itself: in JSON `{}` stands for one that is not.
    func accepts(_ link: Link) -> Bool {
        if hasLabel { return false }
        if wantsUp, !link.flags.contains(.up) { return false }
        if wantsDown, link.flags.contains(.up) { return false }
        if let group, let own = link.group, own != group { return false }
        if let master, master != .none, link.master != master { return false }
        guard let kind else { return true }
        guard let portKind else { return link.kind?.name == kind.string }
        guard let port = link.portKind else { return portKind.isEmpty && link.kind != nil }
        return port.name == portKind
    }

    /// The kind of port that is asked for.
    var portKind: String? {
        guard let kind else { return nil }
        let suffix: StaticString = "_slave"
        let length = kind.count - suffix.utf8CodeUnitCount
        return length >= 0 && kind.dropFirst(length) == suffix ? kind.prefix(length).string : nil
    }

    /// What of the filter goes to the kernel.
    func dump(_ options: GlobalOptions) -> LinkDump {
        var dump = LinkDump()
        dump.detail = detail(options)
        if let master, master != .none { dump.master = master }
        if portKind == nil { dump.kind = kind?.string }
        return dump
    }

    func detail(_ options: GlobalOptions) -> LinkDetail {
        var detail: LinkDetail = showsVirtualFunctions ? .virtualFunctions : []
        if options.statistics == 0 { detail.insert(.withoutStatistics) }
        return detail
    }
}

// MARK: Words

extension LinkFilter {
    /// Reads the words behind `show`, which are those of `ip address show`: some have no meaning for links.
    init(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        while let word = words.next() {
            switch word {
            case "to": throw Self.notInContext(try words.required())
            case "scope":
                let scope = try words.required()
                if scope != "all", session.names.scopes.number(scope) == nil {
                    throw .invalid(scope, "invalid \"scope\"\n")
                }
            case "up": wantsUp = true
            case "down": wantsDown = true
            case "label":
                _ = try words.required()
                hasLabel = true
            case "group": group = try Self.group(&words, &session)
            case "master":
                let name = try words.required()
                guard let index = try session.lookUp(name) else { throw .invalid(name, "Device does not exist\n") }
                master = index
            case "vrf": master = try Self.vrf(&words, &session)
            case "nomaster": master = InterfaceIndex.none
            case "type": kind = try words.required()
            case "proto":
                let number = try words.required()
                guard number.number(UInt8.self) != nil else { throw .invalid(number, "\"proto\" value is invalid\n") }
            case "novf": showsVirtualFunctions = false
            case _ where Self.isAddressFlag(word): break
            default: try takeDevice(word, &words)
            }
        }
    }

    private mutating func takeDevice(_ word: Word, _ words: inout Words) throws(CommandError) {
        var name = word
        if word == "dev" {
            name = try words.required()
        } else if word.isPrefix(of: "help") {
            throw LinkHelp.error(status: 255)
        }
        if device != nil { throw .garbage(name, orDuplicate: "dev") }
        device = name
    }

    /// Reads a group by name or number.
    static func group(_ words: inout Words, _ session: inout Session) throws(CommandError) -> UInt32 {
        let name = try words.required()
        guard let group = session.names.groups.number(name) else { throw .invalid(name, "Invalid \"group\" value\n") }
        return group
    }

    /// Reads the name of a link that is a VRF.
    static func vrf(_ words: inout Words, _ session: inout Session) throws(CommandError) -> InterfaceIndex {
        let name = try words.required()
        let connection = try session.connection
        guard let link = try? connection.query(LinkQuery(.name(name.string), detail: .withoutStatistics)),
            link.kind?.name == "vrf"
        else { throw .invalid(name, "Not a valid VRF name\n") }
        return link.index
    }

    private static func isAddressFlag(_ word: Word) -> Bool {
        let name = word.hasPrefix("-") ? word.dropFirst() : word
        switch name {
        case "dynamic", "permanent", "secondary", "temporary", "primary", "nodad", "optimistic", "dadfailed", "home",
            "deprecated", "tentative", "mngtmpaddr", "noprefixroute", "autojoin", "stable-privacy":
            return true
        default: return false
        }
    }

    private static func notInContext(_ word: Word) -> CommandError {
        CommandError(
            "Error: \"\(word.string)\" may be inet prefix, but it is not allowed in this context.", status: 1,
            endsBatch: true)
    }
}
