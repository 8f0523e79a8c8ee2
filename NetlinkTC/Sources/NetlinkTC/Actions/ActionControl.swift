// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What becomes of a packet when an action is done.
///
/// Kernel: `TC_ACT_*`, `int`; a jump and a chain carry their number in the lower 28 bits.
public struct ActionControl: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: Int32
    /// Takes any number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Go on with the next filter.
    public static var goOn: Self { Self(rawValue: -1) }  // TC_ACT_UNSPEC
    /// Take the packet; the filter's class is the packet's.
    public static var pass: Self { Self(rawValue: 0) }  // TC_ACT_OK
    /// Begin again with the first filter.
    public static var reclassify: Self { Self(rawValue: 1) }  // TC_ACT_RECLASSIFY
    /// Drop the packet.
    public static var drop: Self { Self(rawValue: 2) }  // TC_ACT_SHOT
    /// Go on with the next action.
    public static var pipe: Self { Self(rawValue: 3) }  // TC_ACT_PIPE
    /// Consume the packet without dropping it.
    public static var stolen: Self { Self(rawValue: 4) }  // TC_ACT_STOLEN
    /// The packet waits elsewhere.
    public static var queued: Self { Self(rawValue: 5) }  // TC_ACT_QUEUED
    /// Do the list of actions again.
    public static var again: Self { Self(rawValue: 6) }  // TC_ACT_REPEAT
    /// The packet went to another interface.
    public static var redirect: Self { Self(rawValue: 7) }  // TC_ACT_REDIRECT
    /// Give the packet to the processor, where hardware does the filtering; consume it where not.
    public static var trap: Self { Self(rawValue: 8) }  // TC_ACT_TRAP

    /// Skip actions: go on with the one of this number, counted from the list's beginning.
    public static func jump(_ count: UInt32) -> Self { extended(1 << 28, count) }
    /// Go on with the filters of another chain.
    public static func goto(chain: UInt32) -> Self { extended(2 << 28, chain) }

    /// The largest number of a jump or a chain.
    public static var numberLimit: UInt32 { 0xfff_ffff }

    /// Where a jump goes; nil for all else.
    public var jumpCount: UInt32? { number(1) }
    /// The chain with which filtering goes on; nil for all else.
    public var chain: UInt32? { number(2) }

    private func number(_ opcode: UInt32) -> UInt32? {
        let bits = UInt32(bitPattern: rawValue)
        return rawValue > 0 && bits >> 28 == opcode ? bits & Self.numberLimit : nil
    }

    private static func extended(_ opcode: UInt32, _ number: UInt32) -> Self {
        Self(rawValue: Int32(bitPattern: opcode | number & numberLimit))
    }
}

extension ActionControl: CustomStringConvertible {
    /// The word for it, such as `drop` or `goto chain 4`.
    public var description: String {
        if let jumpCount { return "jump \(jumpCount)" }
        if let chain { return "goto chain \(chain)" }
        return switch self {
        case .goOn: "continue"
        case .pass: "pass"
        case .reclassify: "reclassify"
        case .drop: "drop"
        case .pipe: "pipe"
        case .stolen: "stolen"
        case .queued: "queued"
        case .again: "repeat"
        case .redirect: "redirect"
        case .trap: "trap"
        default: "\(rawValue)"
        }
    }
}
