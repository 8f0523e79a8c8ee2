// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore

/// Names of ports, protocols, links and control groups, looked up at the first need and kept.
final class SocketNames {
    let isNumeric: Bool
    let resolvesHosts: Bool
    let links = LinkNames()
    private let system = SystemNames()
    private var services: [UInt32: [UInt8]?] = [:]
    private var range: ClosedRange<UInt16>?
    private lazy var hosts = HostNames()
    private var cgroups: [UInt64: [UInt8]?] = [:]

    init(isNumeric: Bool, resolvesHosts: Bool) {
        self.isNumeric = isNumeric
        self.resolvesHosts = resolvesHosts
    }

    // MARK: Ports

    /// The ports that the kernel chooses from: they mean no service.
    var chosenPorts: ClosedRange<UInt16> {
        if let range { return range }
        let text = System.readFile("/proc/sys/net/ipv4/ip_local_port_range") ?? []
        let numbers = text.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a }.compactMap {
            UInt16(String(decoding: $0, as: UTF8.self))
        }
        let found = numbers.count == 2 && numbers[0] <= numbers[1] ? numbers[0]...numbers[1] : 1024...4999
        range = found
        return found
    }

    /// Appends a port as it is shown: `*` for none, the name of the service, or the number.
    func append(port: UInt16, transport: StaticString, isRaw: Bool = false, to bytes: inout [UInt8]) {
        if port == 0 { return bytes.append(0x2a) }
        guard !isNumeric, isRaw || !chosenPorts.contains(port) else { return bytes.append(decimal: port) }
        let key = UInt32(port) | UInt32(transport.utf8CodeUnitCount) << 16 | UInt32(isRaw ? 1 : 0) << 24
        let name: [UInt8]?
        if let kept = services[key] {
            name = kept
        } else {
            name =
                isRaw
                ? UInt8(exactly: port).flatMap(system.ipProtocol) ?? Array("ipproto-\(port)".utf8)
                : system.service(port, transport: transport)
            services[key] = .some(name)
        }
        if let name { bytes.append(contentsOf: name) } else { bytes.append(decimal: port) }
    }

    /// The name of a port's service.
    func serviceName(_ port: UInt16, _ transport: StaticString) -> [UInt8]? {
        port == 0 || chosenPorts.contains(port) ? nil : system.service(port, transport: transport)
    }

    /// The port of a service.
    func port(of service: String, transport: StaticString) -> UInt16? {
        system.port(named: Word(service), transport: transport)
    }

    // MARK: Hosts

    /// The name of an address, of one mapped into IPv6 that of the IPv4 address.
    func host(_ address: IPAddress) -> [UInt8]? {
        guard resolvesHosts else { return nil }
        if let mapped = address.ipv6?.mappedIPv4 { return hosts.name(of: .v4(mapped)) }
        return hosts.name(of: address)
    }

    /// The addresses of a host; of both families the first one decides, IPv4 before IPv6.
    func addresses(of host: String, _ family: AddressFamily?) -> [IPAddress] {
        guard let found = try? HostResolver().addresses(of: Array(host.utf8)) else { return [] }
        let addresses = found.compactMap { bytes -> IPAddress? in
            switch bytes.count {
            case 4: .v4(IPv4Address(bytes[0], bytes[1], bytes[2], bytes[3]))
            case 16: .v6(IPv6Address(octets: [16 of UInt8] { bytes[$0] }))
            default: nil
            }
        }
        let first = addresses.contains { $0.family == .ipv4 } ? AddressFamily.ipv4 : .ipv6
        return addresses.filter { $0.family == family ?? first }
    }

    // MARK: Control groups

    /// The path of a control group below the root of version 2.
    func cgroupPath(_ id: UInt64) -> [UInt8] {
        if let kept = cgroups[id] { return kept ?? Self.unreachable(id) }
        let path = CgroupFiles.path(of: id)
        cgroups[id] = .some(path)
        return path ?? Self.unreachable(id)
    }

    private static func unreachable(_ id: UInt64) -> [UInt8] { Array("unreachable:\(String(id, radix: 16))".utf8) }
}
