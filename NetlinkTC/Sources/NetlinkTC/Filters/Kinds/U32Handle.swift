// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Names a hash table of u32 filters, a bucket of it, or a filter in it.
///
/// Kernel: `TC_U32_HTID`, `TC_U32_HASH`, `TC_U32_NODE`; written `table:bucket:filter` in hexadecimal.
public struct U32Handle: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A filter in a bucket of a table; parts that are out of range are cut.
    public init(table: UInt32, bucket: UInt32 = 0, filter: UInt32 = 0) {
        self.init(rawValue: (table & 0xfff) << 20 | (bucket & 0xff) << 12 | filter & 0xfff)
    }

    /// The table in which filtering begins, whatever its number is.
    public static var root: Self { Self(rawValue: 0xfff0_0000) }  // TC_U32_ROOT

    /// The table, 0 to 0xfff; the kernel numbers its own from 0x800 on.
    public var table: UInt32 { rawValue >> 20 }
    /// The bucket, 0 to 0xff.
    public var bucket: UInt32 { rawValue >> 12 & 0xff }
    /// The filter, 0 to 0xfff; 0 for the table itself.
    ///
    /// The kernel numbers its own from 0x800 on.
    public var filter: UInt32 { rawValue & 0xfff }
    /// Whether it names a table or a bucket, not a filter.
    public var isTable: Bool { rawValue & 0xf_ffff == 0 }
}

extension U32Handle: CustomStringConvertible {
    /// The text that tc prints: `800::800`, `2:5:`, `2:`; `none` for 0.
    public var description: String {
        if rawValue == 0 { return "none" }
        var text = table == 0 ? "" : String(table, radix: 16)
        text += ":"
        if bucket != 0 { text += String(bucket, radix: 16) }
        if filter != 0 { text += ":" + String(filter, radix: 16) }
        return text
    }

    /// Reads the text: `table:bucket:filter`, parts at the end and in the middle may be left out.
    ///
    /// A number without a colon, after `0x`, is the whole handle.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x3a, omittingEmptySubsequences: false)
        guard parts.count <= 3 else { return nil }
        if parts.count == 1 {
            let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? text.dropFirst(2) : Substring(text)
            guard digits.utf8.count < text.utf8.count, let raw = UInt32(digits, radix: 16) else { return nil }
            self.init(rawValue: raw)
            return
        }
        func part(_ index: Int, limit: UInt32) -> UInt32? {
            guard index < parts.count, !parts[index].isEmpty else { return 0 }
            guard let value = UInt32(String(Substring(parts[index])), radix: 16), value <= limit else { return nil }
            return value
        }
        guard let table = part(0, limit: 0xfff), let bucket = part(1, limit: 0xff), let filter = part(2, limit: 0xfff)
        else { return nil }
        self.init(table: table, bucket: bucket, filter: filter)
    }
}
