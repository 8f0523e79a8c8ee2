// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A file of the kernel's messages behind a number that says of which kind.
public struct DumpFile {
    private let bytes: [UInt8]
    private var position: Int

    /// Takes the contents of a file, which may be anything.
    public init(_ bytes: [UInt8], magic: UInt32, status: Int32) throws(CommandError) {
        let found = try? bytes.rawSpan.load(at: 0, as: UInt32.self)
        guard let found, found == magic else {
            let count = bytes.count >= 4 ? 1 : 0
            throw CommandError(
                "Magic mismatch (\(count) elems, \(String(found ?? 0, radix: 16)) magic)", status: status)
        }
        self.bytes = bytes
        position = 4
    }

    /// The next message; nil at the end.
    public mutating func next() throws(CommandError) -> RawMessage? {
        guard position < bytes.count else { return nil }
        let raw: RawMessage
        var reader = MessageReader(bytes.rawSpan.extracting(position..<bytes.count))
        do throws(DecodeError) {
            guard let message = try reader.next() else { return nil }
            raw = RawMessage(message)
        } catch {
            throw CommandError("Malformed dump file: \(error)", status: 1)
        }
        let headerByteCount = 16  // sizeof(struct nlmsghdr)
        position += (headerByteCount + raw.payload.count + 3) & ~3
        return raw
    }

    /// Begins again with the first message.
    public mutating func rewind() { position = 4 }

    /// Puts such a file together.
    public struct Writer: ~Copyable {
        private var writer = MessageWriter(capacity: 1 << 16, limit: .max / 4)

        /// Begins with the number that says of which kind the messages are.
        public init(magic: UInt32) { writer.append(magic) }

        /// Appends a message as it was.
        public mutating func append(_ message: RawMessage) { message.write(to: &writer) }

        /// The file's contents.
        public var bytes: [UInt8] { writer.bytes.array }
    }
}
