// SPDX-License-Identifier: Apache-2.0

/// What a connection sets aside and takes on at most.
///
/// The defaults suit every request of the kernel's own families; a program of thousands of connections may want less, and
/// one with very long messages more. Bytes of unknown attributes are bounded by ``UnknownAttributes/byteLimit``, an array
/// by ``Dump/limited(bytes:)``, the depth to which nests are shown by ``MessageDescription/standardDepth``.
public struct ConnectionLimits: Hashable, Sendable {
    /// How many bytes of address space each socket's datagrams are received into; resident are only pages that were used.
    ///
    /// A datagram that does not fit ends its request with ``NetlinkError/Code/messageTooLong``. The kernel fits dumps to
    /// the buffer, up to 32 KiB; single answers, such as that of a link with many virtual functions, come whole. At least
    /// 4,096.
    public var receiveByteCount: Int
    /// How long a message that is sent may be, in bytes; a longer one fails with ``NetlinkError/Code/messageTooLong``.
    ///
    /// At least 64.
    public var messageByteCount: Int
    /// How many tasks may wait for their turn; the next one fails with ``NetlinkError/Code/busy``.
    ///
    /// Nobody waits for a ``BlockingConnection``.
    public var waitingRequests: Int

    /// Sets limits; what is not said stays at its default.
    public init(
        receiveByteCount: Int = ReceiveBuffer.standardByteCount, messageByteCount: Int = 1 << 20,
        waitingRequests: Int = 1024
    ) {
        self.receiveByteCount = Swift.max(receiveByteCount, 4096)
        self.messageByteCount = Swift.max(messageByteCount, 64)
        self.waitingRequests = Swift.max(waitingRequests, 0)
    }
}
