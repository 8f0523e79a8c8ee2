// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// An address of either family in sixteen bytes, whose family is known from elsewhere.
///
/// An `IPAddress` takes 17 bytes and 24 in a row of properties; in a value that comes in hundreds of thousands that counts.
struct PackedAddress: Hashable, Sendable {
    /// Bytes 0 to 7 in network order as loaded; for IPv4 the first four hold the address.
    var high: UInt64 = 0
    /// Bytes 8 to 15 in network order as loaded.
    var low: UInt64 = 0

    init() {}

    init(_ address: IPAddress) {
        switch address {
        case .v4(let address): high = UInt64(address.networkOrder)
        case .v6(let address): (high, low) = address.networkOrder
        }
    }

    /// Reads four or sixteen bytes; false for any other length.
    @inline(__always)
    mutating func load(_ span: RawSpan) throws(DecodeError) -> Bool {
        switch span.byteCount {
        case 4:
            high = UInt64(try span.load(at: 0, as: UInt32.self))
            low = 0
        case 16:
            high = try span.load(at: 0)
            low = try span.load(at: 8)
        default: return false
        }
        return true
    }

    func address(isV6: Bool) -> IPAddress {
        isV6
            ? .v6(IPv6Address(networkOrder: high, low))
            : .v4(IPv4Address(networkOrder: UInt32(truncatingIfNeeded: high)))
    }
}

extension MessageWriter {
    /// Appends an attribute that holds an address.
    mutating func put<ID: AttributeID>(_ id: ID, _ address: IPAddress?) {
        switch address {
        case .v4(let address): put(id, address.networkOrder)
        case .v6(let address):
            let (high, low) = address.networkOrder
            put(id, structure: 16) { structure in
                structure.store(high, at: 0)
                structure.store(low, at: 8)
            }
        case nil: break
        }
    }
}

extension RawSpan {
    /// The address of four or sixteen bytes, or nil for any other length.
    func ipAddress() throws(DecodeError) -> IPAddress? {
        var packed = PackedAddress()
        return try packed.load(self) ? packed.address(isV6: byteCount == 16) : nil
    }
}
