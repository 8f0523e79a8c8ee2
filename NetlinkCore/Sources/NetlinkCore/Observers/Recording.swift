// SPDX-License-Identifier: Apache-2.0

/// What went over a connection's sockets, in order: text that can be kept in a file or a test, and played back.
///
/// The text has one line for each datagram, in hexadecimal, behind its direction and the port id of its socket:
///
/// ```
/// netlink-recording 1 little-endian protocol 0
/// > 4242 2800000012000103…
/// < 4242 d805000010000200…
/// ```
///
/// Netlink is in the host's byte order, so a recording is played back only where the order is the same. Empty lines and
/// lines that begin with `#` are ignored when read.
public struct Recording: Hashable, Sendable {
    /// One datagram.
    public struct Datagram: Hashable, Sendable {
        /// Whether it went to the kernel.
        public var isRequest: Bool
        /// The port id of the socket it went over.
        public var port: UInt32
        /// Its bytes.
        public var bytes: [UInt8]

        /// Makes one.
        public init(isRequest: Bool, port: UInt32, bytes: [UInt8]) {
            self.isRequest = isRequest
            self.port = port
            self.bytes = bytes
        }
    }

    /// The netlink protocol's number.
    public var protocolNumber: Int32
    /// The datagrams in the order in which they went.
    public var datagrams: [Datagram]

    /// Makes a recording.
    public init(protocolNumber: Int32, datagrams: [Datagram] = []) {
        self.protocolNumber = protocolNumber
        self.datagrams = datagrams
    }

    /// The byte order of this machine.
    static var byteOrder: String {
        #if _endian(little)
        "little-endian"
        #else
        "big-endian"
        #endif
    }
}

extension Recording: LosslessStringConvertible {
    /// The recording as text.
    public var description: String {
        var text = "netlink-recording 1 \(Self.byteOrder) protocol \(protocolNumber)\n"
        let digits = Array("0123456789abcdef".utf8)
        for datagram in datagrams {
            text += "\(datagram.isRequest ? ">" : "<") \(datagram.port) "
            let hex = datagram.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            text += String(decoding: hex, as: UTF8.self) + "\n"
        }
        return text
    }

    /// Reads a recording; nil when the text is none, or one of a machine of the other byte order.
    public init?(_ description: String) {
        var lines = description.split(whereSeparator: \.isNewline).filter { $0.first != "#" }[...]
        guard let first = lines.popFirst() else { return nil }
        let head = first.split(separator: " ")
        guard head.count == 5, head[0] == "netlink-recording", head[1] == "1", head[2] == Self.byteOrder,
            head[3] == "protocol", let number = Int32(head[4])
        else { return nil }
        self.init(protocolNumber: number)
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == ">" || words[0] == "<", let port = UInt32(words[1]),
                let bytes = Self.bytes(hex: words[2])
            else { return nil }
            datagrams.append(Datagram(isRequest: words[0] == ">", port: port, bytes: bytes))
        }
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var upper: UInt8?
        for character in hex {
            guard character.isASCII, let digit = character.hexDigitValue else { return nil }
            if let half = upper {
                bytes.append(half << 4 | UInt8(digit))
                upper = nil
            } else {
                upper = UInt8(digit)
            }
        }
        return upper == nil ? bytes : nil
    }
}
