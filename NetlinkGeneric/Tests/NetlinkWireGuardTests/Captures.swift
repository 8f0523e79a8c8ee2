// SPDX-License-Identifier: Apache-2.0

/// Bytes written as hexadecimal numbers with spaces.
func hex(_ text: String) -> [UInt8] {
    text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
}

/// Messages behind their headers: wireguard-tools 1.0.20210914 under strace on Linux 7.2.
enum Capture {
    // The keys are those of the examples of wg(8).
    static let privateKey = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    static let publicKey = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
    static let presharedKey = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="
    static let peer1 = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    static let peer2 = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
    static let peer3 = "gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA="

    /// `wg set wg0 private-key K listen-port 51820 fwmark 0x1234 peer P1 preshared-key F endpoint 192.95.5.67:1234
    /// allowed-ips 10.192.122.3/32,10.192.124.0/24 persistent-keepalive 25 peer P2 endpoint
    /// '[2607:5300:60:6b0::c05f:543]:2468' allowed-ips fd00::/64 peer P3 remove`.
    static let set = hex(
        """
        01 01 00 00 08 00 02 00 77 67 30 00 24 00 03 00 c8 09 f3 e5 31 7e 95 75 c9 b5 ed 78 b6 38 b7 ce
        53 0d ab e8 5d da b6 14 22 02 41 80 1d df 06 69 06 00 06 00 6c ca 00 00 08 00 07 00 34 12 00 00
        5c 01 08 80 ac 00 00 80 24 00 01 00 c5 32 01 03 9a db a1 4b e7 1f 88 6d a1 d8 db e9 ee bd ed 08
        cb 11 1b 75 34 00 78 99 9a a9 f0 38 24 00 02 00 16 90 b2 87 0b 3d 73 1c 16 a1 5e 31 10 bb 5f 26
        f8 c9 37 ec d0 55 13 c8 4a 59 51 5a 07 a8 a5 51 14 00 04 00 02 00 04 d2 c0 5f 05 43 00 00 00 00
        00 00 00 00 06 00 05 00 19 00 00 00 08 00 03 00 02 00 00 00 3c 00 09 80 1c 00 00 80 06 00 01 00
        02 00 00 00 08 00 02 00 0a c0 7a 03 05 00 03 00 20 00 00 00 1c 00 00 80 06 00 01 00 02 00 00 00
        08 00 02 00 0a c0 7c 00 05 00 03 00 18 00 00 00 7c 00 00 80 24 00 01 00 4e b3 2f 4a 83 f8 8d 84
        25 63 a4 48 cc 18 1b b2 c4 2a 63 7b f1 23 63 e2 fb 2e f5 94 e5 96 5d 7d 20 00 04 00 0a 00 09 a4
        00 00 00 00 26 07 53 00 00 60 06 b0 00 00 00 00 c0 5f 05 43 00 00 00 00 08 00 03 00 02 00 00 00
        2c 00 09 80 28 00 00 80 06 00 01 00 0a 00 00 00 14 00 02 00 fd 00 00 00 00 00 00 00 00 00 00 00
        00 00 00 00 05 00 03 00 40 00 00 00 30 00 00 80 24 00 01 00 80 de b9 06 42 0a cb 57 82 13 da 4f
        d7 07 5c f1 13 94 b6 41 cb 17 63 df 02 a6 1d c9 80 73 e8 40 08 00 03 00 01 00 00 00
        """)

    /// `wg setconf wg0 FILE`, of a private key and one peer with the allowed address 10.0.0.1/32.
    static let setConfiguration = hex(
        """
        01 01 00 00 08 00 02 00 77 67 30 00 24 00 03 00 c8 09 f3 e5 31 7e 95 75 c9 b5 ed 78 b6 38 b7 ce
        53 0d ab e8 5d da b6 14 22 02 41 80 1d df 06 69 06 00 06 00 00 00 00 00 08 00 07 00 00 00 00 00
        08 00 05 00 01 00 00 00 54 00 08 80 50 00 00 80 24 00 01 00 c5 32 01 03 9a db a1 4b e7 1f 88 6d
        a1 d8 db e9 ee bd ed 08 cb 11 1b 75 34 00 78 99 9a a9 f0 38 08 00 03 00 02 00 00 00 20 00 09 80
        1c 00 00 80 06 00 01 00 02 00 00 00 08 00 02 00 0a 00 00 01 05 00 03 00 20 00 00 00
        """)

    /// `wg show wg0`.
    static let showRequest = hex(
        """
        00 01 00 00 08 00 02 00 77 67 30 00
        """)

    /// The kernel's reply to it, after the above `wg set`.
    static let show = hex(
        """
        00 01 00 00 06 00 06 00 6c ca 00 00 08 00 07 00 34 12 00 00 08 00 01 00 13 00 00 00 08 00 02 00
        77 67 30 00 24 00 03 00 c8 09 f3 e5 31 7e 95 75 c9 b5 ed 78 b6 38 b7 ce 53 0d ab e8 5d da b6 14
        22 02 41 80 1d df 06 69 24 00 04 00 1c 88 28 f7 13 73 24 c5 8b 28 04 92 86 24 ea 23 26 f1 67 45
        37 c0 62 e2 51 e2 75 3c a7 fc ca 4c b0 01 08 80 d8 00 00 80 24 00 01 00 c5 32 01 03 9a db a1 4b
        e7 1f 88 6d a1 d8 db e9 ee bd ed 08 cb 11 1b 75 34 00 78 99 9a a9 f0 38 24 00 02 00 16 90 b2 87
        0b 3d 73 1c 16 a1 5e 31 10 bb 5f 26 f8 c9 37 ec d0 55 13 c8 4a 59 51 5a 07 a8 a5 51 14 00 06 00
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 06 00 05 00 19 00 00 00 0c 00 08 00 00 00 00 00
        00 00 00 00 0c 00 07 00 00 00 00 00 00 00 00 00 08 00 0a 00 01 00 00 00 14 00 04 00 02 00 04 d2
        c0 5f 05 43 00 00 00 00 00 00 00 00 3c 00 09 80 1c 00 00 80 05 00 03 00 20 00 00 00 06 00 01 00
        02 00 00 00 08 00 02 00 0a c0 7a 03 1c 00 00 80 05 00 03 00 18 00 00 00 06 00 01 00 02 00 00 00
        08 00 02 00 0a c0 7c 00 d4 00 00 80 24 00 01 00 4e b3 2f 4a 83 f8 8d 84 25 63 a4 48 cc 18 1b b2
        c4 2a 63 7b f1 23 63 e2 fb 2e f5 94 e5 96 5d 7d 24 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 14 00 06 00 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00 06 00 05 00 00 00 00 00 0c 00 08 00 00 00 00 00 00 00 00 00 0c 00 07 00
        00 00 00 00 00 00 00 00 08 00 0a 00 01 00 00 00 20 00 04 00 0a 00 09 a4 00 00 00 00 26 07 53 00
        00 60 06 b0 00 00 00 00 c0 5f 05 43 00 00 00 00 2c 00 09 80 28 00 00 80 05 00 03 00 40 00 00 00
        06 00 01 00 0a 00 00 00 14 00 02 00 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        """)
}
