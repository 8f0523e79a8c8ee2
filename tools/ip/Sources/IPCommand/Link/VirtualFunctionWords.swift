// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The words behind `vf NUMBER`.
enum VirtualFunctionWords {
    /// Reads settings up to the first word that is none.
    static func read(
        _ index: UInt32, of device: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> VirtualFunctionSettings {
        var settings = VirtualFunctionSettings(index: index)
        var minimum: UInt32?
        var maximum: UInt32?
        let start = words.position
        loop: while let word = words.next() {
            switch word {
            case prefix("mac"):
                let address = try LinkWords.address(&words)
                try LinkWords.check(address, fits: device, &session)
                settings.address = address
            case prefix("vlan"): settings.vlan = try vlan(&words)
            case prefix("rate"): settings.transmitRate = try words.value(or: "Invalid \"rate\" value\n")
            case prefix("max_tx_rate"): maximum = try words.value(or: "Invalid \"max tx rate\" value\n")
            case prefix("min_tx_rate"): minimum = try words.value(or: "Invalid \"min tx rate\" value\n")
            case prefix("spoofchk"): settings.checksSpoofing = try onOff("spoofchk", &words)
            case prefix("query_rss"): settings.allowsScalingQuery = try onOff("query_rss", &words)
            case prefix("trust"): settings.isTrusted = try onOff("trust", &words)
            case prefix("state"): settings.linkState = try state(&words)
            case prefix("node_guid"): settings.nodeGUID = try guid(&words)
            case prefix("port_guid"): settings.portGUID = try guid(&words)
            default:
                words.position -= 1
                break loop
            }
        }
        if words.position == start { throw .incomplete }
        if minimum != nil || maximum != nil {
            settings.rate = try rate(minimum, maximum, index, device, &session)
        }
        return settings
    }

    private static func onOff(_ keyword: String, _ words: inout Words) throws(CommandError) -> Bool {
        try words.oneOf(["off", "on"], keyword, status: 1) == 1
    }

    private static func vlan(_ words: inout Words) throws(CommandError) -> VirtualFunction.VLAN {
        let word = try words.required()
        guard let id = word.number(UInt32.self), id <= 4095 else { throw .invalid(word, "Invalid \"vlan\" value\n") }
        var vlan = VirtualFunction.VLAN(id: id)
        while let word = words.next() {
            switch word {
            case prefix("qos"): vlan.priority = try words.value(or: "Invalid \"qos\" value\n")
            case prefix("proto"): vlan.protocolType = try VLANOptions.protocolType(&words, "protocol is invalid\n")
            default:
                words.position -= 1
                return vlan
            }
        }
        return vlan
    }

    private static func state(_ words: inout Words) throws(CommandError) -> VirtualFunction.LinkState {
        let word = try words.required()
        switch word {
        case prefix("auto"): return .automatic
        case prefix("enable"): return .up
        case prefix("disable"): return .down
        default: throw .invalid(word, "Invalid \"state\" value\n")
        }
    }

    /// Eight bytes in hexadecimal with colons between.
    private static func guid(_ words: inout Words) throws(CommandError) -> UInt64 {
        let word = try words.required()
        var value: UInt64 = 0
        var rest: Word? = word
        for position in 0..<8 {
            guard let group = rest else { throw .invalid(word, "Invalid GUID format\n") }
            let (byte, tail) = group.split(at: ":")
            guard byte.count <= 2, let number = byte.number(UInt8.self, base: 16), (tail == nil) == (position == 7)
            else {
                throw .invalid(word, "Invalid GUID format\n")
            }
            value = value << 8 | UInt64(number)
            rest = tail
        }
        return value
    }

    /// Both rates go to the kernel together; the one that was not given stays as it is.
    private static func rate(
        _ minimum: UInt32?, _ maximum: UInt32?, _ index: UInt32, _ device: Word, _ session: inout Session
    ) throws(CommandError) -> VirtualFunction.Rate {
        if let minimum, let maximum {
            if maximum != 0, minimum > maximum {
                throw CommandError("Invalid min_tx_rate \(minimum) - must be <= max_tx_rate \(maximum)", status: 1)
            }
            return VirtualFunction.Rate(minimum: minimum, maximum: maximum)
        }
        let connection = try session.connection
        let query = LinkQuery(.name(device.string), detail: [.virtualFunctions, .withoutStatistics])
        let functions = (try? connection.query(query))?.state.virtualFunctions ?? []
        let current = functions.first { $0.index == index }?.rate
        return VirtualFunction.Rate(
            minimum: minimum ?? current?.minimum ?? 0, maximum: maximum ?? current?.maximum ?? 0)
    }
}

extension LinkWords {
    /// Refuses an address that is not as long as the one that a link has.
    static func check(_ address: HardwareAddress, fits device: Word, _ session: inout Session) throws(CommandError) {
        let connection = try session.connection
        let query = LinkQuery(.name(device.string), detail: .withoutStatistics)
        guard let current = (try? connection.query(query))?.address else { return }
        guard current.byteCount != address.byteCount else { return }
        throw CommandError(
            "Invalid address length \(address.byteCount) - must be \(current.byteCount) bytes", status: 1)
    }
}
