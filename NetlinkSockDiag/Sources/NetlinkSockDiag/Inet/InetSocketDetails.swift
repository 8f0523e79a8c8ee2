// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What is told of an internet socket only when asked for, in one box that copies of the socket share.
struct InetSocketDetails: Hashable, Sendable {
    /// The fields; the box is never changed while shared.
    struct Fields: Hashable, Sendable {
        var cgroupHigh: UInt32 = 0
        var memory: InetSocketMemory?
        var socketMemory: SocketMemory?
        var information: [UInt8]?
        var congestionControl: String?
        var congestionDetails: CongestionDetails?
        var typeOfService: UInt8?
        var trafficClass: UInt8?
        var classID: UInt32?
        var upperLayer: UpperLayer?
        var md5Signatures: [UInt8]?
        var localAddresses: [UInt8]?
        var peerAddresses: [UInt8]?
        var bpfStorages: [UInt8]?
        var unknown = UnknownAttributes()
    }

    private final class Box: Sendable {
        let fields: Fields
        init(_ fields: Fields) { self.fields = fields }
    }

    private var box: Box

    init(_ fields: Fields) { box = Box(fields) }

    var fields: Fields { box.fields }
    var information: [UInt8]? { box.fields.information }
    var congestionControl: String? { box.fields.congestionControl }

    static func == (a: Self, b: Self) -> Bool { a.box === b.box || a.fields == b.fields }
    func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension InetSocket {
    private static let noFields = InetSocketDetails.Fields()

    mutating func setRare<T: Equatable>(_ path: WritableKeyPath<InetSocketDetails.Fields, T>, _ value: T) {
        var fields = rare?.fields ?? Self.noFields
        guard fields[keyPath: path] != value else { return }
        fields[keyPath: path] = value
        rare = fields == Self.noFields ? nil : InetSocketDetails(fields)
    }

    /// What memory it holds, in the older form; asked for by ``InetSocketParts/memory``.
    ///
    /// Kernel: `INET_DIAG_MEMINFO`.
    public var memory: InetSocketMemory? {
        get { rare?.fields.memory }
        set { setRare(\.memory, newValue) }
    }
    /// What memory it holds and may hold; asked for by ``InetSocketParts/socketMemory``.
    ///
    /// Kernel: `INET_DIAG_SKMEMINFO`.
    public var socketMemory: SocketMemory? {
        get { rare?.fields.socketMemory }
        set { setRare(\.socketMemory, newValue) }
    }
    /// What the kernel knows of the connection, as its bytes, whose form follows from the protocol; asked for by
    /// ``InetSocketParts/information``.
    ///
    /// Kernel: `INET_DIAG_INFO`.
    public var information: [UInt8]? {
        get { rare?.information }
        set { setRare(\.information, newValue) }
    }
    /// What the kernel knows of a TCP connection; asked for by ``InetSocketParts/information``.
    ///
    /// Kernel: `INET_DIAG_INFO`, `struct tcp_info`.
    public var tcp: TCPInformation? {
        guard ipProtocol == .tcp, !isRaw, let bytes = rare?.information else { return nil }
        return TCPInformation(bytes: bytes)
    }
    /// What the kernel knows of an MPTCP connection; asked for by ``InetSocketParts/information``.
    ///
    /// Kernel: `INET_DIAG_INFO`, `struct mptcp_info`.
    public var mptcp: MPTCPInformation? {
        guard ipProtocol == .mptcp, let bytes = rare?.information else { return nil }
        return MPTCPInformation(bytes: bytes)
    }
    /// The name of the congestion control algorithm; asked for by ``InetSocketParts/congestionControl``.
    ///
    /// Kernel: `INET_DIAG_CONG`.
    public var congestionControl: String? {
        get { rare?.congestionControl }
        set { setRare(\.congestionControl, newValue) }
    }
    /// What the algorithm itself tells; asked for by ``InetSocketParts/congestionDetails``.
    ///
    /// Kernel: `INET_DIAG_VEGASINFO`, `INET_DIAG_DCTCPINFO`, `INET_DIAG_BBRINFO`.
    public var congestionDetails: CongestionDetails? {
        get { rare?.fields.congestionDetails }
        set { setRare(\.congestionDetails, newValue) }
    }
    /// The type of service of its IPv4 packets; asked for by ``InetSocketParts/typeOfService``.
    ///
    /// Kernel: `INET_DIAG_TOS`, `u8`.
    public var typeOfService: UInt8? {
        get { rare?.fields.typeOfService }
        set { setRare(\.typeOfService, newValue) }
    }
    /// The traffic class of its IPv6 packets; asked for by ``InetSocketParts/trafficClass``.
    ///
    /// Kernel: `INET_DIAG_TCLASS`, `u8`.
    public var trafficClass: UInt8? {
        get { rare?.fields.trafficClass }
        set { setRare(\.trafficClass, newValue) }
    }
    /// The class that net_cls gave it, or else its priority; asked for by ``InetSocketParts/trafficClass``.
    ///
    /// Kernel: `INET_DIAG_CLASS_ID`, `u32`.
    public var classID: UInt32? {
        get { rare?.fields.classID }
        set { setRare(\.classID, newValue) }
    }
    /// The protocol between TCP and the program, such as TLS; comes with ``InetSocketParts/information``.
    ///
    /// Kernel: `INET_DIAG_ULP_INFO`.
    public var upperLayer: UpperLayer? {
        get { rare?.fields.upperLayer }
        set { setRare(\.upperLayer, newValue) }
    }
    /// The keys of TCP signatures, as the kernel's bytes, which ``signatures`` reads; takes CAP_NET_ADMIN.
    ///
    /// Kernel: `INET_DIAG_MD5SIG`, `struct tcp_diag_md5sig` in a row.
    public var md5Signatures: [UInt8]? {
        get { rare?.fields.md5Signatures }
        set { setRare(\.md5Signatures, newValue) }
    }
    /// The keys of TCP signatures, read; takes CAP_NET_ADMIN.
    ///
    /// Kernel: `INET_DIAG_MD5SIG`.
    public var signatures: [TCPSignature]? { md5Signatures.flatMap { try? TCPSignature.list($0.rawSpan) } }
    /// All local addresses of an SCTP socket, as the kernel's bytes.
    ///
    /// Kernel: `INET_DIAG_LOCALS`, `struct sockaddr_storage` in a row.
    public var localAddresses: [UInt8]? {
        get { rare?.fields.localAddresses }
        set { setRare(\.localAddresses, newValue) }
    }
    /// All addresses of an SCTP socket's peer, as the kernel's bytes.
    ///
    /// Kernel: `INET_DIAG_PEERS`, `struct sockaddr_storage` in a row.
    public var peerAddresses: [UInt8]? {
        get { rare?.fields.peerAddresses }
        set { setRare(\.peerAddresses, newValue) }
    }
    /// What BPF programs stored with it, as the kernel's bytes.
    ///
    /// Kernel: `INET_DIAG_SK_BPF_STORAGES`.
    public var bpfStorages: [UInt8]? {
        get { rare?.fields.bpfStorages }
        set { setRare(\.bpfStorages, newValue) }
    }
    /// What this library does not model.
    public var unknown: UnknownAttributes {
        get { rare?.fields.unknown ?? UnknownAttributes() }
        set { setRare(\.unknown, newValue) }
    }
}
