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

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    var isZero: Bool { high | low == 0 }

    func address(isV6: Bool) -> IPAddress {
        isV6
            ? .v6(IPv6Address(networkOrder: high, low))
            : .v4(IPv4Address(networkOrder: UInt32(truncatingIfNeeded: high)))
    }
}
