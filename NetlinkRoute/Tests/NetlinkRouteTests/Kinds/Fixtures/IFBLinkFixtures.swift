// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum IFBLinkFixtures {
    /// Contents of IFLA_LINKINFO, of `ip link add ifb7 index 52 type ifb`.
    static let added: [UInt8] = [
        0x07, 0x00, 0x01, 0x00, 0x69, 0x66, 0x62, 0x00,
    ]
}
