// SPDX-License-Identifier: Apache-2.0

/// Prints what a connection sends and receives, decoded, and how each operation ended.
///
/// ```
/// > RTM_GETLINK request|dump seq 1 port 0 length 40
/// < RTM_NEWLINK multi seq 1 port 4242 length 1480
/// = list links: 0.214 ms
/// ```
public struct TraceObserver: ConnectionObserver {
    private let write: @Sendable (String) -> Void

    /// Gives each piece of text, whole lines, to the closure.
    public init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// Writes to an open descriptor, such as 2 for standard error; failures to write are ignored.
    public init(descriptor: Int32 = 2) {
        write = { text in try? writeAll(Array(text.utf8), to: descriptor) }
    }

    /// Prints the datagram.
    public func sent(_ datagram: [UInt8], on wire: ObservedWire) {
        write(Self.marked(">", wire.describe(datagram)))
    }

    /// Prints the datagram.
    public func received(_ datagram: [UInt8], on wire: ObservedWire) {
        write(Self.marked("<", wire.describe(datagram)))
    }

    /// Prints how it ended.
    public func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1_000 + 1_000).dropFirst()
        var text = "= \(operation): \(microseconds / 1_000).\(fraction) ms"
        if let error { text += ", \(error)" }
        write(text + "\n")
    }

    // The mark stands before each message; what belongs to the message is indented further.
    private static func marked(_ mark: String, _ text: String) -> String {
        var marked = ""
        for line in text.split(separator: "\n") {
            marked += (line.first == " " ? "  " : "\(mark) ") + line + "\n"
        }
        return marked
    }
}

extension TraceObserver {
    /// The observer that the environment variable `NETLINK_TRACE` asks for, or nil when it is unset or empty.
    ///
    /// `1` prints decoded messages to standard error; a name that ends in `.pcap` makes a ``PacketCapture`` there.
    ///
    /// - Throws: ``NetlinkError`` when the file cannot be made, and with ``NetlinkError/Code/invalidArgument`` for any
    ///   other value.
    public static func fromEnvironment() throws(NetlinkError) -> (any ConnectionObserver)? {
        try observer(for: environmentVariable("NETLINK_TRACE"))
    }

    /// The observer that a value of the variable asks for.
    static func observer(for value: String?) throws(NetlinkError) -> (any ConnectionObserver)? {
        guard let value, !value.isEmpty, value != "0" else { return nil }
        if value == "1" { return TraceObserver() }
        if value.hasSuffix(".pcap") { return try PacketCapture(path: value) }
        throw NetlinkError(
            .invalidArgument, operation: "trace", object: value,
            explanation: "NETLINK_TRACE is 1 or a name ending in .pcap")
    }
}
