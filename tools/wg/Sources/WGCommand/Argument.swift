// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkWireGuard

extension CommandError {
    /// Says what is wrong with some bytes, and prints them as they are.
    init(_ reason: some TextWritable, quoting bytes: some Sequence<UInt8>) {
        var text: [UInt8] = []
        reason.write(to: &text)
        text += ": `".utf8
        text += bytes
        text.append(UInt8(ascii: "'"))
        self.init(text, status: 1)
    }
}

/// Values as they stand in command lines and files, with the reference's words for wrong ones.
enum Argument {
    static func key(_ bytes: [UInt8]) throws(CommandError) -> WireGuardKey {
        if let key = WireGuardKey(ascii: bytes.span) { return key }
        throw CommandError("Key is not the correct length or format", quoting: bytes)
    }

    static func publicKey(_ bytes: [UInt8]) throws(CommandError) -> WireGuardPublicKey {
        if let key = WireGuardPublicKey(ascii: bytes.span) { return key }
        throw CommandError("Key is not the correct length or format", quoting: bytes)
    }

    private static func isOff(_ bytes: [UInt8]) -> Bool { bytes.map { $0 | 0x20 } == Array("off".utf8) }

    /// A number of digits alone, of a base.
    private static func digits(_ bytes: some Collection<UInt8>, _ base: Int, atMost limit: UInt64) -> UInt64? {
        guard !bytes.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: digit = UInt64((byte | 0x20) - 0x61) + 10
            default: return nil
            }
            guard digit < UInt64(base) else { return nil }
            value = value * UInt64(base) + digit
            guard value <= limit else { return nil }
        }
        return value
    }

    /// A decimal number as the C library's strtoul reads it: behind white space, with a sign; nil where more or less stands
    /// there than that.
    static func unsignedLong(_ bytes: some Sequence<UInt8>) -> UInt64? {
        var rest = Array(bytes.drop { KeyFile.isSpace($0) })[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var value: UInt64 = 0
        for digit in rest {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 0x30))
            // What does not fit is the greatest number, whatever its sign.
            if overflow || carry { return .max }
            value = sum
        }
        return isNegative ? 0 &- value : value
    }

    static func mark(_ bytes: [UInt8]) throws(CommandError) -> UInt32 {
        if isOff(bytes) { return 0 }
        let isHexadecimal = bytes.starts(with: "0x".utf8)
        let value = digits(isHexadecimal ? bytes[2...] : bytes[...], isHexadecimal ? 16 : 10, atMost: 0xffff_ffff)
        guard let value else { throw CommandError("Fwmark is neither 0/off nor 0-0xffffffff", quoting: bytes) }
        return UInt32(value)
    }

    static func keepalive(_ bytes: [UInt8]) throws(CommandError) -> Duration {
        if isOff(bytes) { return .zero }
        guard let value = digits(bytes, 10, atMost: 65535) else {
            throw CommandError("Persistent keepalive interval is neither 0/off nor 1-65535", quoting: bytes)
        }
        return .seconds(Int64(value))
    }

    static func port(_ bytes: [UInt8]) throws(CommandError) -> UInt16 {
        guard !bytes.isEmpty else { throw CommandError("Unable to parse empty port", status: 1) }
        guard let port = ServicePort.parse(bytes) else { throw CommandError(ServicePort.failure, quoting: bytes) }
        return port
    }

    /// Reads a list of allowed addresses, from which white space was taken, into a peer's change.
    ///
    /// The list takes the place of what the peer has, unless an address has a sign: `+` adds, `-` takes away, as later
    /// versions of the reference have it.
    static func allowedAddresses(_ bytes: [UInt8], into peer: inout WireGuardPeerChange) throws(CommandError) {
        peer.replacesAllowedAddresses = true
        if bytes.isEmpty { return }
        for entry in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let isRemoval = entry.first == UInt8(ascii: "-")
            let isSigned = isRemoval || entry.first == UInt8(ascii: "+")
            if isSigned { peer.replacesAllowedAddresses = false }
            let prefix = try allowedAddress(isSigned ? entry.dropFirst() : entry, of: entry)
            // The message has first what goes; of both the last that was said counts.
            if isRemoval {
                peer.allowedAddresses.removeAll { $0.network == prefix.network }
                peer.removedAllowedAddresses.append(prefix)
            } else {
                peer.removedAllowedAddresses.removeAll { $0.network == prefix.network }
                peer.allowedAddresses.append(prefix)
            }
        }
    }

    private static func allowedAddress(
        _ entry: ArraySlice<UInt8>, of whole: ArraySlice<UInt8>
    ) throws(CommandError) -> IPPrefix {
        let slash = entry.firstIndex(of: UInt8(ascii: "/"))
        let host = Array(entry[..<(slash ?? entry.endIndex)])
        guard let address = IPAddress(ascii: host.span) else {
            throw CommandError("Unable to parse IP address", quoting: whole[..<(slash ?? whole.endIndex)])
        }
        var length = UInt64(address.bitCount)
        if let slash {
            let mask = entry[entry.index(after: slash)...]
            guard let number = digits(mask, 10, atMost: length) else {
                throw CommandError("AllowedIP is not in the correct format", quoting: whole)
            }
            length = number
        }
        guard let prefix = IPPrefix(address, length: Int(length)) else {
            throw CommandError("AllowedIP is not in the correct format", quoting: whole)
        }
        if prefix.hasHostBits { WG.say(Array("Warning: AllowedIP has nonzero host part: ".utf8) + whole) }
        return prefix
    }
}

/// Ports as the C library's getaddrinfo takes them for UDP.
enum ServicePort {
    static let failure = "Servname not supported for ai_socktype"

    /// A number in the forms of strtoul, cut to sixteen bits, or a service's name.
    static func parse(_ bytes: [UInt8]) -> UInt16? {
        if let number = Argument.unsignedLong(bytes), Int32(truncatingIfNeeded: number) >= 0 {
            return UInt16(truncatingIfNeeded: number)
        }
        return SystemNames().port(named: Word(bytes: bytes), transport: "udp")
    }
}
