// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

extension RawSpan {
    /// The address of four or sixteen bytes, or nil for any other length.
    func hostAddress() throws(DecodeError) -> IPAddress? {
        switch byteCount {
        case 4: return .v4(IPv4Address(rawValue: UInt32(bigEndian: try load(at: 0))))
        case 16:
            let bytes = array
            return .v6(IPv6Address(octets: InlineArray<16, UInt8> { bytes[$0] }))
        default: return nil
        }
    }
}
