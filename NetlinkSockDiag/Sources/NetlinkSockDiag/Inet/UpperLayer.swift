// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A protocol between TCP and the program.
///
/// Kernel: `INET_DIAG_ULP_INFO`.
public struct UpperLayer: Hashable, Sendable {
    /// Its name, such as `tls` or `mptcp`.
    ///
    /// Kernel: `INET_ULP_INFO_NAME`.
    public var name: String = ""
    /// What TLS in the kernel tells.
    ///
    /// Kernel: `INET_ULP_INFO_TLS`.
    public var tls: TLSInformation?
    /// What MPTCP tells of this subflow.
    ///
    /// Kernel: `INET_ULP_INFO_MPTCP`.
    public var mptcp: MPTCPSubflow?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    init(_ attributes: consuming AttributeReader<UpperLayerAttribute>) throws(DecodeError) {
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .name: name = attribute.string()
            case .tls: tls = try TLSInformation(attribute.nested())
            case .mptcp: mptcp = try MPTCPSubflow(attribute.nested())
            default: unknown.keep(attribute)
            }
        }
    }
}

/// What TLS in the kernel tells of a connection.
///
/// Kernel: `TLS_INFO_*`.
public struct TLSInformation: Hashable, Sendable {
    /// The version: 0x303 for 1.2, 0x304 for 1.3.
    ///
    /// Kernel: `TLS_INFO_VERSION`, `u16`.
    public var version: UInt16?
    /// The cipher, `TLS_CIPHER_*`.
    ///
    /// Kernel: `TLS_INFO_CIPHER`, `u16`.
    public var cipher: UInt16?
    /// Who encrypts.
    ///
    /// Kernel: `TLS_INFO_TXCONF`, `u16`.
    public var sending: TLSMode?
    /// Who decrypts.
    ///
    /// Kernel: `TLS_INFO_RXCONF`, `u16`.
    public var receiving: TLSMode?
    /// Whether what is sent from files is not copied.
    ///
    /// Kernel: `TLS_INFO_ZC_RO_TX`.
    public var sendsWithoutCopy = false
    /// Whether records are expected without padding.
    ///
    /// Kernel: `TLS_INFO_RX_NO_PAD`.
    public var expectsNoPadding = false
    /// The most that a record carries, in bytes; since Linux 6.19.
    ///
    /// Kernel: `TLS_INFO_TX_MAX_PAYLOAD_LEN`, `u16`.
    public var maximumPayload: UInt16?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    init(_ attributes: consuming AttributeReader<TLSAttribute>) throws(DecodeError) {
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .version: version = try attribute.integer()
            case .cipher: cipher = try attribute.integer()
            case .sending: sending = TLSMode(rawValue: try attribute.integer())
            case .receiving: receiving = TLSMode(rawValue: try attribute.integer())
            case .sendsWithoutCopy: sendsWithoutCopy = true
            case .expectsNoPadding: expectsNoPadding = true
            case .maximumPayload: maximumPayload = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }
}

/// Who encrypts or decrypts.
///
/// Kernel: `TLS_CONF_*`.
public struct TLSMode: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The program.
    public static var program: Self { Self(rawValue: 1) }  // TLS_CONF_BASE
    /// The kernel.
    public static var kernel: Self { Self(rawValue: 2) }  // TLS_CONF_SW
    /// The network card.
    public static var hardware: Self { Self(rawValue: 3) }  // TLS_CONF_HW
    /// The network card, whole records, handshake included.
    public static var hardwareRecords: Self { Self(rawValue: 4) }  // TLS_CONF_HW_RECORD
}

/// What MPTCP tells of a subflow.
///
/// Kernel: `MPTCP_SUBFLOW_ATTR_*`.
public struct MPTCPSubflow: Hashable, Sendable {
    /// How it came about and what it is used for.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_FLAGS`, `u32`.
    public var flags: MPTCPSubflowFlags?
    /// The token of the other side.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_TOKEN_REM`, `u32`.
    public var remoteToken: UInt32?
    /// The token of this side.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_TOKEN_LOC`, `u32`.
    public var localToken: UInt32?
    /// The number of the other side's address.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_ID_REM`, `u8`.
    public var remoteID: UInt8?
    /// The number of this side's address.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_ID_LOC`, `u8`.
    public var localID: UInt8?
    /// The next byte to be sent, counted from the subflow's first.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_RELWRITE_SEQ`, `u32`.
    public var relativeWriteSequence: UInt32?
    /// Where what is received belongs in the connection.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_MAP_SEQ`, `u64`.
    public var mapSequence: UInt64?
    /// Where what is received belongs in the subflow.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_MAP_SFSEQ`, `u32`.
    public var mapSubflowSequence: UInt32?
    /// By how much the subflow's own numbers differ from TCP's.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_SSN_OFFSET`, `u32`.
    public var sequenceOffset: UInt32?
    /// Of how many bytes that is known.
    ///
    /// Kernel: `MPTCP_SUBFLOW_ATTR_MAP_DATALEN`, `u16`.
    public var mapByteCount: UInt16?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    init(_ attributes: consuming AttributeReader<MPTCPSubflowAttribute>) throws(DecodeError) {
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .flags: flags = MPTCPSubflowFlags(rawValue: try attribute.integer())
            case .remoteToken: remoteToken = try attribute.integer()
            case .localToken: localToken = try attribute.integer()
            case .remoteID: remoteID = try attribute.integer()
            case .localID: localID = try attribute.integer()
            case .relativeWriteSequence: relativeWriteSequence = try attribute.integer()
            case .mapSequence: mapSequence = try attribute.integer()
            case .mapSubflowSequence: mapSubflowSequence = try attribute.integer()
            case .sequenceOffset: sequenceOffset = try attribute.integer()
            case .mapByteCount: mapByteCount = try attribute.integer()
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
    }
}

