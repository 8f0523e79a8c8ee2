// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum VRFLinkFixtures {
    /// Contents of IFLA_LINKINFO, of `ip link add vrf0 index 44 type vrf table 1000`.
    static let added: [UInt8] = [
        0x07, 0x00, 0x01, 0x00, 0x76, 0x72, 0x66, 0x00,
        0x0c, 0x00, 0x02, 0x00, 0x08, 0x00, 0x01, 0x00, 0xe8, 0x03, 0x00, 0x00,
    ]

    /// Contents of IFLA_INFO_DATA, reported to `ip -d link show dev vrf0`.
    static let reported: [UInt8] = [
        0x08, 0x00, 0x01, 0x00, 0xe8, 0x03, 0x00, 0x00,
    ]
}
