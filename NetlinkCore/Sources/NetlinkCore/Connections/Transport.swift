// SPDX-License-Identifier: Apache-2.0

/// What carries datagrams to the kernel and back: a ``NetlinkSocket``, or a stand-in in tests.
///
/// A connection never uses a transport from two tasks at a time.
public protocol Transport: AnyObject, Sendable {
    /// A descriptor that polls readable when ``receive(into:)`` has something to give.
    var descriptor: Int32 { get }
    /// The port id to which the kernel replies.
    var port: UInt32 { get }
    /// How many datagrams that did not come from the kernel were dropped.
    var foreignDatagramCount: Int { get }
    /// Sends one datagram.
    func send(_ bytes: RawSpan) throws(SystemError)
    /// Receives one datagram: its length, which exceeds the buffer when it was cut, or nil when nothing is there now.
    ///
    /// Never blocks. A datagram that did not come from the kernel is dropped and counts as an empty one, so that the caller
    /// looks at its deadline however many there are.
    func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int?
    /// Joins the groups of a subscription; what is no socket of a kernel has none to join.
    func subscribe(_ subscription: EventSubscription) throws(SystemError)
    /// Whether the process has no capability in the network namespace that the transport reaches, so that its lack explains
    /// why the kernel refused a request.
    func lacks(_ capability: Capability) -> Bool
    /// Receives one datagram as ``receive(into:)`` does, and says in which namespace it was sent; nil for the socket's own.
    func receive(into buffer: inout ReceiveBuffer, namespaceID: inout NamespaceID?) throws(SystemError) -> Int?
}

extension Transport {
    /// Yes: where there is no kernel to ask, what stands in for it means its refusals.
    public func lacks(_ capability: Capability) -> Bool { true }

    /// None: what stands in for the kernel has no strangers around it.
    public var foreignDatagramCount: Int { 0 }

    /// Does nothing.
    public func subscribe(_ subscription: EventSubscription) throws(SystemError) {}

    /// Receives one datagram, of the socket's own namespace.
    public func receive(
        into buffer: inout ReceiveBuffer, namespaceID: inout NamespaceID?
    ) throws(SystemError) -> Int? {
        namespaceID = nil
        return try receive(into: &buffer)
    }
}
