// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkWireGuard

/// Endpoints: a host's name or address and a port.
enum Endpoint {
    private enum Failure {
        case host(HostResolver.Failure)
        case service

        var text: String {
            switch self {
            case .host(let failure): "\(failure.text)"
            case .service: ServicePort.failure
            }
        }

        /// Whether asking again can help; the reference takes an unknown service for one that may yet come.
        var isPermanent: Bool {
            switch self {
            case .host(let failure): failure != .temporary
            case .service: false
            }
        }
    }

    static func parse(_ bytes: [UInt8]) throws(CommandError) -> WireGuardEndpoint {
        var triesLeft = try retries(environmentVariable("WG_ENDPOINT_RESOLUTION_RETRIES"))
        guard let (host, service) = try split(bytes) else {
            throw CommandError("Unable to find port of endpoint", quoting: bytes)
        }
        var delay: Double = 1
        while true {
            let failure: Failure
            switch find(host, service) {
            case .success(let endpoint): return endpoint
            case .failure(let found): failure = found.failure
            }
            if failure.isPermanent || triesLeft == 0 { throw CommandError(failure.text, quoting: bytes) }
            if let left = triesLeft { triesLeft = left - 1 }
            let hundredths = Int((delay * 100).rounded())
            let digits = hundredths % 100
            let wait = "Trying again in \(hundredths / 100).\(digits < 10 ? "0" : "")\(digits) seconds..."
            WG.say(CommandError(failure.text, quoting: bytes).message + Array(". \(wait)".utf8))
            System.sleep(milliseconds: Int32(delay * 1000))
            delay = Swift.min(20, delay * 1.2)
        }
    }

    /// How often to try again; nil for ever.
    static func retries(_ text: String?) throws(CommandError) -> Int? {
        guard let text else { return 15 }
        if text == "infinity" { return nil }
        let number = text.isEmpty ? 0 : Argument.unsignedLong(text.utf8).flatMap { Int32(exactly: $0) }
        guard let number else {
            throw CommandError("Unable to parse WG_ENDPOINT_RESOLUTION_RETRIES", quoting: text.utf8)
        }
        return Int(number)
    }

    /// The host and the port's text; nil where there is no port.
    private static func split(
        _ bytes: [UInt8]
    ) throws(CommandError) -> (host: [UInt8], service: [UInt8])? {
        guard !bytes.isEmpty else { throw CommandError("Unable to parse empty endpoint", status: 1) }
        let host: [UInt8]
        var rest: ArraySlice<UInt8>
        if bytes[0] == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else {
                throw CommandError("Unable to find matching brace of endpoint", quoting: bytes)
            }
            host = Array(bytes[1..<end])
            rest = bytes[(end + 1)...]
            guard rest.first == UInt8(ascii: ":") else { return nil }
        } else {
            guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
            host = Array(bytes[..<colon])
            rest = bytes[colon...]
        }
        rest = rest.dropFirst()
        return rest.isEmpty ? nil : (host, Array(rest))
    }

    private struct Found: Error { var failure: Failure }

    private static func find(_ host: [UInt8], _ service: [UInt8]) -> Result<WireGuardEndpoint, Found> {
        guard let port = ServicePort.parse(service) else { return .failure(Found(failure: .service)) }
        if let numeric = NumericHost.parse(host) {
            guard let address = IPAddress(bytes: numeric.address), let scope = scope(numeric.scope, of: address) else {
                return .failure(Found(failure: .host(.unknown)))
            }
            return .success(WireGuardEndpoint(address, port: port, scope: scope))
        }
        do throws(HostResolver.Failure) {
            guard let first = try HostResolver().addresses(of: host).first, let address = IPAddress(bytes: first) else {
                return .failure(Found(failure: .host(.noAddress)))
            }
            return .success(WireGuardEndpoint(address, port: port))
        } catch {
            return .failure(Found(failure: .host(error)))
        }
    }

    /// A scope's number: of link-local addresses a link's name may stand for it.
    private static func scope(_ text: [UInt8]?, of address: IPAddress) -> InterfaceIndex? {
        guard let text else { return InterfaceIndex.none }
        guard case .v6(let address) = address else { return nil }
        let name = String(decoding: text, as: UTF8.self)
        if address.isLinkLocal, let resolver = try? InterfaceResolver(),
            let index = try? resolver.index(of: .name(name))
        {
            return index
        }
        guard !text.isEmpty, let number = Word(bytes: text).number(UInt32.self, base: 10) else { return nil }
        return InterfaceIndex(rawValue: Int32(bitPattern: number))
    }
}

extension IPAddress {
    /// An address of four or sixteen bytes.
    init?(bytes: [UInt8]) {
        func word(_ start: Int, _ count: Int) -> UInt64 {
            bytes[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        switch bytes.count {
        case 4: self = .v4(IPv4Address(rawValue: UInt32(word(0, 4))))
        case 16: self = .v6(IPv6Address(high: word(0, 8), low: word(8, 8)))
        default: return nil
        }
    }
}
