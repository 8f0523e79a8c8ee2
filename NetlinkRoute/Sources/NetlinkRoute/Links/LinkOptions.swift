// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The number of one of a link's options in an address family; ``IPv4LinkOption`` or ``IPv6LinkOption``.
public protocol LinkOption: RawRepresentable<UInt16>, Hashable, Sendable {
    /// Takes any number.
    init(rawValue: UInt16)
}

/// A link's options in an address family, each absent or a number.
///
/// ```swift
/// change.families = LinkFamilies()
/// change.families?.ipv4.options[.forwarding] = 1
/// ```
public struct LinkOptions<Option: LinkOption>: Hashable, Sendable {
    // Values by option, absent ones zero, none behind the last present one: equal options are equal arrays.
    private var values: [Int32] = []
    private var present: UInt128 = 0
    private static var limit: Int { 128 }

    /// None.
    public init() {}

    /// The value of an option; nil where it is absent.
    public subscript(option: Option) -> Int32? {
        get {
            let index = Int(option.rawValue)
            return has(index) ? values[index] : nil
        }
        set { set(Int(option.rawValue), newValue) }
    }

    /// Whether there is none.
    public var isEmpty: Bool { values.isEmpty }

    /// The options that have a value, by number.
    public var all: [(option: Option, value: Int32)] {
        values.indices.compactMap { has($0) ? (Option(rawValue: UInt16($0)), values[$0]) : nil }
    }

    private func has(_ index: Int) -> Bool { index < values.count && present & 1 << index != 0 }

    private mutating func set(_ index: Int, _ value: Int32?) {
        guard index < Self.limit else { return }
        if let value {
            while values.count <= index { values.append(0) }
            values[index] = value
            present |= 1 << index
        } else if index < values.count {
            values[index] = 0
            present &= ~(1 << index)
            while let last = values.indices.last, !has(last) { values.removeLast() }
        }
    }

    /// Reads an array of numbers, of which the first is the option `first`.
    init(_ span: RawSpan, first: Int) {
        let count = Swift.min(span.byteCount / 4, Self.limit - first)
        guard count > 0 else { return }
        values.reserveCapacity(first + count)
        for _ in 0..<first { values.append(0) }
        values.append(integersOf: span.bytes(from: 0, count: count * 4))
        present = (UInt128.max >> UInt128(Self.limit - count)) << UInt128(first)
    }
}
