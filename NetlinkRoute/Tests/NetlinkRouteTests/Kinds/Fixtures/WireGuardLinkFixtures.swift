// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum WireGuardLinkFixtures {
    /// Contents of IFLA_LINKINFO, of `ip link add wg0 index 54 type wireguard`.
    static let added: [UInt8] = [
        0x0d, 0x00, 0x01, 0x00, 0x77, 0x69, 0x72, 0x65, 0x67, 0x75, 0x61, 0x72, 0x64, 0x00, 0x00, 0x00,
    ]
}
