// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A file of the kernel's messages behind a number that says of which kind.
public struct DumpFile {
    private let bytes: [UInt8]
    private let damageStatus: Int32
    private var position: Int

    private static let magicByteCount = 4
    private static let maximumByteCount = 1 << 20
    private static let headerByteCount = 16  // sizeof(struct nlmsghdr)

    /// Takes the contents of a file, which may be anything.
    ///
    /// - Parameters:
    ///   - bytes: All of the file.
    ///   - magic: The number with which it has to begin.
    ///   - status: The exit status for one that begins with another.
    ///   - damageStatus: The exit status for one that is cut or otherwise damaged.
    /// - Throws: what is wrong with it.
    public init(
        _ bytes: [UInt8], magic: UInt32, status: Int32, damageStatus: Int32 = 255
    ) throws(CommandError) {
        var first = Array(bytes.prefix(Self.magicByteCount))
        first += Array(repeating: 0, count: Self.magicByteCount - first.count)
        let found = (try? first.rawSpan.load(at: 0, as: UInt32.self)) ?? 0
        guard bytes.count >= Self.magicByteCount, found == magic else {
            let count = bytes.count >= Self.magicByteCount ? 1 : 0
            throw CommandError("Magic mismatch (\(count) elems, \(String(found, radix: 16)) magic)", status: status)
        }
        self.bytes = bytes
        self.damageStatus = damageStatus
        position = Self.magicByteCount
    }

    /// The next message; nil at the end.
    public mutating func next() throws(CommandError) -> RawMessage? {
        guard position < bytes.count else { return nil }
        let rest = bytes.count - position
        guard rest >= Self.headerByteCount, let length = try? bytes.rawSpan.load(at: position, as: Int32.self) else {
            throw truncated
        }
        guard length >= Self.headerByteCount, length <= Self.maximumByteCount else {
            let place = position + Self.headerByteCount
            throw CommandError("!!!malformed message: len=\(length) @\(place)", status: damageStatus)
        }
        var reader = MessageReader(bytes.rawSpan.extracting(position..<bytes.count))
        let raw: RawMessage
        do throws(DecodeError) {
            guard let message = try reader.next() else { return nil }
            raw = RawMessage(message)
        } catch {
            throw truncated
        }
        position += (Self.headerByteCount + raw.payload.count + 3) & ~3
        return raw
    }

    private var truncated: CommandError {
        CommandError("rtnl-from_file: truncated message", status: damageStatus)
    }

    /// Begins again with the first message.
    public mutating func rewind() { position = Self.magicByteCount }

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
