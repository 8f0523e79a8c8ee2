// SPDX-License-Identifier: Apache-2.0

/// Opens transports: the first of a connection, and others when a dump was given up or a stream wants one of its own.
public struct TransportSource: Sendable {
    let open: @Sendable () throws(NetlinkError) -> any Transport

    /// Calls the closure for each transport.
    public init(_ open: @escaping @Sendable () throws(NetlinkError) -> any Transport) { self.open = open }
}
