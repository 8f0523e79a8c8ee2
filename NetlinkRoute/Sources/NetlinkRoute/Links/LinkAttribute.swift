// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a link message.
struct LinkAttribute: AttributeID {
    let rawValue: UInt16

    static var address: Self { Self(rawValue: 1) }  // IFLA_ADDRESS
    static var broadcast: Self { Self(rawValue: 2) }  // IFLA_BROADCAST
    static var name: Self { Self(rawValue: 3) }  // IFLA_IFNAME
    static var mtu: Self { Self(rawValue: 4) }  // IFLA_MTU
    static var link: Self { Self(rawValue: 5) }  // IFLA_LINK
    static var qdisc: Self { Self(rawValue: 6) }  // IFLA_QDISC
    static var statistics32: Self { Self(rawValue: 7) }  // IFLA_STATS
    static var master: Self { Self(rawValue: 10) }  // IFLA_MASTER
    static var wireless: Self { Self(rawValue: 11) }  // IFLA_WIRELESS
    static var protocolInformation: Self { Self(rawValue: 12) }  // IFLA_PROTINFO
    static var transmitQueueLength: Self { Self(rawValue: 13) }  // IFLA_TXQLEN
    static var map: Self { Self(rawValue: 14) }  // IFLA_MAP
    static var operationalState: Self { Self(rawValue: 16) }  // IFLA_OPERSTATE
    static var mode: Self { Self(rawValue: 17) }  // IFLA_LINKMODE
    // Nest: LinkInformationAttribute
    static var information: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
    static var namespacePID: Self { Self(rawValue: 19) }  // IFLA_NET_NS_PID
    static var alias: Self { Self(rawValue: 20) }  // IFLA_IFALIAS
    static var virtualFunctionCount: Self { Self(rawValue: 21) }  // IFLA_NUM_VF
    // Nest: VirtualFunctionListAttribute
    static var virtualFunctions: Self { Self(rawValue: 22) }  // IFLA_VFINFO_LIST
    static var statistics: Self { Self(rawValue: 23) }  // IFLA_STATS64
    static var virtualFunctionPorts: Self { Self(rawValue: 24) }  // IFLA_VF_PORTS
    static var ownPort: Self { Self(rawValue: 25) }  // IFLA_PORT_SELF
    // Nest: LinkFamilyAttribute
    static var families: Self { Self(rawValue: 26) }  // IFLA_AF_SPEC
    static var group: Self { Self(rawValue: 27) }  // IFLA_GROUP
    static var namespaceDescriptor: Self { Self(rawValue: 28) }  // IFLA_NET_NS_FD
    static var extensionMask: Self { Self(rawValue: 29) }  // IFLA_EXT_MASK
    static var promiscuity: Self { Self(rawValue: 30) }  // IFLA_PROMISCUITY
    static var transmitQueueCount: Self { Self(rawValue: 31) }  // IFLA_NUM_TX_QUEUES
    static var receiveQueueCount: Self { Self(rawValue: 32) }  // IFLA_NUM_RX_QUEUES
    static var carrier: Self { Self(rawValue: 33) }  // IFLA_CARRIER
    static var physicalPortID: Self { Self(rawValue: 34) }  // IFLA_PHYS_PORT_ID
    static var carrierChanges: Self { Self(rawValue: 35) }  // IFLA_CARRIER_CHANGES
    static var physicalSwitchID: Self { Self(rawValue: 36) }  // IFLA_PHYS_SWITCH_ID
    static var linkNamespaceID: Self { Self(rawValue: 37) }  // IFLA_LINK_NETNSID
    static var physicalPortName: Self { Self(rawValue: 38) }  // IFLA_PHYS_PORT_NAME
    static var protocolDown: Self { Self(rawValue: 39) }  // IFLA_PROTO_DOWN
    static var gsoMaxSegments: Self { Self(rawValue: 40) }  // IFLA_GSO_MAX_SEGS
    static var gsoMaxSize: Self { Self(rawValue: 41) }  // IFLA_GSO_MAX_SIZE
    static var padding: Self { Self(rawValue: 42) }  // IFLA_PAD
    // Nest: XDPAttribute
    static var xdp: Self { Self(rawValue: 43) }  // IFLA_XDP
    static var event: Self { Self(rawValue: 44) }  // IFLA_EVENT
    static var newNamespaceID: Self { Self(rawValue: 45) }  // IFLA_NEW_NETNSID
    static var targetNamespaceID: Self { Self(rawValue: 46) }  // IFLA_TARGET_NETNSID
    static var carrierUpCount: Self { Self(rawValue: 47) }  // IFLA_CARRIER_UP_COUNT
    static var carrierDownCount: Self { Self(rawValue: 48) }  // IFLA_CARRIER_DOWN_COUNT
    static var newIndex: Self { Self(rawValue: 49) }  // IFLA_NEW_IFINDEX
    static var minimumMTU: Self { Self(rawValue: 50) }  // IFLA_MIN_MTU
    static var maximumMTU: Self { Self(rawValue: 51) }  // IFLA_MAX_MTU
    // Nest: LinkAttribute
    static var properties: Self { Self(rawValue: 52) }  // IFLA_PROP_LIST
    static var alternativeName: Self { Self(rawValue: 53) }  // IFLA_ALT_IFNAME
    static var permanentAddress: Self { Self(rawValue: 54) }  // IFLA_PERM_ADDRESS
    // Nest: ProtocolDownReasonAttribute
    static var protocolDownReason: Self { Self(rawValue: 55) }  // IFLA_PROTO_DOWN_REASON
    static var parentDeviceName: Self { Self(rawValue: 56) }  // IFLA_PARENT_DEV_NAME
    static var parentDeviceBus: Self { Self(rawValue: 57) }  // IFLA_PARENT_DEV_BUS_NAME
    static var groMaxSize: Self { Self(rawValue: 58) }  // IFLA_GRO_MAX_SIZE
    static var tsoMaxSize: Self { Self(rawValue: 59) }  // IFLA_TSO_MAX_SIZE
    static var tsoMaxSegments: Self { Self(rawValue: 60) }  // IFLA_TSO_MAX_SEGS
    static var allMulticastCount: Self { Self(rawValue: 61) }  // IFLA_ALLMULTI
    static var devlinkPort: Self { Self(rawValue: 62) }  // IFLA_DEVLINK_PORT
    static var gsoIPv4MaxSize: Self { Self(rawValue: 63) }  // IFLA_GSO_IPV4_MAX_SIZE
    static var groIPv4MaxSize: Self { Self(rawValue: 64) }  // IFLA_GRO_IPV4_MAX_SIZE
    static var dpllPin: Self { Self(rawValue: 65) }  // IFLA_DPLL_PIN
    static var maximumPacingOffloadHorizon: Self { Self(rawValue: 66) }  // IFLA_MAX_PACING_OFFLOAD_HORIZON
    static var isNamespaceImmutable: Self { Self(rawValue: 67) }  // IFLA_NETNS_IMMUTABLE
    static var headroom: Self { Self(rawValue: 68) }  // IFLA_HEADROOM
    static var tailroom: Self { Self(rawValue: 69) }  // IFLA_TAILROOM
}

