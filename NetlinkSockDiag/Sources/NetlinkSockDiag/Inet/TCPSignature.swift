// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A key with which a TCP socket signs what it sends to some addresses, and checks what comes from them.
///
/// Kernel: `struct tcp_diag_md5sig`.
public struct TCPSignature: Hashable, Sendable {
    /// The addresses.
    public var peers: IPPrefix
    /// The key: at most 80 bytes.
    public var key: [UInt8]

    private static let byteCount = 100  // sizeof(struct tcp_diag_md5sig)
    private static let keyLimit = 80  // TCP_MD5SIG_MAXKEYLEN

    /// Reads one after the other; what no prefix can be made of is left out.
    static func list(_ span: RawSpan) throws(DecodeError) -> [TCPSignature] {
        var list: [TCPSignature] = []
        for start in stride(from: 0, through: span.byteCount - byteCount, by: byteCount) {
            let one = span.bytes(from: start, count: byteCount)
            let family = try one.load(at: 0, as: UInt8.self)  // struct tcp_diag_md5sig.tcpm_family
            let length = try one.load(at: 1, as: UInt8.self)  // struct tcp_diag_md5sig.tcpm_prefixlen
            let keyCount = try one.load(at: 2, as: UInt16.self)  // struct tcp_diag_md5sig.tcpm_keylen
            let packed = try PackedAddress(one, at: 4)  // struct tcp_diag_md5sig.tcpm_addr
            let address = packed.address(isV6: AddressFamily(rawValue: family) == .ipv6)
            guard let peers = IPPrefix(address, length: Int(length)) else { continue }
            let key = one.bytes(from: 20, count: min(Int(keyCount), keyLimit)).array
            list.append(TCPSignature(peers: peers, key: key))
        }
        return list
    }
}

extension PackedAddress {
    /// Sixteen bytes, of an address of either family.
    fileprivate init(_ span: RawSpan, at offset: Int) throws(DecodeError) {
        self.init(high: try span.load(at: offset), low: try span.load(at: offset + 8))
    }
}

extension TCPSignature: CustomStringConvertible {
    /// The addresses; never the key.
    public var description: String { "\(peers)" }
}
