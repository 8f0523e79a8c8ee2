// SPDX-License-Identifier: Apache-2.0

/// What carries datagrams to the kernel and back: a ``NetlinkSocket``, or a stand-in in tests.
///
/// A connection never uses a transport from two tasks at a time.
public protocol Transport: AnyObject, Sendable {
    /// A descriptor that polls readable when ``receive(into:)`` has something to give.
    var descriptor: Int32 { get }
    /// The port id to which the kernel replies.
    var port: UInt32 { get }
    /// Sends one datagram.
    func send(_ bytes: RawSpan) throws(SystemError)
    /// Receives one datagram: its length, which exceeds the buffer when it was cut, or nil when nothing is there now.
    ///
    /// Never blocks. A datagram that did not come from the kernel is dropped and counts as an empty one, so that the caller
    /// looks at its deadline however many there are.
    func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int?
}
