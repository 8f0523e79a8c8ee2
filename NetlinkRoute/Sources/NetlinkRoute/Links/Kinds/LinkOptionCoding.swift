// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

extension Duration {
    /// Hundredths of a second, in which the kernel counts a bridge's times.
    public static func centiseconds(_ count: some BinaryInteger) -> Duration { .milliseconds(count) * 10 }

    /// How many whole units this is; 0 below zero.
    ///
    /// Gives back the kernel's number: `bridge.helloTime?.count(of: .centiseconds(1))`.
    public func count(of unit: Duration) -> UInt64 {
        guard unit > .zero else { return 0 }
        return UInt64(clamping: attoseconds / unit.attoseconds)
    }
}

extension Attribute {
    /// The value as a time that the kernel counts in a unit.
    func duration<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, in unit: Duration
    ) throws(DecodeError) -> Duration {
        unit * (try integer(T.self))
    }

    /// The value as an IPv4 address.
    func ipv4() throws(DecodeError) -> IPv4Address { IPv4Address(networkOrder: try integer()) }

    /// The value as an IPv6 address.
    func ipv6() throws(DecodeError) -> IPv6Address {
        IPv6Address(
            networkOrder: try payload.load(at: 0, as: UInt64.self), try payload.load(at: 8, as: UInt64.self))
    }
}

extension MessageWriter {
    /// Appends a time in the kernel's unit when it is set and differs from `old`.
    ///
    /// A time that the kernel cannot keep exactly makes ``finish()`` throw: what is read back would be another one.
    mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(
        _ id: ID, _ time: Duration?, in unit: Duration, as type: T.Type, changing old: Duration?
    ) {
        guard let time, time != old else { return }
        let (count, rest) = time.attoseconds.quotientAndRemainder(dividingBy: unit.attoseconds)
        guard rest == 0, let value = T(exactly: count) else {
            let name = id.kernelName.map { "\($0): " } ?? ""
            fail(
                NetlinkError(
                    .invalidArgument,
                    explanation: "\(name)a time of \(time); the kernel takes multiples of \(unit) up to \(unit * T.max)"
                ))
            return
        }
        put(id, value)
    }

    /// Appends a hardware address when it is set and differs from `old`.
    mutating func put<ID: AttributeID>(_ id: ID, _ address: HardwareAddress?, changing old: HardwareAddress?) {
        if let address, address != old { put(id, address.bytes) }
    }

    /// Appends an IPv4 address when it is set and differs from `old`.
    mutating func put<ID: AttributeID>(_ id: ID, _ address: IPv4Address?, changing old: IPv4Address?) {
        if let address, address != old { put(id, address.networkOrder) }
    }

    /// Appends an IPv6 address when it is set and differs from `old`.
    mutating func put<ID: AttributeID>(_ id: ID, _ address: IPv6Address?, changing old: IPv6Address?) {
        guard let address, address != old else { return }
        put(id, structure: IPv6Address.byteCount) { structure in
            structure.store(address.networkOrder.high, at: 0)
            structure.store(address.networkOrder.low, at: 8)
        }
    }
}
