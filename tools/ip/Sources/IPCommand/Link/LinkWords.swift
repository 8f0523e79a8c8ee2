// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What the words of `ip link add`, `set` and `delete`, and of a veth's peer, say up to `type`.
struct LinkWords {
    /// Whether a link is made: then a name belongs to it, else it tells which one.
    let creates: Bool
    /// Whether a link of the name may be there already.
    let replaces: Bool
    /// Whether this is the other end of a pair, whose kind is known.
    let isPeer: Bool
    /// The link of `dev`, which may be left out.
    var device: Word?
    /// The name of `name`.
    var name: Word?
    /// The number of `index`.
    var index: Int32?
    /// The group: where no link is named, all of its links are meant.
    var group: UInt32?
    /// The link below.
    var parent: Word?
    /// The kind behind `type`; its own words follow.
    var kind: Word?
    /// The values to be set.
    var link = Link()
    /// Where the link goes.
    var target = LinkTarget()

    init(creates: Bool, replaces: Bool = false, isPeer: Bool = false) {
        self.creates = creates
        self.replaces = replaces
        self.isPeer = isPeer
    }

    /// Reads words until the kind or their end.
    mutating func read(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        while let word = words.next() {
            // The order decides what an abbreviation means; it is iproute2's.
            switch word {
            case "up": link.setFlag(.up, true)
            case "down": link.setFlag(.up, false)
            case "name": try readName(&words)
            case "index": try readIndex(&words)
            case prefix("link"): parent = try words.required()
            case prefix("address"): link.address = try Self.address(&words)
            case prefix("broadcast"), "brd": link.broadcast = try Self.address(&words)
            case prefix("txqueuelen"), "qlen", prefix("txqlen"):
                try once(link.transmitQueueLength != nil, "txqueuelen", &words)
                link.transmitQueueLength = try Self.integer("txqueuelen", &words)
            case "mtu":
                try once(link.mtu != nil, "mtu", &words)
                link.mtu = try Self.integer("mtu", &words)
            case "xdp", "xdpgeneric", "xdpdrv", "xdpoffload":
                link.xdp = try XDPWords.read(word, &words, &session)
            case "netns": try readNamespace(&words, &session)
            case "multicast": link.setFlag(.multicast, try words.onOff("multicast"))
            case "allmulticast": link.setFlag(.allMulticast, try words.onOff("allmulticast"))
            case "promisc": link.setFlag(.promiscuous, try words.onOff("promisc"))
            case "trailers": link.setFlag(.noTrailers, !(try words.onOff("trailers")))
            case "arp": link.setFlag(.noARP, !(try words.onOff("arp")))
            case "carrier": link.carrier = try words.oneOf(["off", "on"], "carrier") == 1
            case "vf": try readVirtualFunction(&words, &session)
            case prefix("master"): link.master = try Self.master(&words, &session)
            case "vrf": link.master = try LinkFilter.vrf(&words, &session)
            case prefix("nomaster"): link.master = InterfaceIndex.none
            case prefix("dynamic"): link.setFlag(.dynamic, try words.onOff("dynamic"))
            case prefix("type"):
                let word = try words.required()
                if isPeer { throw .duplicate("type", word) }
                kind = word
                return
            case prefix("alias"):
                let word = try words.required()
                guard word.count < 256 else { throw .invalid(word, "alias too long\n") }
                link.alias = word.string
            case "group":
                let again = words.peek
                if group != nil, let again { throw .duplicate("group", again) }
                group = try LinkFilter.group(&words, &session)
            default: try readRare(word, &words, &session)
            }
        }
    }

