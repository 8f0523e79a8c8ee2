// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type vxlan`.
enum VXLANOptions: KindOptions {
    static let name: StaticString = "vxlan"

    static let help: StaticString = """
        Usage: ... vxlan { id VNI | external } [ group ADDRESS | remote ADDRESS ] [ local ADDRESS ] [ dev DEVICE ]
                         [ ttl { 0...255 | auto | inherit } ] [ tos { NUMBER | inherit } ]
                         [ df { unset | set | inherit } ] [ flowlabel 0...1048575 ]
                         [ dstport PORT ] [ srcport FIRST LAST ] [ reserved_bits NUMBER ]
                         [ ageing { SECONDS | none } ] [ maxaddress { NUMBER | unlimited } ]
                         [ [no]learning ] [ [no]proxy ] [ [no]rsc ] [ [no]l2miss ] [ [no]l3miss ]
                         [ [no]udpcsum ] [ [no]udp6zerocsumtx ] [ [no]udp6zerocsumrx ]
                         [ [no]remcsumtx ] [ [no]remcsumrx ] [ [no]localbypass ]
                         [ [no]external ] [ [no]vnifilter ] [ gbp ] [ gpe ]
               VNI: 0 to 16777215
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> VXLANLink {
        var request = VXLANWords()
        while let word = words.next() {
            if try !request.read(word, &words, &session), try !request.readSwitch(word) { throw unknown(word) }
        }
        try request.check(creates: creates)
        var vxlan = request.vxlan
        // A link that takes its ends from routes has no use for learning them.
        if vxlan.isExternal == true, vxlan.learns == nil { vxlan.learns = false }
        return vxlan
    }

    // MARK: Printing

    static func print(_ vxlan: VXLANLink, in session: inout Session) {
        session.output.option("id", vxlan.id)
        printEnds(vxlan, in: &session)
        if let ports = vxlan.sourcePorts {
            session.output.beginObject("port_range")
            session.output.number("low", ports.low, prefix: "srcport ", suffix: " ")
            session.output.number("high", ports.high, suffix: " ")
            session.output.endObject()
        }
        session.output.option("port", vxlan.port, label: "dstport")
        printHeader(vxlan, in: &session)
        if let time = vxlan.ageingTime {
            if time == .zero {
                session.output.number("ageing", 0)
                session.output.text("ageing none ")
            } else {
                session.output.option("ageing", time, in: .seconds(1))
            }
        }
        if let limit = vxlan.addressLimit, limit != 0 { session.output.option("limit", limit, label: "maxaddr") }
        session.output.option("reserved_bits", text: vxlan.reservedBits.map { Hexadecimal($0) })
        if vxlan.hasGroupPolicy { session.output.null("gbp", text: "gbp ") }
        if vxlan.hasProtocolExtension { session.output.null("gpe", text: "gpe ") }
        flag("external", vxlan.isExternal, on: "external ", in: &session)
        if vxlan.filtersVNIs == true { session.output.flag("vnifilter", text: "vnifilter ") }
        flag("learning", vxlan.learns, off: "nolearning ", in: &session)
        flag("proxy", vxlan.isProxy, on: "proxy ", in: &session)
        flag("rsc", vxlan.shortCircuitsRoutes, on: "rsc ", in: &session)
        flag("l2miss", vxlan.notifiesAddressMisses, on: "l2miss ", in: &session)
        flag("l3miss", vxlan.notifiesRouteMisses, on: "l3miss ", in: &session)
        flag("udp_csum", vxlan.checksums, off: "noudp_csum ", in: &session)
        flag("udp_zero_csum6_tx", vxlan.omitsIPv6ChecksumsSending, on: "udp_zero_csum6_tx ", in: &session)
        flag("udp_zero_csum6_rx", vxlan.allowsIPv6ChecksumsMissing, on: "udp_zero_csum6_rx ", in: &session)
        flag("remcsum_tx", vxlan.offloadsChecksumsSending, on: "remcsum_tx ", in: &session)
        flag("remcsum_rx", vxlan.offloadsChecksumsReceiving, on: "remcsum_rx ", in: &session)
        flag("localbypass", vxlan.bypassesLocally, off: "nolocalbypass ", in: &session)
    }

    private static func printEnds(_ vxlan: VXLANLink, in session: inout Session) {
        if let remote = vxlan.remote, !remote.isUnspecified {
            let isFour = remote.family == .ipv4
            if remote.isMulticast {
                session.output.option(isFour ? "group" : "group6", text: remote, label: "group")
            } else {
                session.output.option(isFour ? "remote" : "remote6", text: remote, label: "remote")
            }
        }
        if let local = vxlan.local, !local.isUnspecified {
            session.output.option(local.family == .ipv4 ? "local" : "local6", text: local, label: "local")
        }
        if let device = vxlan.device, device != .none {
            session.output.option("link", text: session.links.name(of: device), label: "dev")
        }
    }

    private static func printHeader(_ vxlan: VXLANLink, in session: inout Session) {
        if let tos = vxlan.tos, tos != 0 {
            if session.output.isJSON || tos != 1 {
                session.output.option("tos", text: Hexadecimal(UInt64(tos)))
            } else {
                session.output.text("tos inherit ")
            }
        }
        if vxlan.inheritsTTL == true {
            session.output.text("ttl inherit ")
        } else if let ttl = vxlan.ttl {
            if ttl == 0, !session.output.isJSON {
                session.output.text("ttl auto ")
            } else {
                session.output.option("ttl", ttl)
            }
        }
        if let fragmentation = vxlan.fragmentation {
            let name: StaticString =
                switch fragmentation {
                case .forbidden: "set"
                case .inherited: "inherit"
                default: "unset"
                }
            if session.output.isJSON || fragmentation != .allowed { session.output.option("df", text: name) }
        }
        if let label = vxlan.flowLabel, label != 0 {
            session.output.option("label", text: Hexadecimal(UInt64(label)), label: "flowlabel")
        }
    }

    /// JSON tells a flag either way, the text only what is not usual.
    private static func flag(
        _ key: StaticString, _ value: Bool?, on: StaticString = "", off: StaticString = "", in session: inout Session
    ) {
        if let value { session.output.bool(key, value, on: on, off: off) }
    }
}

/// The words behind `type vxlan`, no one of which may come twice.
private struct VXLANWords {
    var vxlan = VXLANLink()
    private var seen: Set<String> = []
    private var hasGroup = false
    private var hasRemote = false

    mutating func read(_ word: Word, _ words: inout Words, _ session: inout Session) throws(CommandError) -> Bool {
        switch word {
        case prefix("id"), prefix("vni"):
            let word = try value("id", &words)
            guard let id = word.number(UInt32.self), id < 1 << 24 else { throw .invalid(word, "invalid id") }
            vxlan.id = id
        case prefix("group"):
            let word = try value("group", &words)
            vxlan.remote = try address(word, "invalid group address") { $0.isMulticast }
            hasGroup = true
        case prefix("remote"):
            let word = try value("remote", &words)
            vxlan.remote = try address(word, "invalid remote address") { !$0.isMulticast && !$0.isUnspecified }
            hasRemote = true
        case prefix("local"):
            let word = try value("local", &words)
            vxlan.local = try address(word, "invalid local address") { !$0.isMulticast && !$0.isUnspecified }
        case prefix("dev"):
            let word = try value("dev", &words)
            guard let index = try session.lookUp(word) else {
                throw CommandError("Cannot find device \"\(word.string)\"", status: 255, endsBatch: true)
            }
            vxlan.device = index
        case prefix("ttl"), prefix("hoplimit"): try readTTL(&words)
        case prefix("tos"), prefix("dsfield"):
            let word = try value("tos", &words)
            if word == "inherit" {
                vxlan.tos = 1
            } else {
                guard let tos = session.names.dsfields.number(word), tos < 256 else {
                    throw .invalid(word, "bad TOS value")
                }
                vxlan.tos = UInt8(tos)
            }
        case prefix("df"): try readFragmentation(&words)
        case prefix("label"), prefix("flowlabel"):
            let word = try value("flowlabel", &words)
            guard let label = word.number(UInt32.self), label < 1 << 20 else {
                throw .invalid(word, "invalid flowlabel")
            }
            vxlan.flowLabel = label
        case prefix("ageing"):
            let word = try value("ageing", &words)
            guard let age = word == "none" ? 0 : word.number(UInt32.self) else { throw .invalid(word, "ageing timer") }
            vxlan.ageingTime = .seconds(age)
        case prefix("maxaddress"):
            let word = try value("maxaddress", &words)
            guard let limit = word == "unlimited" ? 0 : word.number(UInt32.self) else {
                throw .invalid(word, "max addresses")
            }
            vxlan.addressLimit = limit
        case prefix("port"), prefix("srcport"):
            let word = try value("srcport", &words)
            guard let low = word.number(UInt16.self) else { throw .invalid(word, "min port") }
            vxlan.sourcePorts = VXLANLink.PortRange(low: low, high: try words.value(or: "max port"))
        case prefix("dstport"):
            let word = try value("dstport", &words)
            guard let port = word.number(UInt16.self) else { throw .invalid(word, "dst port") }
            vxlan.port = port
        case "reserved_bits":
            let word = try words.required()
            guard seen.insert("reserved_bits").inserted else { throw .garbage(word, orDuplicate: word.string) }
            guard let bits = word.number(UInt64.self) else { throw .invalid(word, "reserved_bits") }
            vxlan.reservedBits = bits
        default: return false
        }
        return true
    }

    /// Reads a word that stands alone; `no` before it takes away.
    mutating func readSwitch(_ word: Word) throws(CommandError) -> Bool {
        switch word {
        case prefix("nolearning"): vxlan.learns = try set(false, "learning", word)
        case prefix("learning"): vxlan.learns = try set(true, "learning", word)
        case prefix("noproxy"): vxlan.isProxy = try set(false, "proxy", word)
        case prefix("proxy"): vxlan.isProxy = try set(true, "proxy", word)
        case prefix("norsc"): vxlan.shortCircuitsRoutes = try set(false, "rsc", word)
        case prefix("rsc"): vxlan.shortCircuitsRoutes = try set(true, "rsc", word)
        case prefix("nol2miss"): vxlan.notifiesAddressMisses = try set(false, "l2miss", word)
        case prefix("l2miss"): vxlan.notifiesAddressMisses = try set(true, "l2miss", word)
        case prefix("nol3miss"): vxlan.notifiesRouteMisses = try set(false, "l3miss", word)
        case prefix("l3miss"): vxlan.notifiesRouteMisses = try set(true, "l3miss", word)
        case prefix("udpcsum"): vxlan.checksums = try set(true, "udpcsum", word)
        case prefix("noudpcsum"): vxlan.checksums = try set(false, "udpcsum", word)
        case prefix("udp6zerocsumtx"): vxlan.omitsIPv6ChecksumsSending = try set(true, "udp6zerocsumtx", word)
        case prefix("noudp6zerocsumtx"): vxlan.omitsIPv6ChecksumsSending = try set(false, "udp6zerocsumtx", word)
        case prefix("udp6zerocsumrx"): vxlan.allowsIPv6ChecksumsMissing = try set(true, "udp6zerocsumrx", word)
        case prefix("noudp6zerocsumrx"): vxlan.allowsIPv6ChecksumsMissing = try set(false, "udp6zerocsumrx", word)
        case prefix("remcsumtx"): vxlan.offloadsChecksumsSending = try set(true, "remcsumtx", word)
        case prefix("noremcsumtx"): vxlan.offloadsChecksumsSending = try set(false, "remcsumtx", word)
        case prefix("remcsumrx"): vxlan.offloadsChecksumsReceiving = try set(true, "remcsumrx", word)
        case prefix("noremcsumrx"): vxlan.offloadsChecksumsReceiving = try set(false, "remcsumrx", word)
        case prefix("external"): vxlan.isExternal = try set(true, "external", word)
        case prefix("noexternal"): vxlan.isExternal = try set(false, "external", word)
        case prefix("gbp"): vxlan.hasGroupPolicy = try set(true, "gbp", word)
        case prefix("gpe"): vxlan.hasProtocolExtension = try set(true, "gpe", word)
        case "vnifilter": vxlan.filtersVNIs = try set(true, "vnifilter", word)
        case "novnifilter": vxlan.filtersVNIs = try set(false, "vnifilter", word)
        case "localbypass": vxlan.bypassesLocally = try set(true, "localbypass", word)
        case "nolocalbypass": vxlan.bypassesLocally = try set(false, "localbypass", word)
        default: return false
        }
        return true
    }

    /// Says what does not go together.
    func check(creates: Bool) throws(CommandError) {
        if vxlan.filtersVNIs == true, vxlan.isExternal != true {
            throw problem("vnifilter is valid only when 'external' is set")
        }
        if vxlan.isExternal == true, vxlan.id != nil {
            throw problem("both 'external' and vni cannot be specified")
        }
        if vxlan.isExternal != true, vxlan.id == nil, creates { throw problem("missing virtual network identifier") }
        if hasGroup, hasRemote { throw problem("both group and remote cannot be specified") }
        if hasGroup, vxlan.device == nil { throw problem("'group' requires 'dev' to be specified") }
        guard vxlan.port == nil, creates else { return }
        CommandError(
            """
            vxlan: destination port not specified
            Will use Linux kernel default (non-standard value)
            Use 'dstport 4789' to get the IANA assigned value
            Use 'dstport 0' to get default and quiet this message
            """, status: 0
        ).report()
    }

    private func problem(_ text: String) -> CommandError { CommandError("vxlan: \(text)", status: 1) }

    private mutating func value(_ keyword: String, _ words: inout Words) throws(CommandError) -> Word {
        let word = try words.required()
        guard seen.insert(keyword).inserted else { throw .garbage(word, orDuplicate: keyword) }
        return word
    }

    private mutating func set(_ value: Bool, _ keyword: String, _ word: Word) throws(CommandError) -> Bool {
        guard seen.insert(keyword).inserted else { throw .garbage(word, orDuplicate: word.string) }
        return value
    }

    /// Reads an address of the family that the first one has.
    private func address(
        _ word: Word, _ reason: String, _ fits: (IPAddress) -> Bool
    ) throws(CommandError) -> IPAddress {
        let family = (vxlan.remote ?? vxlan.local)?.family
        let argument: AddressArgument
        do throws(AddressSyntaxError) {
            argument = try AddressArgument(parsing: word.string, family: family)
        } catch {
            let what = family == .ipv4 ? "inet address" : family == .ipv6 ? "inet6 address" : "any valid address"
            throw .expected(what, ratherThan: word)
        }
        guard case .address(let address) = argument, fits(address) else { throw .invalid(word, reason) }
        return address
    }

    private mutating func readTTL(_ words: inout Words) throws(CommandError) {
        let word = try value("ttl", &words)
        switch word {
        case "inherit": vxlan.inheritsTTL = true
        case "auto": vxlan.ttl = 0
        default:
            guard let ttl = word.number(UInt32.self) else { throw .invalid(word, "invalid TTL") }
            guard let ttl = UInt8(exactly: ttl) else { throw .invalid(word, "TTL must be <= 255") }
            vxlan.ttl = ttl
        }
    }

    private mutating func readFragmentation(_ words: inout Words) throws(CommandError) {
        let word = try value("df", &words)
        switch word {
        case "unset": vxlan.fragmentation = .allowed
        case "set": vxlan.fragmentation = .forbidden
        case "inherit": vxlan.fragmentation = .inherited
        default: throw .invalid(word, "DF must be 'unset', 'set' or 'inherit'")
        }
    }
}
