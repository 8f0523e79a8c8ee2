// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Reads one address with its port, of any family, as it stands in a filter.
struct SocketAddressReader {
    /// What a word came to.
    struct Found {
        /// One pattern, or one for each address of a host.
        var patterns: [SocketAddressPattern]
        /// The port, of any size, nil for any.
        var port: Int64?
        /// The family that the word named or that was given; nil for either internet family.
        var family: AddressFamily?
    }

    private let names: SocketExpressionParser
    private let family: AddressFamily?
    private let word: String
    private let isPort: Bool

    init(_ names: SocketExpressionParser, _ last: AddressFamily?, _ word: String, _ isPort: Bool) {
        self.names = names
        family = last ?? names.family
        self.word = word
        self.isPort = isPort
    }

    private static let prefixes: [(prefix: String, family: AddressFamily)] = [
        ("unix:", .unix), ("link:", .packet), ("netlink:", .netlink), ("vsock:", .vsock), ("inet:", .ipv4),
        ("inet6:", .ipv6),
    ]

    func read() throws(SocketExpressionSyntaxError) -> Found {
        // A prefix counts whatever family is settled.
        let named = Self.prefixes.first { word.hasPrefix($0.prefix) }
        let rest = named.map { String(word.dropFirst($0.prefix.count)) } ?? word
        switch named?.family ?? family {
        case .unix: return Found(patterns: [.unix(GlobPattern(rest))], family: .unix)
        case .packet: return try packet(rest)
        case .netlink: return try netlink(rest)
        case .vsock: return try vsock(rest)
        case let family: return try internet(rest, family)
        }
    }

    private func malformed() -> SocketExpressionSyntaxError { SocketExpressionSyntaxError(.malformedAddress, word) }

    /// The address and the port, at the first or last colon; a star and nothing mean any.
    private func split(_ text: String) -> (address: String?, port: String?) {
        let colon = text.firstIndex(of: ":")
        if isPort, colon == nil { return (nil, Self.given(text)) }
        let address = colon.map { String(text[..<$0]) } ?? text
        let port = colon.map { String(text[text.index(after: $0)...]) }
        return (Self.given(address), port.flatMap(Self.given))
    }

    private static func given(_ text: String) -> String? { text.isEmpty || text == "*" ? nil : text }

    private func packet(_ text: String) throws(SocketExpressionSyntaxError) -> Found {
        let (address, port) = split(text)
        var index: InterfaceIndex?
        if let port {
            index = CNumber.signed(port).map { InterfaceIndex(rawValue: $0) } ?? names.indexOfLink(port)
            guard index != nil else { throw malformed() }
        }
        var type: UInt16?
        if let address {
            type = names.ethernetType(address) ?? CNumber.unsigned(address).flatMap { UInt16(exactly: $0) }
            guard type != nil else { throw malformed() }
        }
        return Found(
            patterns: [.packet(ethernetType: type, interface: index)], port: index.map { Int64($0.rawValue) },
            family: .packet)
    }

    private func netlink(_ text: String) throws(SocketExpressionSyntaxError) -> Found {
        let (address, port) = split(text)
        var number: Int32?
        if let port {
            number = port == "kernel" ? 0 : CNumber.signed(port)
            guard number != nil else { throw malformed() }
        }
        var kind: UInt8?
        if let address {
            kind = names.netlinkProtocol(address) ?? CNumber.unsigned(address).flatMap { UInt8(exactly: $0) }
            guard kind != nil else { throw malformed() }
        }
        return Found(
            patterns: [.netlink(protocol: kind, port: number.map { UInt32(bitPattern: $0) })],
            port: number.map { Int64($0) }, family: .netlink)
    }

    private func vsock(_ text: String) throws(SocketExpressionSyntaxError) -> Found {
        let (address, port) = split(text)
        let number = port.flatMap(CNumber.unsigned)
        let context = address.flatMap(CNumber.unsigned)
        guard port == nil || number != nil, address == nil || context != nil else { throw malformed() }
        return Found(
            patterns: [.vsock(context: context, port: number)], port: number.map { Int64($0) }, family: .vsock)
    }