    private mutating func readRare(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "mode": try readMode(&words)
        case "state": try readState(&words)
        case prefix("numtxqueues"):
            try once(link.transmitQueueCount != nil, "numtxqueues", &words)
            link.transmitQueueCount = try Self.integer("numtxqueues", &words)
        case prefix("numrxqueues"):
            try once(link.receiveQueueCount != nil, "numrxqueues", &words)
            link.receiveQueueCount = try Self.integer("numrxqueues", &words)
        case prefix("addrgenmode"): try readAddressGeneration(&words)
        case prefix("link-netns"): try readParentNamespace(&words, &session)
        case prefix("link-netnsid"):
            try once(link.parentNamespaceID != nil, "link-netns/link-netnsid", &words)
            link.parentNamespaceID = try words.value(or: "Invalid \"link-netnsid\" value\n")
        case "protodown": link.protocolDown = try words.oneOf(["off", "on"], "protodown") == 1
        case "protodown_reason": try readProtocolDownReason(&words, &session)
        case "gso_max_size": link.gsoMaxSize = try words.value(or: "Invalid \"gso_max_size\" value\n")
        case "gso_max_segs":
            let word = try words.required()
            guard let count = word.number(UInt32.self), count <= 65535 else {
                throw .invalid(word, "Invalid \"gso_max_segs\" value\n")
            }
            link.gsoMaxSegments = count
        case "gro_max_size": link.groMaxSize = try words.value(or: "Invalid \"gro_max_size\" value\n")
        case "gso_ipv4_max_size": link.gsoIPv4MaxSize = try words.value(or: "Invalid \"gso_ipv4_max_size\" value\n")
        case "gro_ipv4_max_size": link.groIPv4MaxSize = try words.value(or: "Invalid \"gro_ipv4_max_size\" value\n")
        case "parentdev":
            // Only wireless WAN links have a parent device; the library knows it as what the kernel reports.
            let parentName: UInt16 = 56  // IFLA_PARENT_DEV_NAME
            let name = try words.required().array + [0]
            link.unknown.keep(UnknownAttribute(rawType: parentName, payload: name))
        default: try readDevice(word, &words)
        }
    }

    private mutating func readDevice(_ word: Word, _ words: inout Words) throws(CommandError) {
        var name = word
        if word == "dev" {
            name = try words.required()
        } else if word.isPrefix(of: "help") {
            throw LinkHelp.error(status: 255)
        }
        if device != nil { throw .garbage(name, orDuplicate: "dev") }
        guard Self.isName(name, limit: LinkReference.maximumNameByteCount) else {
            throw .invalid(name, "\"dev\" not a valid ifname")
        }
        device = name
    }

    // MARK: Values

    private mutating func readName(_ words: inout Words) throws(CommandError) {
        let word = try words.required()
        if name != nil { throw .duplicate("name", word) }
        guard Self.isName(word, limit: InterfaceName.maximumByteCount) else {
            throw .invalid(word, "\"name\" not a valid ifname")
        }
        name = word
    }

    private mutating func readIndex(_ words: inout Words) throws(CommandError) {
        let word = try words.required()
        if index != nil { throw .duplicate("index", word) }
        let number = word.leadingInteger
        guard number > 0 else { throw .invalid(word, "Invalid \"index\" value") }
        index = number
    }

    private mutating func readNamespace(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let word = try words.required()
        if target.namespace != nil { throw .duplicate("netns", word) }
        let handle = try Self.namespace(word)
        // The request names it by a descriptor, which must live until then.
        session.namespaces.append(handle)
        target.namespace = .descriptor(handle.descriptor)
    }

    /// Opens a namespace by its name, its path or a process in it.
    private static func namespace(_ word: Word) throws(CommandError) -> NamespaceHandle {
        let text = word.string
        let isPath = word.firstIndex(of: 0x2f) != nil
        do throws(NetlinkError) {
            return try NamespaceHandle(isPath ? .path(text) : .name(text))
        } catch {
            if let pid = word.number(Int32.self), pid > 0, let handle = try? NamespaceHandle(.pid(pid)) {
                return handle
            }
            // What is there and no namespace, the kernel would refuse.
            if error.isInvalid { throw CommandError("RTNETLINK answers: Invalid argument", status: 2) }
            throw .invalid(word, "Invalid \"netns\" value\n")
        }
    }

    private mutating func readParentNamespace(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        try once(link.parentNamespaceID != nil, "link-netns/link-netnsid", &words)
        let word = try words.required()
        let connection = try session.connection
        do throws(NetlinkError) {
            let peer = NamespacePeer.handle(try NamespaceHandle(.name(word.string)))
            if let id = try connection.query(NamespaceIDQuery<RouteProtocol>(of: peer)) {
                link.parentNamespaceID = id.rawValue
                return
            }
            try connection.perform(NamespaceIDAssignment<RouteProtocol>(nil, to: peer))
            link.parentNamespaceID = try connection.query(NamespaceIDQuery<RouteProtocol>(of: peer))?.rawValue
        } catch {
            // iproute2 prints the word that it has consumed already.
            throw .invalid(Word("(null)"), "Invalid \"link-netns\" value\n")
        }
    }

    private mutating func readMode(_ words: inout Words) throws(CommandError) {
        let word = try words.required()
        switch word.lowercased {
        case "default": link.mode = .normal
        case "dormant": link.mode = .dormant
        default: throw .invalid(word, "Invalid link mode\n")
        }
    }

    private mutating func readState(_ words: inout Words) throws(CommandError) {
        let word = try words.required()
        guard let state = OperationalState(word.lowercased) else { throw .invalid(word, "Invalid operstate\n") }
        link.operationalState = state
    }

    private mutating func readAddressGeneration(_ words: inout Words) throws(CommandError) {
        let word = try words.required()
        var families = link.families ?? LinkFamilies()
        switch word.lowercased {
        case "eui64": families.ipv6.addressGenerationMode = .eui64
        case "none": families.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
        case "stable_secret": families.ipv6.addressGenerationMode = .stablePrivacy
        case "random": families.ipv6.addressGenerationMode = .random
        default: throw .invalid(word, "Invalid address generation mode\n")
        }
        link.families = families
    }

    private mutating func readProtocolDownReason(
        _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        let word = try words.required()
        guard let bit = session.names.protodownReasons.number(word), bit < 32 else {
            throw .invalid(word, "invalid protodown reason\n")
        }
        let setting = try words.required()
        let isOn: Bool
        switch setting {
        case prefix("on"): isOn = true
        case prefix("off"): isOn = false
        default: throw .notOnOff("protodown_reason", setting)
        }
        link.protocolDownReasons = ProtocolDownReasons(value: isOn ? 1 << bit : 0, mask: 1 << bit)
    }

    private mutating func readVirtualFunction(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let number: Int32 = try words.value(or: "Invalid \"vf\" value\n")
        guard let device else { throw .missing("dev") }
        let settings = try VirtualFunctionWords.read(UInt32(bitPattern: number), of: device, &words, &session)
        link.virtualFunctionSettings.append(settings)
    }
}

