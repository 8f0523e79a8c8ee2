// SPDX-License-Identifier: Apache-2.0

/// How packets take room on the wire below.
///
/// Kernel: `TC_LINKLAYER_*`, the lower 4 bits of a rate specification's field.
public struct LinkLayer: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public var rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not told; taken for Ethernet.
    public static var unaware: Self { Self(rawValue: 0) }  // TC_LINKLAYER_UNAWARE
    /// Each byte counts.
    public static var ethernet: Self { Self(rawValue: 1) }  // TC_LINKLAYER_ETHERNET
    /// In cells of 48 bytes that take 53 each, as with DSL.
    public static var atm: Self { Self(rawValue: 2) }  // TC_LINKLAYER_ATM

    static var mask: UInt8 { 0xf }  // TC_LINKLAYER_MASK

    /// How many bytes a packet takes, at least `minimum`.
    func size(of count: UInt64, minimum: UInt32) -> UInt64 {
        let size = max(count, UInt64(minimum))
        guard self == .atm else { return size }
        let (cells, rest) = size.quotientAndRemainder(dividingBy: 48)
        let whole = cells + (rest > 0 ? 1 : 0)
        let (bytes, overflow) = whole.multipliedReportingOverflow(by: 53)
        return overflow ? .max : bytes
    }
}

extension LinkLayer: CustomStringConvertible {
    /// The word for it.
    public var description: String {
        switch self {
        case .unaware: "unaware"
        case .ethernet: "ethernet"
        case .atm: "atm"
        default: "\(rawValue)"
        }
    }

    /// Reads the word for it; `adsl` is a name of ``atm``.
    public init?(_ text: String) {
        switch text {
        case "ethernet": self = .ethernet
        case "atm", "adsl": self = .atm
        default: return nil
        }
    }
}
