// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum NLMonLinkFixtures {
    /// Contents of IFLA_LINKINFO, of `ip link add nl0 index 53 type nlmon`.
    static let added: [UInt8] = [
        0x09, 0x00, 0x01, 0x00, 0x6e, 0x6c, 0x6d, 0x6f, 0x6e, 0x00, 0x00, 0x00,
    ]
}
