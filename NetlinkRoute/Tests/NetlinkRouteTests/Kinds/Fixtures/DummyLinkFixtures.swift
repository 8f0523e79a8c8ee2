// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum DummyLinkFixtures {
    /// Contents of IFLA_LINKINFO, of `ip link add dd0 index 51 type dummy`.
    static let added: [UInt8] = [
        0x09, 0x00, 0x01, 0x00, 0x64, 0x75, 0x6d, 0x6d, 0x79, 0x00, 0x00, 0x00,
    ]
}
