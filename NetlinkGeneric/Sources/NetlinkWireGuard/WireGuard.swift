// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkGeneric

/// WireGuard's devices: their keys, ports and peers.
///
/// The links themselves are made and removed as other links are. There are no multicast groups: who wants to know of
/// changes reads the device again.
///
/// Kernel: the family `wireguard`, since Linux 5.6.
public enum WireGuard: GenericFamily {
    /// `wireguard`.
    public static var name: String { "wireguard" }
    /// The version of its interface.
    public static var version: UInt8 { 1 }  // WG_GENL_VERSION
    /// What its messages hold.
    public static var attributes: AttributeSchema? { AttributeSchema(DeviceAttribute.self) }
    /// Its messages hold keys: buffers are overwritten after use.
    public static var carriesSecrets: Bool { true }

    /// Name of a command.
    public static func schema(ofCommand command: UInt8) -> MessageSchema? {
        switch WireGuardCommand(rawValue: command) {
        case .getDevice: describe("WG_CMD_GET_DEVICE")
        case .setDevice: describe("WG_CMD_SET_DEVICE")
        default: nil
        }
    }
}

/// A connection to the kernel's WireGuard, for tasks.
public typealias WireGuardConnection = Connection<WireGuard>
/// A connection to the kernel's WireGuard, for threads and tools.
public typealias BlockingWireGuardConnection = BlockingConnection<WireGuard>

struct WireGuardCommand: RawRepresentable, Hashable {
    let rawValue: UInt8
    static var getDevice: Self { Self(rawValue: 0) }  // WG_CMD_GET_DEVICE
    static var setDevice: Self { Self(rawValue: 1) }  // WG_CMD_SET_DEVICE
}

struct DeviceAttribute: AttributeID {
    let rawValue: UInt16
    static var index: Self { Self(rawValue: 1) }  // WGDEVICE_A_IFINDEX
    static var name: Self { Self(rawValue: 2) }  // WGDEVICE_A_IFNAME
    static var privateKey: Self { Self(rawValue: 3) }  // WGDEVICE_A_PRIVATE_KEY
    static var publicKey: Self { Self(rawValue: 4) }  // WGDEVICE_A_PUBLIC_KEY
    static var flags: Self { Self(rawValue: 5) }  // WGDEVICE_A_FLAGS
    static var listenPort: Self { Self(rawValue: 6) }  // WGDEVICE_A_LISTEN_PORT
    static var mark: Self { Self(rawValue: 7) }  // WGDEVICE_A_FWMARK
    /// Nest: [PeerAttribute].
    static var peers: Self { Self(rawValue: 8) }  // WGDEVICE_A_PEERS

    var isSecret: Bool { self == .privateKey }
}

struct PeerAttribute: AttributeID {
    let rawValue: UInt16
    static var publicKey: Self { Self(rawValue: 1) }  // WGPEER_A_PUBLIC_KEY
    static var presharedKey: Self { Self(rawValue: 2) }  // WGPEER_A_PRESHARED_KEY
    static var flags: Self { Self(rawValue: 3) }  // WGPEER_A_FLAGS
    static var endpoint: Self { Self(rawValue: 4) }  // WGPEER_A_ENDPOINT
    static var keepalive: Self { Self(rawValue: 5) }  // WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL
    static var lastHandshake: Self { Self(rawValue: 6) }  // WGPEER_A_LAST_HANDSHAKE_TIME
    static var received: Self { Self(rawValue: 7) }  // WGPEER_A_RX_BYTES
    static var sent: Self { Self(rawValue: 8) }  // WGPEER_A_TX_BYTES
    /// Nest: [AllowedAddressAttribute].
    static var allowedAddresses: Self { Self(rawValue: 9) }  // WGPEER_A_ALLOWEDIPS
    static var protocolVersion: Self { Self(rawValue: 10) }  // WGPEER_A_PROTOCOL_VERSION

    var isSecret: Bool { self == .presharedKey }
}

struct AllowedAddressAttribute: AttributeID {
    let rawValue: UInt16
    static var family: Self { Self(rawValue: 1) }  // WGALLOWEDIP_A_FAMILY
    static var address: Self { Self(rawValue: 2) }  // WGALLOWEDIP_A_IPADDR
    static var length: Self { Self(rawValue: 3) }  // WGALLOWEDIP_A_CIDR_MASK
    static var flags: Self { Self(rawValue: 4) }  // WGALLOWEDIP_A_FLAGS
}

enum DeviceFlag {
    static var replacePeers: UInt32 { 1 }  // WGDEVICE_F_REPLACE_PEERS
}

enum PeerFlag {
    static var remove: UInt32 { 1 }  // WGPEER_F_REMOVE_ME
    static var replaceAllowedAddresses: UInt32 { 2 }  // WGPEER_F_REPLACE_ALLOWEDIPS
    static var updateOnly: UInt32 { 4 }  // WGPEER_F_UPDATE_ONLY
}

enum AllowedAddressFlag {
    static var remove: UInt32 { 1 }  // WGALLOWEDIP_F_REMOVE_ME
}
