// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Reads the words that describe a neighbour to be added, changed or removed.
struct NeighborArguments {
    private var destination: IPAddress?
    private var hasDestination = false
    private var hardwareAddress: Word?
    private var state = NeighborState.permanent
    private var flags: NeighborFlags = []
    private var extendedFlags: NeighborExtendedFlags = []
    private var origin: RoutingProtocol?
    private var device: Word?
    private let family: AddressFamily

    private init(_ session: borrowing Session) { family = AddressFamily(rawValue: session.options.family) }

    /// Reads all words.
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Neighbor {
        var arguments = NeighborArguments(session)
        while let word = words.next() { try arguments.take(word, &words, &session) }
        return try arguments.finish(&session)
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case prefix("lladdr"):
            let value = try words.required()
            if let hardwareAddress, !hardwareAddress.isEmpty { throw .duplicate("lladdr", value) }
            hardwareAddress = value
        case "nud":
            let name = try words.required()
            guard let value = NeighborStateName.state(name) else { throw .invalid(name, "nud state is bad") }
            state = value
        case prefix("proxy"):
            let value = try words.required()
            if value.isPrefix(of: "help") { throw Usage.error(.neighbor, status: 255) }
            if hasDestination { throw .duplicate("address", value) }
            try setDestination(value)
            flags.insert(.proxy)
        case "router": flags.insert(.router)
        case "managed":
            extendedFlags.insert(.managed)
            state = .none
        case "use": flags.insert(.use)
        case prefix("extern_learn"): flags.insert(.externallyLearned)
        case "dev": device = try words.required()
        case prefix("protocol"):
            let name = try words.required()
            guard let value = session.names.protocols.number(name), value < 256 else {
                throw .invalid(name, "\"protocol\" value is invalid\n")
            }
            origin = RoutingProtocol(rawValue: UInt8(value))
        default:
            var value = word == "to" ? try words.required() : word
            // What follows the word is read as the address, whatever it is.
            if value.isPrefix(of: "help") { value = try words.required() }
            if hasDestination { throw .garbage(value, orDuplicate: "to") }
            try setDestination(value)
        }
    }

    private mutating func setDestination(_ word: Word) throws(CommandError) {
        destination = try Self.readAddress(word, family)
        hasDestination = true
    }

    private static func readAddress(_ word: Word, _ family: AddressFamily) throws(CommandError) -> IPAddress? {
        do throws(AddressSyntaxError) {
            guard case .address(let address) = try AddressArgument(parsing: word.string, family: family) else {
                return nil
            }
            return address
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private func finish(_ session: inout Session) throws(CommandError) -> Neighbor {
        // Without a link this host answers for the address on all of them.
        guard let destination, device != nil || flags.contains(.proxy) else {
            throw CommandError("Device and destination are required arguments.", status: 255, endsBatch: true)
        }
        var neighbor = Neighbor(destination, on: .none)
        if let hardwareAddress, hardwareAddress != "null" {
            let bytes = try Self.readHardwareAddress(hardwareAddress)
            neighbor.hardwareAddress = HardwareAddress(bytes: bytes)
        }
        if let device { neighbor.index = try session.index(of: device) }
        neighbor.state = state
        neighbor.flags = flags
        neighbor.extendedFlags = extendedFlags
        neighbor.origin = origin
        return neighbor
    }

    /// Reads what an address of hardware is to `ip`: of each group the hexadecimal digits at its beginning.
    private static func readHardwareAddress(_ word: Word) throws(CommandError) -> [UInt8] {
        if word.firstIndex(of: UInt8(ascii: ".")) != nil {
            do throws(AddressSyntaxError) {
                return try HardwareAddress(parsing: word.string).bytes
            } catch {
                throw CommandError("\"\(word.string)\" is invalid lladdr.", status: 1)
            }
        }
        var bytes: [UInt8] = []
        var rest: Word? = word
        while let present = rest {
            let (group, following) = present.split(at: ":")
            var text = group.array[...]
            text = text.drop { $0 == 0x20 }
            if text.first == UInt8(ascii: "+") { text = text.dropFirst() }
            if text.starts(with: "0x".utf8), text.count > 2 { text = text.dropFirst(2) }
            let digits = text.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 || (0x30...0x39).contains($0) }
            guard let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                throw CommandError("\"\(group.string)\" is invalid lladdr.", status: 1)
            }
            bytes.append(byte)
            rest = following
        }
        guard bytes.count <= HardwareAddress.maximumByteCount else {
            throw CommandError("\"\(word.string)\" is invalid lladdr.", status: 1)
        }
        return bytes
    }

    // MARK: ip neighbor get

    /// Reads the words of `get`: an address, whether it is one for which this host answers, and a link.
    static func parseKey(
        _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> (IPAddress, isProxy: Bool, InterfaceIndex) {
        let family = AddressFamily(rawValue: session.options.family)
        var destination: IPAddress?
        var hasDestination = false
        var isProxy = false
        var device: Word?
        while let word = words.next() {
            switch word {
            case "dev": device = try words.required()
            case prefix("proxy"):
                let value = try words.required()
                if value.isPrefix(of: "help") { throw Usage.error(.neighbor, status: 255) }
                if hasDestination { throw .duplicate("address", value) }
                destination = try readAddress(value, family)
                hasDestination = true
                isProxy = true
            default:
                let value = word == "to" ? try words.required() : word
                if value.isPrefix(of: "help") { throw Usage.error(.neighbor, status: 255) }
                if hasDestination { throw .garbage(value, orDuplicate: "to") }
                destination = try readAddress(value, family)
                hasDestination = true
            }
        }
        guard let destination, device != nil || isProxy else {
            throw CommandError("Device and address are required arguments.", status: 1)
        }
        guard let device else { return (destination, isProxy, .none) }
        return (destination, isProxy, try session.index(of: device))
    }
}
