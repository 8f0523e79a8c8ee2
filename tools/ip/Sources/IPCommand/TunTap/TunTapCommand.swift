// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTunTap

/// `ip tuntap`: devices whose packets programs read and write, made and removed through their own file.
enum TunTapCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        // Links come and go, so that names are asked for anew in the next line of a batch.
        defer { session.links.forget() }
        guard let word = words.next() else { return try TunTapShow.run(&session) }
        switch word {
        case prefix("add"): try add(&words)
        case prefix("delete"): try remove(&words)
        case prefix("show"), prefix("lst"), prefix("list"): try TunTapShow.run(&session)
        case prefix("help"): throw help
        default: throw .unknownCommand(word, help: "ip tuntap help")
        }
    }

    private static func add(_ words: inout Words) throws(CommandError) {
        var configuration = try TunTapArguments.parse(&words, hasOwners: true)
        configuration.isExclusive = true
        configuration.isPersistent = true
        try open(configuration)
    }

    private static func remove(_ words: inout Words) throws(CommandError) {
        var configuration = try TunTapArguments.parse(&words, hasOwners: false)
        // One that was not there is made and gone again.
        configuration.isPersistent = false
        try open(configuration)
    }

    private static func open(_ configuration: TunTapConfiguration) throws(CommandError) {
        do throws(NetlinkError) {
            let device = try TunTapDevice(configuration)
            device.close()
        } catch {
            throw CommandError("\(place(of: error)): \(error.code)", status: 1)
        }
    }

    /// The call that failed: the one that attaches the device, unless the error says another.
    private static func place(of error: NetlinkError) -> String {
        guard let explanation = error.explanation, explanation.hasSuffix(" failed") else { return "ioctl(TUNSETIFF)" }
        let call = explanation.dropLast(7)
        return call == "open" ? "open" : "ioctl(\(call))"
    }

    static var help: CommandError { CommandError(usage, status: 255, endsBatch: true) }

    private static let usage = """
        Usage: ip tuntap [ show ]
               ip tuntap add [ [ dev | name ] NAME ] mode { tun | tap } [ user USER ] [ group GROUP ] [ LAYOUT ]...
               ip tuntap delete [ dev | name ] NAME mode { tun | tap } [ multi_queue ]
        LAYOUT: pi | vnet_hdr | multi_queue | one_queue
        NAME:   a name, or a pattern such as tun%d
        USER, GROUP: a name or a number
        """
}
