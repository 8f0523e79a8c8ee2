// SPDX-License-Identifier: Apache-2.0

/// Bytes captured from iproute2 6.15.0 and Linux 7.2, little-endian.
enum ChainFixtures {
    /// Sent by `tc chain add dev d0 egress chain 7`.
    static let chain = CapturedBytes.bytes(
        """
        2c000000640005066688016b00000000000000001300000000000000f3ffffff0000000008000b0007000000
        """)

    /// Sent by `tc chain add dev d0 egress chain 8 flower dst_mac 00:11:22:33:44:55/ff:ff:00:00:00:00`.
    static let chainTemplate = CapturedBytes.bytes(
        """
        64000000640005066788016b00000000000000001300000000000000f3ffffff0000000008000b00080000000b000100
        666c6f77657200002c0002000a00040000112233445500000a000500ffff000000000000080016000000000006000800
        00000000
        """)

    /// Sent by `tc chain get dev d0 egress chain 7`.
    static let chainGet = CapturedBytes.bytes(
        """
        2c000000660009006888016b00000000000000001300000000000000f3ffffff0000000008000b0007000000
        """)

    /// Sent by `tc chain show dev d0 egress`.
    static let chainList = CapturedBytes.bytes(
        """
        24000000660001036988016b00000000000000001300000000000000f3ffffff00000000
        """)

    /// Sent by `tc chain del dev d0 egress chain 7`.
    static let chainDelete = CapturedBytes.bytes(
        """
        2c000000650005006a88016b00000000000000001300000000000000f3ffffff0000000008000b0007000000
        """)

    /// Answered to `tc chain get dev d0 egress chain 7`, message by message.
    static let chainGetReplies: [[UInt8]] = [
        CapturedBytes.bytes(
            """
            2c000000660009006888016b980500000000000013000000000000000000ffff0000000008000b0007000000
            """)
    ]

    /// Answered to `tc chain show dev d0 egress`, message by message.
    static let chainListReplies: [[UInt8]] = [
        CapturedBytes.bytes(
            """
            2c000000640002006988016bc50500000000000013000000000000000000ffff0000000008000b0003000000
            """),
        CapturedBytes.bytes(
            """
            2c000000640002006988016bc50500000000000013000000000000000000ffff0000000008000b0007000000
            """),
        CapturedBytes.bytes(
            """
            5c000000640002006988016bc50500000000000013000000000000000000ffff0000000008000b00080000000b000100
            666c6f7765720000240002000a00040000112233445500000a000500ffff0000000000000600080000000000
            """),
    ]
}
