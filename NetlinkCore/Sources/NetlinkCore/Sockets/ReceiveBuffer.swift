// SPDX-License-Identifier: Apache-2.0

/// Memory that datagrams are received into, large enough that none is cut.
///
/// Allocated whole and not touched: only the pages that were received into are resident.
@safe public struct ReceiveBuffer: ~Copyable, @unchecked Sendable {
    /// How much a connection sets aside: larger than any datagram the kernel builds.
    public static let standardByteCount = 1 << 20

    @usableFromInline let bytes: UnsafeMutableRawBufferPointer

    /// Sets memory aside.
    public init(byteCount: Int = ReceiveBuffer.standardByteCount) {
        unsafe bytes = .allocate(byteCount: Swift.max(byteCount, 64), alignment: 16)
    }

    deinit { unsafe bytes.deallocate() }

    /// How many bytes fit.
    @inlinable public var count: Int { unsafe bytes.count }

    /// Replaces the first bytes; returns how many there would have been, which is more than ``count`` when cut.
    public mutating func fill(with source: RawSpan) -> Int {
        let taken = Swift.min(source.byteCount, count)
        unsafe source.withUnsafeBytes { source in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<taken]))
        }
        return source.byteCount
    }

    /// Overwrites the first bytes with zeros.
    mutating func wipe(_ byteCount: Int) {
        guard let base = unsafe bytes.baseAddress else { return }
        unsafe wipeMemory(base, Swift.min(Swift.max(0, byteCount), count))
    }

    /// Gives the first bytes, as received, to the closure.
    @inlinable public borrowing func withReceived<R, E: Error>(
        _ byteCount: Int, _ body: (RawSpan) throws(E) -> R
    ) throws(E) -> R {
        let count = Swift.min(Swift.max(0, byteCount), self.count)
        let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
        return try body(span)
    }
}
