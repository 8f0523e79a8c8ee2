// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkWireGuard

/// Values as they stand in command lines and files, with the reference's words for wrong ones.
enum Argument {
    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
    private static func error(_ text: String) -> CommandError { CommandError(text, status: 1) }

    static func key(_ bytes: some BidirectionalCollection<UInt8>) throws(CommandError) -> WireGuardKey {
        if let key = WireGuardKey(ascii: bytes) { return key }
        throw error("Key is not the correct length or format: `\(text(bytes))'")
    }

    static func publicKey(_ bytes: [UInt8]) throws(CommandError) -> WireGuardPublicKey {
        if let key = WireGuardPublicKey(ascii: bytes) { return key }
        throw error("Key is not the correct length or format: `\(text(bytes))'")
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

    static func mark(_ bytes: [UInt8]) throws(CommandError) -> UInt32 {
        if isOff(bytes) { return 0 }
        let isHexadecimal = bytes.starts(with: "0x".utf8)
        let value = digits(isHexadecimal ? bytes[2...] : bytes[...], isHexadecimal ? 16 : 10, atMost: 0xffff_ffff)
        guard let value else { throw error("Fwmark is neither 0/off nor 0-0xffffffff: `\(text(bytes))'") }
        return UInt32(value)
    }

    static func keepalive(_ bytes: [UInt8]) throws(CommandError) -> Duration {
        if isOff(bytes) { return .zero }
        guard let value = digits(bytes, 10, atMost: 65535) else {
            throw error("Persistent keepalive interval is neither 0/off nor 1-65535: `\(text(bytes))'")
        }
        return .seconds(Int64(value))
    }

    static func port(_ bytes: [UInt8]) throws(CommandError) -> UInt16 {
        guard !bytes.isEmpty else { throw error("Unable to parse empty port") }
        guard let port = ServicePort.parse(bytes) else { throw error("\(ServicePort.failure): `\(text(bytes))'") }
        return port
    }

    /// A list of allowed addresses, from which white space was taken.
    static func allowedAddresses(_ bytes: [UInt8]) throws(CommandError) -> [IPPrefix] {
        if bytes.isEmpty { return [] }
        var found: [IPPrefix] = []
        for entry in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let slash = entry.firstIndex(of: UInt8(ascii: "/"))
            let host = Array(entry[..<(slash ?? entry.endIndex)])
            guard let address = IPAddress(ascii: host.span) else {
                throw error("Unable to parse IP address: `\(text(host))'")
            }
            var length = UInt64(address.bitCount)
            if let slash {
                let mask = entry[entry.index(after: slash)...]
                guard let number = digits(mask, 10, atMost: length) else {
                    throw error("AllowedIP is not in the correct format: `\(text(entry))'")
                }
                length = number
            }
            guard let prefix = IPPrefix(address, length: Int(length)) else { continue }
            if prefix.hasHostBits { WG.say("Warning: AllowedIP has nonzero host part: \(text(entry))") }
            found.append(prefix)
        }
        return found
    }
}

/// Ports as the C library's getaddrinfo takes them for UDP.
enum ServicePort {
    static let failure = "Servname not supported for ai_socktype"

    /// A number in the forms of strtoul, cut to sixteen bits, or a service's name.
    static func parse(_ bytes: [UInt8]) -> UInt16? {
        if let number = number(bytes), number >= 0 { return UInt16(truncatingIfNeeded: number) }
        return SystemNames().port(named: Word(bytes: bytes), transport: "udp")
    }

    private static func number(_ bytes: [UInt8]) -> Int32? {
        var rest = bytes.drop { KeyFile.isSpace($0) }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var value: UInt64 = 0
        for digit in rest {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 0x30))
            // What does not fit is the greatest number, whatever its sign.
            if overflow || carry { return -1 }
            value = sum
        }
        return Int32(truncatingIfNeeded: isNegative ? 0 &- value : value)
    }
}
