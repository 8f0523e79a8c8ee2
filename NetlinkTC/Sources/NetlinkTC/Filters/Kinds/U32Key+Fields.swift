// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

// Fields that packets have, as the words to compare; a prefix of an IPv6 address takes several.
extension U32Key {
    /// The source address of IPv4 or IPv6, of which the prefix counts.
    public static func source(_ prefix: IPPrefix) -> [U32Key] { address(prefix, ipv4: 12, ipv6: 8) }
    /// The destination address of IPv4 or IPv6, of which the prefix counts.
    public static func destination(_ prefix: IPPrefix) -> [U32Key] { address(prefix, ipv4: 16, ipv6: 24) }

    /// The words of an address from an offset on; none where no bit counts.
    public static func address(_ prefix: IPPrefix, at offset: Int32) -> [U32Key] {
        let words: [UInt32]
        switch prefix.address {
        case .v4(let address): words = [address.rawValue]
        case .v6(let address):
            words = [address.high >> 32, address.high, address.low >> 32, address.low].map {
                UInt32(truncatingIfNeeded: $0)
            }
        }
        return words.enumerated().compactMap { index, word in
            let bits = min(max(Int(prefix.length) - index * 32, 0), 32)
            guard bits > 0 else { return nil }
            return U32Key(word, mask: .max << UInt32(32 - bits), at: offset + Int32(index * 4))
        }
    }

    private static func address(_ prefix: IPPrefix, ipv4: Int32, ipv6: Int32) -> [U32Key] {
        address(prefix, at: prefix.address.bitCount == 32 ? ipv4 : ipv6)
    }

    /// The protocol above IPv4.
    public static func ipv4Protocol(_ number: UInt8) -> U32Key { U32Key(byte: number, mask: 0xff, at: 9) }
    /// The protocol above IPv6, where no extension header stands between.
    public static func ipv6Protocol(_ number: UInt8) -> U32Key { U32Key(byte: number, mask: 0xff, at: 6) }
    /// The type of service of IPv4.
    public static func typeOfService(_ value: UInt8, mask: UInt8 = 0xff) -> U32Key {
        U32Key(byte: value, mask: mask, at: 1)
    }
    /// The traffic class of IPv6.
    public static func trafficClass(_ value: UInt8, mask: UInt8 = 0xff) -> U32Key {
        U32Key(UInt32(value) << 20, mask: UInt32(mask) << 20, at: 0)
    }

    /// The source port of TCP or UDP, at the place where the table before has found the header.
    public static func sourcePort(_ port: UInt16) -> U32Key {
        U32Key(half: port, mask: .max, at: 0, behindHeader: true)
    }
    /// The destination port of TCP or UDP, at the place where the table before has found the header.
    public static func destinationPort(_ port: UInt16) -> U32Key {
        U32Key(half: port, mask: .max, at: 2, behindHeader: true)
    }
}