/// How a subflow of MPTCP came about and what it is used for.
///
/// Kernel: `MPTCP_SUBFLOW_FLAG_*`.
public struct MPTCPSubflowFlags: OptionSet, Hashable, Sendable {
    /// The kernel's flags.
    public let rawValue: UInt32
    /// Takes any flags.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The other side is capable of MPTCP.
    public static var remoteCapable: Self { Self(rawValue: 1) }  // MPTCP_SUBFLOW_FLAG_MCAP_REM
    /// This side is capable of MPTCP.
    public static var localCapable: Self { Self(rawValue: 2) }  // MPTCP_SUBFLOW_FLAG_MCAP_LOC
    /// The other side joined a connection.
    public static var remoteJoined: Self { Self(rawValue: 4) }  // MPTCP_SUBFLOW_FLAG_JOIN_REM
    /// This side joined a connection.
    public static var localJoined: Self { Self(rawValue: 8) }  // MPTCP_SUBFLOW_FLAG_JOIN_LOC
    /// The other side uses it in need only.
    public static var remoteBackup: Self { Self(rawValue: 16) }  // MPTCP_SUBFLOW_FLAG_BKUP_REM
    /// This side uses it in need only.
    public static var localBackup: Self { Self(rawValue: 32) }  // MPTCP_SUBFLOW_FLAG_BKUP_LOC
    /// Both sides know each other's keys.
    public static var fullyEstablished: Self { Self(rawValue: 64) }  // MPTCP_SUBFLOW_FLAG_FULLY_ESTABLISHED
    /// It is connected.
    public static var connected: Self { Self(rawValue: 128) }  // MPTCP_SUBFLOW_FLAG_CONNECTED
    /// It is known where what is received belongs.
    public static var mapValid: Self { Self(rawValue: 256) }  // MPTCP_SUBFLOW_FLAG_MAPVALID
}

/// Attributes of a protocol that stands between TCP and the program.
struct UpperLayerAttribute: AttributeID {
    let rawValue: UInt16

    static var name: Self { Self(rawValue: 1) }  // INET_ULP_INFO_NAME
    // Nest: TLSAttribute
    static var tls: Self { Self(rawValue: 2) }  // INET_ULP_INFO_TLS
    // Nest: MPTCPSubflowAttribute
    static var mptcp: Self { Self(rawValue: 3) }  // INET_ULP_INFO_MPTCP
}

/// Attributes of TLS in the kernel.
struct TLSAttribute: AttributeID {
    let rawValue: UInt16

    static var version: Self { Self(rawValue: 1) }  // TLS_INFO_VERSION
    static var cipher: Self { Self(rawValue: 2) }  // TLS_INFO_CIPHER
    static var sending: Self { Self(rawValue: 3) }  // TLS_INFO_TXCONF
    static var receiving: Self { Self(rawValue: 4) }  // TLS_INFO_RXCONF
    static var sendsWithoutCopy: Self { Self(rawValue: 5) }  // TLS_INFO_ZC_RO_TX
    static var expectsNoPadding: Self { Self(rawValue: 6) }  // TLS_INFO_RX_NO_PAD
    static var maximumPayload: Self { Self(rawValue: 7) }  // TLS_INFO_TX_MAX_PAYLOAD_LEN
}

/// Attributes of a subflow of MPTCP.
struct MPTCPSubflowAttribute: AttributeID {
    let rawValue: UInt16

    static var remoteToken: Self { Self(rawValue: 1) }  // MPTCP_SUBFLOW_ATTR_TOKEN_REM
    static var localToken: Self { Self(rawValue: 2) }  // MPTCP_SUBFLOW_ATTR_TOKEN_LOC
    static var relativeWriteSequence: Self { Self(rawValue: 3) }  // MPTCP_SUBFLOW_ATTR_RELWRITE_SEQ
    static var mapSequence: Self { Self(rawValue: 4) }  // MPTCP_SUBFLOW_ATTR_MAP_SEQ
    static var mapSubflowSequence: Self { Self(rawValue: 5) }  // MPTCP_SUBFLOW_ATTR_MAP_SFSEQ
    static var sequenceOffset: Self { Self(rawValue: 6) }  // MPTCP_SUBFLOW_ATTR_SSN_OFFSET
    static var mapByteCount: Self { Self(rawValue: 7) }  // MPTCP_SUBFLOW_ATTR_MAP_DATALEN
    static var flags: Self { Self(rawValue: 8) }  // MPTCP_SUBFLOW_ATTR_FLAGS
    static var remoteID: Self { Self(rawValue: 9) }  // MPTCP_SUBFLOW_ATTR_ID_REM
    static var localID: Self { Self(rawValue: 10) }  // MPTCP_SUBFLOW_ATTR_ID_LOC
    static var padding: Self { Self(rawValue: 11) }  // MPTCP_SUBFLOW_ATTR_PAD
}
