// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a message about an internet socket.
struct InetAttribute: AttributeID {
    let rawValue: UInt16

    static var memory: Self { Self(rawValue: 1) }  // INET_DIAG_MEMINFO
    static var information: Self { Self(rawValue: 2) }  // INET_DIAG_INFO
    static var vegasInformation: Self { Self(rawValue: 3) }  // INET_DIAG_VEGASINFO
    static var congestionControl: Self { Self(rawValue: 4) }  // INET_DIAG_CONG
    static var typeOfService: Self { Self(rawValue: 5) }  // INET_DIAG_TOS
    static var trafficClass: Self { Self(rawValue: 6) }  // INET_DIAG_TCLASS
    static var socketMemory: Self { Self(rawValue: 7) }  // INET_DIAG_SKMEMINFO
    static var shutdown: Self { Self(rawValue: 8) }  // INET_DIAG_SHUTDOWN
    static var dctcpInformation: Self { Self(rawValue: 9) }  // INET_DIAG_DCTCPINFO
    static var ipProtocol: Self { Self(rawValue: 10) }  // INET_DIAG_PROTOCOL
    static var isIPv6Only: Self { Self(rawValue: 11) }  // INET_DIAG_SKV6ONLY
    static var localAddresses: Self { Self(rawValue: 12) }  // INET_DIAG_LOCALS
    static var peerAddresses: Self { Self(rawValue: 13) }  // INET_DIAG_PEERS
    static var padding: Self { Self(rawValue: 14) }  // INET_DIAG_PAD
    static var mark: Self { Self(rawValue: 15) }  // INET_DIAG_MARK
    static var bbrInformation: Self { Self(rawValue: 16) }  // INET_DIAG_BBRINFO
    static var classID: Self { Self(rawValue: 17) }  // INET_DIAG_CLASS_ID
    static var md5Signatures: Self { Self(rawValue: 18) }  // INET_DIAG_MD5SIG
    // Nest: UpperLayerAttribute
    static var upperLayer: Self { Self(rawValue: 19) }  // INET_DIAG_ULP_INFO
    static var bpfStorages: Self { Self(rawValue: 20) }  // INET_DIAG_SK_BPF_STORAGES
    static var cgroupID: Self { Self(rawValue: 21) }  // INET_DIAG_CGROUP_ID
    static var socketOptions: Self { Self(rawValue: 22) }  // INET_DIAG_SOCKOPT
}

/// Attributes of a request about internet sockets.
struct InetRequestAttribute: AttributeID {
    let rawValue: UInt16

    static var bytecode: Self { Self(rawValue: 1) }  // INET_DIAG_REQ_BYTECODE
    static var bpfStorages: Self { Self(rawValue: 2) }  // INET_DIAG_REQ_SK_BPF_STORAGES
    static var ipProtocol: Self { Self(rawValue: 3) }  // INET_DIAG_REQ_PROTOCOL
}
