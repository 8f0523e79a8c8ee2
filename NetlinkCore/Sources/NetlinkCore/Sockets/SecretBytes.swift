// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Overwrites memory with zeros, in a way that no compiler takes for useless.
func wipeMemory(_ start: UnsafeMutableRawPointer, _ byteCount: Int) { unsafe explicit_bzero(start, byteCount) }

/// Overwrites an array's own memory with zeros; a copy that shares it keeps the old bytes.
@_spi(System) public func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { buffer in
        if let base = buffer.baseAddress { unsafe wipeMemory(base, buffer.count) }
    }
}

/// Bytes in memory of their own, overwritten with zeros when the last reference is gone.
///
/// For keys. They are compared in a time that does not depend on where they differ.
@_spi(System) @safe public final class SecretBytes: Hashable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    /// How many there are.
    public let count: Int

    /// Copies bytes; those of the source stay where they are.
    public init(_ source: RawSpan) {
        count = source.byteCount
        unsafe base = .allocate(byteCount: Swift.max(1, source.byteCount), alignment: 16)
        for offset in 0..<source.byteCount {
            unsafe base.storeBytes(
                of: source.loadChecked(offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
        }
    }

    deinit {
        unsafe wipeMemory(base, count)
        unsafe base.deallocate()
    }

    /// The bytes.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(RawSpan(_unsafeStart: base, byteCount: count), borrowing: self) }
    }

    /// Whether both hold the same bytes.
    public static func == (a: SecretBytes, b: SecretBytes) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for offset in 0..<a.count {
            difference |= a.bytes.loadChecked(offset, as: UInt8.self) ^ b.bytes.loadChecked(offset, as: UInt8.self)
        }
        return difference == 0
    }

    /// Hashes the bytes with the process's random seed.
    public func hash(into hasher: inout Hasher) {
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(start: base, count: count))
    }
}
