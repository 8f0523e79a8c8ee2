// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// A kind of sockets, as `-A` names them.
enum SocketTable: Int, CaseIterable {
    case netlink, packetRaw, packetDatagram, unixStream, unixDatagram, unixSequencedPacket, raw, udp, tcp, dccp, sctp
    case vsockStream, vsockDatagram, tipc, xdp, mptcp

    static let unix: [SocketTable] = [.unixStream, .unixDatagram, .unixSequencedPacket]
    static let packet: [SocketTable] = [.packetRaw, .packetDatagram]
    static let vsock: [SocketTable] = [.vsockStream, .vsockDatagram]
    static let inet: [SocketTable] = [.raw, .udp, .tcp, .dccp, .sctp, .mptcp]

    /// The tables that a word of `-A` stands for.
    static func named(_ name: Substring) -> [SocketTable]? {
        switch name {
        case "all": allCases
        case "inet": inet
        case "udp": [.udp]
        case "tcp": [.tcp]
        case "raw": [.raw]
        case "mptcp": [.mptcp]
        case "sctp": [.sctp]
        case "dccp": [.dccp]
        case "unix": unix
        case "unix_stream", "u_str": [.unixStream]
        case "unix_dgram", "u_dgr": [.unixDatagram]
        case "unix_seqpacket", "u_seq": [.unixSequencedPacket]
        case "packet": packet
        case "packet_raw", "p_raw": [.packetRaw]
        case "packet_dgram", "p_dgr": [.packetDatagram]
        case "netlink": [.netlink]
        case "vsock": vsock
        case "vsock_stream", "v_str": [.vsockStream]
        case "vsock_dgram", "v_dgr": [.vsockDatagram]
        case "tipc": [.tipc]
        case "xdp": [.xdp]
        default: nil
        }
    }

    /// The families whose sockets it holds.
    var families: [SocketFamily] {
        switch self {
        case .netlink: [.netlink]
        case .packetRaw, .packetDatagram: [.packet]
        case .unixStream, .unixDatagram, .unixSequencedPacket: [.unix]
        case .raw, .udp, .tcp, .dccp, .sctp, .mptcp: [.inet, .inet6]
        case .vsockStream, .vsockDatagram: [.vsock]
        case .tipc: [.tipc]
        case .xdp: [.xdp]
        }
    }

    /// The states that are shown unless others are asked for.
    var states: SocketStates {
        switch self {
        case .xdp: SocketStates(.closed)
        case .udp, .raw: SocketStates(.established)
        case .tipc: SocketStates([.established, .closed, .listening])
        default: SocketStates.defaultStates
        }
    }
}

/// A family of sockets, as `-f` names them.
enum SocketFamily: Int, CaseIterable {
    case unix, inet, inet6, packet, netlink, vsock, tipc, xdp

    init?(named name: String) {
        switch name {
        case "unix": self = .unix
        case "inet": self = .inet
        case "inet6": self = .inet6
        case "link": self = .packet
        case "netlink": self = .netlink
        case "vsock": self = .vsock
        case "tipc": self = .tipc
        case "xdp": self = .xdp
        default: return nil
        }
    }

    /// The family of an address in a filter.
    init?(_ family: AddressFamily) {
        switch family {
        case .unix: self = .unix
        case .ipv4: self = .inet
        case .ipv6: self = .inet6
        case .packet: self = .packet
        case AddressFamily(rawValue: 16): self = .netlink
        case AddressFamily(rawValue: 40): self = .vsock
        default: return nil
        }
    }

    var addressFamily: AddressFamily? {
        switch self {
        case .unix: .unix
        case .inet: .ipv4
        case .inet6: .ipv6
        case .packet: .packet
        case .netlink: AddressFamily(rawValue: 16)
        case .vsock: AddressFamily(rawValue: 40)
        case .tipc, .xdp: nil
        }
    }

    var tables: [SocketTable] {
        switch self {
        case .unix: SocketTable.unix
        case .inet, .inet6: SocketTable.inet
        case .packet: SocketTable.packet
        case .netlink: [.netlink]
        case .vsock: SocketTable.vsock
        case .tipc: [.tipc]
        case .xdp: [.xdp]
        }
    }

    /// The states that are shown unless others are asked for.
    var states: SocketStates {
        switch self {
        case .packet, .netlink, .xdp: SocketStates(.closed)
        case .tipc: SocketTable.tipc.states
        default: SocketStates.defaultStates
        }
    }
}

extension SocketStates {
    /// The states of sockets that are connected and in full.
    static var defaultStates: SocketStates { .connected.subtracting(.bucket) }
}

