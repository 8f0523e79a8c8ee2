// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Settings of one virtual function of a physical link, to be sent with ``Link/virtualFunctionSettings``.
///
/// What is nil stays as it is. The kernel carries settings out one after the other and stops at the first that fails.
///
/// Kernel: `IFLA_VF_INFO`.
public struct VirtualFunctionSettings: Hashable, Sendable {
    /// Which virtual function, from 0 on.
    public var index: UInt32
    /// Its hardware address.
    ///
    /// Kernel: `IFLA_VF_MAC`, `struct ifla_vf_mac`.
    public var address: HardwareAddress?
    /// Its VLAN; one with id 0 for none.
    ///
    /// Kernel: `IFLA_VF_VLAN`, or `IFLA_VF_VLAN_LIST` where the tag protocol is not 802.1Q.
    public var vlan: VirtualFunction.VLAN?
    /// The most that it sends, in Mbit/s, for old drivers; 0 for no limit.
    ///
    /// Kernel: `IFLA_VF_TX_RATE`, `struct ifla_vf_tx_rate`.
    public var transmitRate: UInt32?
    /// The least that it is sure to send, and the most.
    ///
    /// Kernel: `IFLA_VF_RATE`, `struct ifla_vf_rate`.
    public var rate: VirtualFunction.Rate?
    /// Whether its source addresses are checked.
    ///
    /// Kernel: `IFLA_VF_SPOOFCHK`, `struct ifla_vf_spoofchk`.
    public var checksSpoofing: Bool?
    /// What its carrier follows.
    ///
    /// Kernel: `IFLA_VF_LINK_STATE`, `struct ifla_vf_link_state`.
    public var linkState: VirtualFunction.LinkState?
    /// Whether it may ask for the hash key and table of receive scaling.
    ///
    /// Kernel: `IFLA_VF_RSS_QUERY_EN`, `struct ifla_vf_rss_query_en`.
    public var allowsScalingQuery: Bool?
    /// Whether it is trusted.
    ///
    /// Kernel: `IFLA_VF_TRUST`, `struct ifla_vf_trust`.
    public var isTrusted: Bool?
    /// The InfiniBand node's identifier.
    ///
    /// Kernel: `IFLA_VF_IB_NODE_GUID`, `struct ifla_vf_guid`.
    public var nodeGUID: UInt64?
    /// The InfiniBand port's identifier.
    ///
    /// Kernel: `IFLA_VF_IB_PORT_GUID`, `struct ifla_vf_guid`.
    public var portGUID: UInt64?

    /// Settings of a virtual function, of which nothing is set yet.
    public init(index: UInt32) { self.index = index }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        guard let vlan else { return }
        var validation = Validation()
        if vlan.id > 4095 { validation.add("vlan.id", "VLAN id \(vlan.id) is above 4095") }
        if vlan.priority > 7 { validation.add("vlan.priority", "VLAN priority \(vlan.priority) is above 7") }
        try validation.finish(object: "virtual function \(index)")
    }

    func encode(into writer: inout MessageWriter) {
        writer.nest(VirtualFunctionListAttribute.information, marked: false) { writer in
            encodeAddress(into: &writer)
            encodeVLAN(into: &writer)
            if let transmitRate {
                writer.put(VirtualFunctionAttribute.transmitRate, structure: 8) { structure in
                    structure.store(index, at: 0)  // struct ifla_vf_tx_rate.vf
                    structure.store(transmitRate, at: 4)  // struct ifla_vf_tx_rate.rate
                }
            }
            put(.spoofCheck, checksSpoofing, into: &writer)
            put(.trust, isTrusted, into: &writer)
            if let linkState {
                writer.put(VirtualFunctionAttribute.linkState, structure: 8) { structure in
                    structure.store(index, at: 0)  // struct ifla_vf_link_state.vf
                    structure.store(linkState.rawValue, at: 4)  // struct ifla_vf_link_state.link_state
                }
            }
            put(.scalingQuery, allowsScalingQuery, into: &writer)
            put(.nodeGUID, nodeGUID, into: &writer)
            put(.portGUID, portGUID, into: &writer)
            encodeRate(into: &writer)
        }
    }

    private func encodeAddress(into writer: inout MessageWriter) {
        guard let address else { return }
        writer.put(VirtualFunctionAttribute.address, structure: 36) { structure in
            structure.store(index, at: 0)  // struct ifla_vf_mac.vf
            structure.store(address.bytes.rawSpan, at: 4)  // struct ifla_vf_mac.mac
        }
    }

    private func encodeVLAN(into writer: inout MessageWriter) {
        guard let vlan else { return }
        guard let protocolType = vlan.protocolType, protocolType != .dot1Q else {
            writer.put(VirtualFunctionAttribute.vlan, structure: 12) { structure in
                structure.store(index, at: 0)  // struct ifla_vf_vlan.vf
                structure.store(vlan.id, at: 4)  // struct ifla_vf_vlan.vlan
                structure.store(vlan.priority, at: 8)  // struct ifla_vf_vlan.qos
            }
            return
        }
        writer.nest(VirtualFunctionAttribute.vlanList, marked: false) { writer in
            writer.put(VirtualFunctionVLANAttribute.information, structure: 16) { structure in
                structure.store(index, at: 0)  // struct ifla_vf_vlan_info.vf
                structure.store(vlan.id, at: 4)  // struct ifla_vf_vlan_info.vlan
                structure.store(vlan.priority, at: 8)  // struct ifla_vf_vlan_info.qos
                structure.store(protocolType.rawValue.bigEndian, at: 12)  // struct ifla_vf_vlan_info.vlan_proto
            }
        }
    }

    private func encodeRate(into writer: inout MessageWriter) {
        guard let rate else { return }
        writer.put(VirtualFunctionAttribute.rate, structure: 12) { structure in
            structure.store(index, at: 0)  // struct ifla_vf_rate.vf
            structure.store(rate.minimum, at: 4)  // struct ifla_vf_rate.min_tx_rate
            structure.store(rate.maximum, at: 8)  // struct ifla_vf_rate.max_tx_rate
        }
    }

    // The three structures of a number and a truth value have one layout.
    private func put(_ id: VirtualFunctionAttribute, _ setting: Bool?, into writer: inout MessageWriter) {
        guard let setting else { return }
        writer.put(id, structure: 8) { structure in
            structure.store(index, at: 0)  // struct ifla_vf_trust.vf
            structure.store(UInt32(setting ? 1 : 0), at: 4)  // struct ifla_vf_trust.setting
        }
    }

    private func put(_ id: VirtualFunctionAttribute, _ identifier: UInt64?, into writer: inout MessageWriter) {
        guard let identifier else { return }
        writer.put(id, structure: 16) { structure in
            structure.store(index, at: 0)  // struct ifla_vf_guid.vf
            structure.store(identifier, at: 8)  // struct ifla_vf_guid.guid
        }
    }
}

extension MessageWriter {
    /// Appends settings of virtual functions, unless there are none.
    mutating func put(_ settings: [VirtualFunctionSettings]) {
        guard !settings.isEmpty else { return }
        nest(LinkAttribute.virtualFunctions, marked: false) { writer in
            for function in settings { function.encode(into: &writer) }
        }
    }
}
