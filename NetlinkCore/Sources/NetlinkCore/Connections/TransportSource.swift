// SPDX-License-Identifier: Apache-2.0

/// Opens transports: the first of a connection, and others when a dump was given up or a stream wants one of its own.
public struct TransportSource: Sendable {
    let open: @Sendable () throws(NetlinkError) -> any Transport

    /// What the kernel answered when it was asked whether it takes a request.
    let probes: ProbeAnswers
    /// By which interrupted dumps pause.
    var retryClock = RetryClock()
    private let sibling: (@Sendable (Int32) -> TransportSource)?

    /// Calls the closure for each transport.
    public init(_ open: @escaping @Sendable () throws(NetlinkError) -> any Transport) {
        self.open = open
        probes = ProbeAnswers(of: nil)
        sibling = nil
    }

    /// Calls the closure for each transport, and the second one for a source of another protocol in the same namespace.
    init(
        probes: ProbeAnswers, _ open: @escaping @Sendable () throws(NetlinkError) -> any Transport,
        sibling: @escaping @Sendable (Int32) -> TransportSource
    ) {
        self.open = open
        self.probes = probes
        self.sibling = sibling
    }

    /// The source of another protocol in the same namespace; a stand-in speaks every protocol.
    func speaking(protocol number: Int32) -> TransportSource { sibling?(number) ?? self }
}