/// Attributes inside `IFLA_LINKINFO`.
struct LinkInformationAttribute: AttributeID {
    let rawValue: UInt16

    static var kindID: UInt16? { kind.rawValue }
    static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
        id == data.rawValue ? LinkKinds.schema(of: kind) : nil
    }

    static var kind: Self { Self(rawValue: 1) }  // IFLA_INFO_KIND
    static var data: Self { Self(rawValue: 2) }  // IFLA_INFO_DATA
    static var statistics: Self { Self(rawValue: 3) }  // IFLA_INFO_XSTATS
    static var portKind: Self { Self(rawValue: 4) }  // IFLA_INFO_SLAVE_KIND
    static var portData: Self { Self(rawValue: 5) }  // IFLA_INFO_SLAVE_DATA
}

/// Attributes inside `IFLA_PROTO_DOWN_REASON`.
struct ProtocolDownReasonAttribute: AttributeID {
    let rawValue: UInt16

    static var mask: Self { Self(rawValue: 1) }  // IFLA_PROTO_DOWN_REASON_MASK
    static var value: Self { Self(rawValue: 2) }  // IFLA_PROTO_DOWN_REASON_VALUE
}

/// Attributes inside `IFLA_XDP`.
struct XDPAttribute: AttributeID {
    let rawValue: UInt16

    static var descriptor: Self { Self(rawValue: 1) }  // IFLA_XDP_FD
    static var attached: Self { Self(rawValue: 2) }  // IFLA_XDP_ATTACHED
    static var flags: Self { Self(rawValue: 3) }  // IFLA_XDP_FLAGS
    static var programID: Self { Self(rawValue: 4) }  // IFLA_XDP_PROG_ID
    static var driverProgramID: Self { Self(rawValue: 5) }  // IFLA_XDP_DRV_PROG_ID
    static var genericProgramID: Self { Self(rawValue: 6) }  // IFLA_XDP_SKB_PROG_ID
    static var hardwareProgramID: Self { Self(rawValue: 7) }  // IFLA_XDP_HW_PROG_ID
    static var expectedDescriptor: Self { Self(rawValue: 8) }  // IFLA_XDP_EXPECTED_FD
}
