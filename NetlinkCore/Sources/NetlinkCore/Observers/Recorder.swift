// SPDX-License-Identifier: Apache-2.0

/// Records what goes over a connection, for a test to play back with `Replayer` of NetlinkTestSupport.
///
/// ```swift
/// let recorder = Recorder()
/// let connection = try RouteConnection(observer: recorder)
/// _ = try await connection.links()
/// print(recorder.recording)
/// ```
public final class Recorder: ConnectionObserver {
    private let kept = Lock(Recording(protocolNumber: 0))

    /// Begins with nothing recorded.
    public init() {}

    /// What was recorded so far.
    public var recording: Recording { kept.withLock { $0 } }

    /// Keeps the datagram.
    public func sent(_ datagram: [UInt8], on wire: ObservedWire) { keep(datagram, isRequest: true, wire) }
    /// Keeps the datagram.
    public func received(_ datagram: [UInt8], on wire: ObservedWire) { keep(datagram, isRequest: false, wire) }
    /// Keeps nothing.
    public func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {}

    private func keep(_ bytes: [UInt8], isRequest: Bool, _ wire: ObservedWire) {
        kept.withLock { recording in
            recording.protocolNumber = wire.protocolNumber
            recording.datagrams.append(Recording.Datagram(isRequest: isRequest, port: wire.port, bytes: bytes))
        }
    }
}
