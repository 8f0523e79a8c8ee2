// SPDX-License-Identifier: Apache-2.0

/// A value that appends its text to a buffer, without building a string.
public protocol TextWritable {
    /// Appends the text.
    func write(to bytes: inout [UInt8])
}

extension String: TextWritable {
    /// Appends the bytes.
    @inlinable public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension Substring: TextWritable {
    /// Appends the bytes.
    @inlinable public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension StaticString: TextWritable {
    /// Appends the bytes.
    @inlinable public func write(to bytes: inout [UInt8]) { bytes.append(self) }
}

/// Bytes are text as they are, valid UTF-8 or not: the kernel's names need not be.
extension [UInt8]: TextWritable {
    /// Appends the bytes.
    @inlinable public func write(to bytes: inout [UInt8]) { bytes.append(copying: span) }
}

extension ArraySlice<UInt8>: TextWritable {
    /// Appends the bytes.
    @inlinable public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}

extension Optional: TextWritable where Wrapped: TextWritable {
    /// Appends nothing for nil.
    @inlinable public func write(to bytes: inout [UInt8]) { self?.write(to: &bytes) }
}