    // MARK: The internet

    private func internet(_ text: String, _ family: AddressFamily?) throws(SocketExpressionSyntaxError) -> Found {
        var address: String? = nil
        var port: String? = nil
        if isPort {
            port = text
            if text.hasPrefix(":") { port = String(text.dropFirst()) }
        } else if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw malformed() }
            address = String(text[text.index(after: text.startIndex)..<end])
            port = String(text[text.index(after: end)...])
        } else if text.hasPrefix("*") {
            port = String(text.dropFirst())
        } else {
            // Behind a slash a colon is that of the port; without one, the last colon.
            let from = text.firstIndex(of: "/") ?? text.startIndex
            let colon = text[from...].lastIndex(of: ":")
            address = colon.map { String(text[..<$0]) } ?? text
            port = colon.map { String(text[$0...]) }
        }
        if !isPort, let written = port, written.hasPrefix(":") { port = String(written.dropFirst()) }
        let number = try port.flatMap(Self.given).map { text throws(SocketExpressionSyntaxError) in
            try self.number(text)
        }
        let named = family == .ipv4 || family == .ipv6 ? family : nil
        let prefixes = try Self.given(address ?? "").flatMap { text throws(SocketExpressionSyntaxError) in
            try self.prefixes(text, named)
        }
        return Found(patterns: patterns(prefixes, number), port: number, family: named)
    }

    private func patterns(_ prefixes: [IPPrefix]?, _ number: Int64?) -> [SocketAddressPattern] {
        var port: UInt16?
        if let number, number >= 0 {
            port = UInt16(exactly: number)
            // No socket has a port as high.
            if port == nil { return [] }
        }
        guard let prefixes else { return [.internet(nil, port: port)] }
        return prefixes.map { .internet($0, port: port) }
    }

    private func number(_ text: String) throws(SocketExpressionSyntaxError) -> Int64 {
        if let number = CNumber.signed(text) { return Int64(number) }
        if let port = try names.portOfService(text) { return Int64(port) }
        throw SocketExpressionSyntaxError(.notAPort, word, part: text)
    }

    /// The prefixes that a text stands for; nil for any address.
    private func prefixes(_ text: String, _ family: AddressFamily?) throws(SocketExpressionSyntaxError) -> [IPPrefix]? {
        switch try? PrefixArgument(parsing: text, family: family) {
        case .prefix(let prefix, hasLength: _): return [prefix]
        case .any, .default: return nil
        case nil: break
        }
        let addresses = names.addressesOfHost(text, family).filter { family == nil || $0.family == family }
        guard !addresses.isEmpty else { throw SocketExpressionSyntaxError(.notAnAddress, word, part: text) }
        return addresses.map { IPPrefix($0) }
    }
}

/// Numbers as the C library reads them: octal behind a 0, hexadecimal behind 0x.
enum CNumber {
    /// A number of 32 bits without sign.
    static func unsigned(_ text: some StringProtocol) -> UInt32? {
        magnitude(text).flatMap { UInt32(exactly: $0) }
    }

    /// A number of 32 bits, with a sign or without.
    static func signed(_ text: some StringProtocol) -> Int32? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let hasSign = isNegative || text.utf8.first == UInt8(ascii: "+")
        guard let value = magnitude(hasSign ? text.dropFirst() : text[...]) else { return nil }
        return Int32(exactly: isNegative ? -Int64(value) : Int64(value))
    }

    private static func magnitude(_ text: some StringProtocol) -> UInt32? {
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt32(text.dropFirst(2), radix: 16) }
        if first == UInt8(ascii: "0"), text.utf8.count > 1 { return UInt32(text.dropFirst(), radix: 8) }
        return UInt32(text, radix: 10)
    }
}
