// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Who executes a filter, the processor or hardware.
///
/// Kernel: `TCA_CLS_FLAGS_*`.
public struct FilterFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Hardware does not execute it.
    public static var skipHardware: Self { Self(rawValue: 1) }  // TCA_CLS_FLAGS_SKIP_HW
    /// Only hardware executes it.
    public static var skipSoftware: Self { Self(rawValue: 2) }  // TCA_CLS_FLAGS_SKIP_SW
    /// Hardware executes it; only reported.
    public static var inHardware: Self { Self(rawValue: 4) }  // TCA_CLS_FLAGS_IN_HW
    /// Hardware does not execute it; only reported.
    public static var notInHardware: Self { Self(rawValue: 8) }  // TCA_CLS_FLAGS_NOT_IN_HW
    /// The kernel says why hardware does not take it.
    public static var verbose: Self { Self(rawValue: 16) }  // TCA_CLS_FLAGS_VERBOSE

    /// The flags that the kernel only reports; they are never sent.
    public static var reported: Self { [.inHardware, .notInHardware] }

    /// Without what the kernel only reports; nil where nothing is left.
    var settings: FilterFlags? {
        let flags = subtracting(.reported)
        return flags.isEmpty ? nil : flags
    }
}
