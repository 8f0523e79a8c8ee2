// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTunTap

/// The words behind `ip tuntap add` and `delete`.
struct TunTapArguments {
    private var configuration = TunTapConfiguration()
    private var mode: TunTapConfiguration.Mode?

    static func parse(_ words: inout Words) throws(CommandError) -> TunTapConfiguration {
        var arguments = TunTapArguments()
        while let word = words.next() { try arguments.take(word, &words) }
        guard let mode = arguments.mode else {
            throw CommandError("You failed to specify a tunnel mode", status: 1)
        }
        arguments.configuration.mode = mode
        return arguments.configuration
    }

    private mutating func take(_ word: Word, _ words: inout Words) throws(CommandError) {
        switch word {
        case prefix("mode"): try takeMode(try words.required())
        case prefix("user"):
            configuration.owner = try Self.number(try words.required(), "user") { SystemNames().user(named: $0) }
        case prefix("group"):
            configuration.group = try Self.number(try words.required(), "group") { SystemNames().group(named: $0) }
        case prefix("pi"): configuration.hasPacketInformation = true
        case prefix("one_queue"): configuration.setsOneQueueFlag = true
        case prefix("vnet_hdr"): configuration.hasOffloadHeader = true
        case prefix("multi_queue"): configuration.isMultiQueue = true
        case prefix("dev"): configuration.name = try Self.name(try words.required(), "dev")
        case prefix("name"): try takeName(try words.required())
        case prefix("help"): throw TunTapCommand.help
        default: try takeName(word)
        }
    }

    private mutating func takeName(_ word: Word) throws(CommandError) {
        guard configuration.name == nil else { throw .garbage(word, orDuplicate: "name") }
        configuration.name = try Self.name(word, "name")
    }

    private static func name(_ word: Word, _ keyword: String) throws(CommandError) -> InterfaceName {
        guard let name = InterfaceName(word.string) else {
            throw .invalid(word, "\"\(keyword)\" not a valid ifname")
        }
        return name
    }

    private mutating func takeMode(_ word: Word) throws(CommandError) {
        let asked: TunTapConfiguration.Mode
        switch word {
        case prefix("tun"): asked = .tun
        case prefix("tap"): asked = .tap
        default: throw CommandError("Unknown tunnel mode \"\(word)\"", status: 255, endsBatch: true)
        }
        if let mode, mode != asked {
            throw CommandError(
                "You managed to ask for more than one tunnel mode.", status: 255, endsBatch: true)
        }
        mode = asked
    }

    /// A number, of which the low 32 bits count, or a name; nil for all ones, which the kernel takes for none.
    private static func number(
        _ word: Word, _ what: String, named: (Word) -> UInt32?
    ) throws(CommandError) -> UInt32? {
        if let number = decimal(word) { return number == .max ? nil : number }
        guard let number = named(word) else {
            throw CommandError("invalid \(what) \"\(word)\"", status: 255, endsBatch: true)
        }
        return number
    }

    private static func decimal(_ word: Word) -> UInt32? {
        guard let number = word.number(UInt64.self, base: 10) else {
            return word.number(Int64.self, base: 10).map { UInt32(truncatingIfNeeded: $0) }
        }
        return UInt32(truncatingIfNeeded: number)
    }
}
