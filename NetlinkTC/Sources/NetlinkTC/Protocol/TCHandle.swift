// SPDX-License-Identifier: Apache-2.0

/// Names a queueing discipline, a class or a place where filters are attached: a major and a minor number.
///
/// A queueing discipline has minor 0 (`1:`), its classes have its major (`1:10`).
///
/// ```swift
/// let handle = TCHandle(1, 0x10)   // 1:10
/// ```
///
/// Kernel: `TC_H_*`, `__u32`, the major number in the upper half. Numbers are written in hexadecimal.
public struct TCHandle: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public var rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The two numbers.
    public init(_ major: UInt16, _ minor: UInt16 = 0) {
        self.init(rawValue: UInt32(major) << 16 | UInt32(minor))
    }

    /// None; the kernel chooses.
    public static var unspecified: Self { Self(rawValue: 0) }  // TC_H_UNSPEC
    /// The place of a link's outermost queueing discipline.
    public static var root: Self { Self(rawValue: 0xffff_ffff) }  // TC_H_ROOT
    /// The place of a link's ingress queueing discipline.
    public static var ingress: Self { Self(rawValue: 0xffff_fff1) }  // TC_H_INGRESS
    /// The place of a link's clsact queueing discipline, which is the one of ingress.
    public static var clsact: Self { Self(rawValue: 0xffff_fff1) }  // TC_H_CLSACT
    /// Where filters of received packets are attached, with ingress and clsact.
    public static var ingressFilters: Self { Self(0xffff, minorOfIngress) }
    /// Where filters of packets to be sent are attached, with clsact.
    public static var egressFilters: Self { Self(0xffff, minorOfEgress) }
    /// Stands in place of a link's number for a block of filters that links share.
    ///
    /// The block's number stands where the parent does.
    public static var sharedBlock: Int32 { -1 }  // TCM_IFINDEX_MAGIC_BLOCK

    private static var minorOfIngress: UInt16 { 0xfff2 }  // TC_H_MIN_INGRESS
    private static var minorOfEgress: UInt16 { 0xfff3 }  // TC_H_MIN_EGRESS

    /// The number of the queueing discipline.
    public var major: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
    /// The number within the queueing discipline; 0 for itself.
    public var minor: UInt16 { UInt16(truncatingIfNeeded: rawValue) }
    /// The queueing discipline to which it belongs.
    public var qdisc: TCHandle { TCHandle(major) }
    /// Whether it names a queueing discipline.
    public var isQdisc: Bool { minor == 0 && major != 0 }
}

extension TCHandle: CustomStringConvertible {
    /// The text that tc prints: `root`, `none`, `1:`, `1:10`, `:10`.
    public var description: String {
        switch self {
        case .root: return "root"
        case .unspecified: return "none"
        default:
            let left = major == 0 ? "" : String(major, radix: 16)
            let right = minor == 0 ? "" : String(minor, radix: 16)
            return "\(left):\(right)"
        }
    }

    /// Reads the text of a class, as tc does: `root`, `none`, `1:10`, `1:`, `:10`, `10`.
    ///
    /// Numbers are hexadecimal, with or without `0x`; one without a colon is the whole handle.
    public init?(_ text: String) {
        switch text {
        case "root": self = .root
        case "none": self = .unspecified
        default:
            guard let colon = text.utf8.firstIndex(of: 0x3a) else {
                guard let raw = UInt32(hexadecimal: text[...]) else { return nil }
                self.init(rawValue: raw)
                return
            }
            let left = text[..<colon]
            let right = text[text.index(after: colon)...]
            guard let major = left.isEmpty ? 0 : UInt16(hexadecimal: left),
                let minor = right.isEmpty ? 0 : UInt16(hexadecimal: right)
            else { return nil }
            self.init(major, minor)
        }
    }
}

extension FixedWidthInteger {
    /// Reads hexadecimal digits, with or without `0x` in front and without a sign.
    init?(hexadecimal text: Substring) {
        let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? text.dropFirst(2) : text
        guard let first = digits.utf8.first, first != 0x2b, first != 0x2d else { return nil }
        self.init(digits, radix: 16)
    }
}