// MARK: Words that other commands share

extension LinkWords {
    /// Refuses a keyword that was there already, naming its value.
    private func once(_ isThere: Bool, _ keyword: String, _ words: inout Words) throws(CommandError) {
        guard isThere else { return }
        throw .duplicate(keyword, try words.required())
    }

    /// Reads a number as iproute2 does, which takes it for a signed one and sends its bits.
    private static func integer(_ keyword: String, _ words: inout Words) throws(CommandError) -> UInt32 {
        UInt32(bitPattern: try words.value(Int32.self, or: "Invalid \"\(keyword)\" value\n"))
    }

    /// Reads a hardware address.
    static func address(_ words: inout Words) throws(CommandError) -> HardwareAddress {
        let word = try words.required()
        do throws(AddressSyntaxError) {
            return try HardwareAddress(parsing: word.string)
        } catch {
            throw CommandError("\"\(error.text)\" is invalid lladdr.", status: 1)
        }
    }

    private static func master(_ words: inout Words, _ session: inout Session) throws(CommandError) -> InterfaceIndex {
        let word = try words.required()
        guard let index = try session.lookUp(word) else { throw .invalid(word, "Device does not exist\n") }
        return index
    }

    /// Whether a word could name a link.
    static func isName(_ word: Word, limit: Int) -> Bool {
        guard !word.isEmpty, word.count <= limit else { return false }
        for index in 0..<word.count {
            let byte = word[index]
            if byte == 0x2f || byte == 0x20 || (0x09...0x0d).contains(byte) { return false }
        }
        return true
    }
}

extension Word {
    /// The word with capital letters of ASCII made small.
    var lowercased: Word {
        Word(bytes: array.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 })
    }
}
