// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What a link has, in one place: a link itself is a reference, so that moving and copying one costs nothing.
struct LinkFields: Hashable, Sendable {
    var index = InterfaceIndex(rawValue: 0)
    var name: InterfaceName?
    var type = HardwareType(rawValue: 0)
    var flags: LinkFlags = []
    var changedFlags: LinkFlags = []
    var mtu: UInt32?
    var address: HardwareAddress?
    var broadcast: HardwareAddress?
    var transmitQueueLength: UInt32?
    var parent: InterfaceIndex?
    var parentNamespaceID: Int32?
    var master: InterfaceIndex?
    var kind: AnyLinkKind?
    var portKind: AnyLinkKind?
    var alias: String?
    var group: UInt32?
    var transmitQueueCount: UInt32?
    var receiveQueueCount: UInt32?
    var gsoMaxSize: UInt32?
    var gsoMaxSegments: UInt32?
    var groMaxSize: UInt32?
    var gsoIPv4MaxSize: UInt32?
    var groIPv4MaxSize: UInt32?
    var mode: LinkMode?
    var operationalState: OperationalState?
    var carrier: Bool?
    var protocolDown: Bool?
    var protocolDownReasons: ProtocolDownReasons?
    var families: LinkFamilies?
    var virtualFunctionSettings: [VirtualFunctionSettings] = []
    var xdp: XDPAttachment?
    var state = LinkState()
    var unknown = UnknownAttributes()
}

/// The place; it is changed only while one link alone refers to it.
final class LinkBox: @unchecked Sendable {
    var fields: LinkFields

    init() { fields = LinkFields() }
    init(_ fields: LinkFields) { self.fields = fields }
}
