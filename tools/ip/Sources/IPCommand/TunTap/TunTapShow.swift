// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTunTap

/// `ip tuntap show`, which lists all devices whatever words follow.
enum TunTapShow {
    static func run(_ session: inout Session) throws(CommandError) {
        let links = try session.list(.links(kind: "tun"))
        session.output.beginArray()
        for link in links {
            guard let name = link.name, let state = link.kind?.as(TunLink.self)?.state else { continue }
            print(name, link.index, state, &session)
        }
        session.output.endArray()
    }

    private static func print(
        _ name: InterfaceName, _ index: InterfaceIndex, _ state: TunLink.State, _ session: inout Session
    ) {
        session.output.beginObject()
        session.output.string("ifname", name, suffix: ":", color: .interfaceName)
        printFlags(state, unreported(name, index), &session.output)
        if let owner = state.owner { session.output.number("user", owner, prefix: " user ") }
        if let group = state.group { session.output.number("group", group, prefix: " group ") }
        session.output.endLine()
        if session.options.details > 0 { printUsers(of: name, &session.output) }
        session.output.endObject()
    }

    private static func printFlags(_ state: TunLink.State, _ unreported: TunTapFlags, _ output: inout Output) {
        output.beginArray("flags")
        if state.type == .tun { flag("tun", &output) }
        if state.type == .tap { flag("tap", &output) }
        if state.hasPacketInformation == true { flag("pi", &output) }
        if unreported.contains(.oneQueue) { flag("one_queue", &output) }
        if state.isMultiQueue == true { flag("multi_queue", &output) }
        if state.hasOffloadHeader == true { flag("vnet_hdr", &output) }
        if state.isPersistent == true { flag("persist", &output) }
        // One bit stands for packet information and for filters.
        if state.hasPacketInformation == true { flag("filter", &output) }
        let rest = unreported.subtracting(.oneQueue)
        if !rest.isEmpty { output.hex(nil, rest.rawValue, prefix: " ") }
        output.endArray()
    }

    private static func flag(_ name: StaticString, _ output: inout Output) {
        output.string(nil, name, prefix: " ")
    }

    /// The flags that rtnetlink does not tell, where `/sys` shows this very link.
    private static func unreported(_ name: InterfaceName, _ index: InterfaceIndex) -> TunTapFlags {
        let folder = "/sys/class/net/\(name)"
        guard number(in: "\(folder)/ifindex") == UInt32(bitPattern: index.rawValue),
            let flags = number(in: "\(folder)/tun_flags")
        else { return [] }
        return TunTapFlags(rawValue: flags).intersection([.oneQueue, .batchedReceive, .fragments, .noCarrier])
    }

    private static func number(in path: String) -> UInt32? {
        guard let bytes = try? readFile(path, limit: 64) else { return nil }
        return Word(bytes: bytes.prefix { $0 != 0x0a }).number(UInt32.self)
    }

    private static func printUsers(of name: InterfaceName, _ output: inout Output) {
        output.beginArray("processes", text: "\tAttached to processes:")
        for user in TunTapDevice.users(of: name) {
            // A process counts as often as it has the device open. iproute2 leaves out the braces, which makes no JSON.
            for _ in 0..<user.descriptorCount {
                output.beginObject()
                output.string("name", user.command)
                output.number("pid", user.pid, prefix: "(", suffix: ")")
                output.endObject()
            }
        }
        output.endArray()
        output.endLine()
    }
}
