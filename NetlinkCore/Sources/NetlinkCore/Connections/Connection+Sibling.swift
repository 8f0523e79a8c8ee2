// SPDX-License-Identifier: Apache-2.0

extension BlockingConnection {
    /// Opens a connection of another protocol in the same namespace, with the same deadline and observer.
    public func makeConnection<Other: NetlinkProtocol>(
        of other: Other.Type = Other.self
    ) throws(NetlinkError) -> BlockingConnection<Other> {
        try BlockingConnection<Other>(
            opening: source.speaking(protocol: Other.number), timeout: timeout, observer: observer)
    }
}

extension Connection {
    /// Opens a connection of another protocol in the same namespace, with the same deadline and observer.
    public func makeConnection<Other: NetlinkProtocol>(
        of other: Other.Type = Other.self
    ) throws(NetlinkError) -> Connection<Other> {
        try Connection<Other>(
            opening: source.speaking(protocol: Other.number), timeout: timeout, dumpRetries: dumpRetries,
            observer: observer)
    }
}
