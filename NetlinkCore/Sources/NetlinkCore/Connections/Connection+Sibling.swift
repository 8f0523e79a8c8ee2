// SPDX-License-Identifier: Apache-2.0

extension BlockingConnection {
    /// Opens a connection of another protocol in the same namespace, with the same settings and observer.
    public func makeConnection<Other: NetlinkProtocol>(
        of other: Other.Type = Other.self
    ) throws(NetlinkError) -> BlockingConnection<Other> {
        let connection = try BlockingConnection<Other>(
            opening: source.speaking(protocol: Other.number), timeout: timeout, limits: limits, observer: observer)
        connection.dumpRetries = dumpRetries
        return connection
    }
}

extension Connection {
    /// Opens a connection of another protocol in the same namespace, with the same settings and observer.
    public func makeConnection<Other: NetlinkProtocol>(
        of other: Other.Type = Other.self
    ) throws(NetlinkError) -> Connection<Other> {
        try Connection<Other>(
            opening: source.speaking(protocol: Other.number), timeout: timeout,
            sending: sending, limits: limits, dumpRetries: dumpRetries, observer: observer)
    }
}
