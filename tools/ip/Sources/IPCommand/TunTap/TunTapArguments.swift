// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTunTap

/// The words behind `ip tuntap add` and `delete`.
struct TunTapArguments {
    private var configuration = TunTapConfiguration()
    private var mode: TunTapConfiguration.Mode?

    /// Whether there may be an owner and a group; where there may not, their keywords are names.
    private let hasOwners: Bool

    private init(hasOwners: Bool) { self.hasOwners = hasOwners }

    static func parse(_ words: inout Words, hasOwners: Bool) throws(CommandError) -> TunTapConfiguration {
        var arguments = TunTapArguments(hasOwners: hasOwners)
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
        case prefix("user") where hasOwners:
            configuration.owner = try Self.number(try words.required(), "user") { SystemNames().user(named: $0) }
        case prefix("group") where hasOwners:
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

    /// What could be a name; the kernel refuses the rest.
    private static func name(_ word: Word, _ keyword: String) throws(CommandError) -> InterfaceName {
        let bytes = word.array
        let isPossible = bytes.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0x20 && !(0x09...0x0d).contains($0) }
        guard isPossible, (1...InterfaceName.maximumByteCount).contains(bytes.count) else {
            throw .invalid(word, "\"\(keyword)\" not a valid ifname")
        }
        return InterfaceName(kernelBytes: bytes)
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
        if let number = word.number(UInt64.self, base: 10) { return UInt32(truncatingIfNeeded: number) }
        // What has more than 64 bits is read as all ones.
        var digits = word.array.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
        if digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        let isNumber = !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber ? .max : nil
    }
}
