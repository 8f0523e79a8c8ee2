// SPDX-License-Identifier: Apache-2.0

/// Sees what a connection sends and receives, and how each operation ended.
///
/// Called on the task or thread that does the work; it should be quick. Without an observer nothing is copied or timed.
public protocol ConnectionObserver: Sendable {
    /// A datagram is about to be sent.
    func sent(_ datagram: [UInt8], on wire: ObservedWire)
    /// A datagram was received.
    func received(_ datagram: [UInt8], on wire: ObservedWire)
    /// An operation ended.
    func finished(_ operation: String, after duration: Duration, error: NetlinkError?)
}

/// The socket that an observed datagram went over.
public struct ObservedWire: Sendable {
    /// The netlink protocol's number.
    public let protocolNumber: Int32
    /// The socket's port id.
    public let port: UInt32
    /// What is known of a message type.
    public let schema: @Sendable (UInt16) -> MessageSchema?

    /// The datagram's messages in words.
    public func describe(_ datagram: [UInt8]) -> String {
        MessageDescription.describe(datagram.rawSpan, schema: schema)
    }
}
