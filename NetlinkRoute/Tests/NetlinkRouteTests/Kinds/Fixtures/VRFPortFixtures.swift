// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum VRFPortFixtures {
    /// Contents of IFLA_INFO_SLAVE_DATA, reported to `ip -d link show dev d3`.
    static let reported: [UInt8] = [
        0x08, 0x00, 0x01, 0x00, 0xe8, 0x03, 0x00, 0x00,
    ]
}