/// Which sockets are shown: the tables, families and states that the options and the filter add up to.
struct Selection {
    private(set) var tables: Set<SocketTable> = []
    private(set) var families: Set<SocketFamily> = []
    private(set) var states: SocketStates = []
    /// The family that was named last: of the two of the internet only this one is shown.
    private(set) var preferred: SocketFamily?
    private(set) var filter: SocketExpression?
    private var isDefault = true
    private var hasQuery = false

    init(_ options: SSOptions) throws(SSOptions.Exit) {
        for choice in options.tables {
            switch choice {
            case .family(let family): try add(family)
            case .tables(let tables): add(tables)
            case .query(let text): try add(query: text)
            }
        }
    }

    /// Refuses by name what cannot be listed; where everything is asked for it is left out.
    private static func check(_ table: SocketTable) throws(SSOptions.Exit) {
        let name: StaticString
        switch table {
        case .tipc: name = "TIPC"
        case .xdp: name = "XDP"
        default: return
        }
        throw .failure(CommandError("ss: \(name) sockets are not supported yet.", status: 1))
    }

    private mutating func add(_ family: SocketFamily) throws(SSOptions.Exit) {
        for table in family.tables { try Self.check(table) }
        states.formUnion(family.states)
        families.insert(family)
        preferred = family
        isDefault = false
    }

    private mutating func add(_ tables: [SocketTable]) {
        for table in tables {
            states.formUnion(table.states)
            self.tables.insert(table)
        }
        isDefault = false
    }

    /// Reads the word of `-A`, which replaces the tables named before it, and whatever states go with any.
    private mutating func add(query: String) throws(SSOptions.Exit) {
        tables = []
        hasQuery = true
        isDefault = false
        for word in query.split(separator: ",", omittingEmptySubsequences: false) {
            let isExcluded = word.hasPrefix("!")
            guard let tables = SocketTable.named(isExcluded ? word.dropFirst() : word) else {
                CommandError("ss: \"\(word)\" is illegal socket table id", status: 0).report()
                throw .usage(status: 255)
            }
            if isExcluded {
                self.tables.subtract(tables)
            } else {
                if tables.count == 1 { try Self.check(tables[0]) }
                add(tables)
            }
        }
    }

    /// Whether nothing was said of what to show.
    var showsDefault: Bool { isDefault }

    /// Reads the words behind the options and fills in what was not said.
    mutating func complete(_ options: SSOptions, _ names: SocketNames) throws(SSOptions.Exit) {
        var words = options.words
        if let file = options.filterFile { words = try FilterWords.read(file) + words }
        var chosen = options.states
        if let named = try FilterWords.takeStates(&words) { chosen = named }
        complete(chosen)
        take(try FilterWords.parse(words, self, names))
        if tables.isEmpty { throw Self.nothing("socket tables") }
        if families.isEmpty { throw Self.nothing("families") }
    }

    private static func nothing(_ what: String) -> SSOptions.Exit {
        .failure(CommandError("ss: no \(what) to show with such filter.", status: 0))
    }

    private mutating func complete(_ chosen: SocketStates?) {
        if isDefault {
            tables = Set(SocketTable.allCases)
            families = Set(SocketFamily.allCases)
            states = SocketStates.defaultStates
        }
        if hasQuery { states = .defaultStates }
        // Words that leave no state say nothing.
        if let chosen, !chosen.isEmpty { states = chosen }
        for table in SocketTable.allCases where tables.contains(table) {
            if families.isDisjoint(with: table.families) { families.formUnion(table.families) }
        }
        for family in SocketFamily.allCases where families.contains(family) {
            if tables.isDisjoint(with: family.tables) { tables.formUnion(family.tables) }
        }
    }

    /// Takes the filter in; an address with its family leaves only that.
    private mutating func take(_ parsed: SocketExpressionParser.Result) {
        filter = parsed.filter == .all([]) ? nil : parsed.filter
        guard let last = parsed.families.last.flatMap(SocketFamily.init) else { return }
        families = [last]
        preferred = last
    }

    func shows(_ table: SocketTable) -> Bool {
        tables.contains(table) && !families.isDisjoint(with: table.families)
    }

    /// The internet families in the order in which they are listed.
    var inetFamilies: [AddressFamily] {
        switch preferred {
        case .inet: [.ipv4]
        case .inet6: [.ipv6]
        default:
            ([(.inet, .ipv4), (.inet6, .ipv6)] as [(SocketFamily, AddressFamily)]).filter { families.contains($0.0) }
                .map(\.1)
        }
    }
}
