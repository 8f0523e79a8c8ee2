// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

extension Output {
    /// Prints the flags of a link: `<BROADCAST,UP>` with a blank, an array in JSON.
    ///
    /// - Parameters:
    ///   - flags: The flags.
    ///   - isParentDown: Whether the link below is down, which is shown like a flag.
    mutating func linkFlags(_ flags: LinkFlags, isParentDown: Bool) {
        beginArray("flags", text: "<")
        var isFirst = true
        func put(_ name: some TextWritable, _ output: inout Output) {
            output.string(nil, name, prefix: isFirst ? "" : ",")
            isFirst = false
        }
        if flags.contains(.up), !flags.contains(.running) { put("NO-CARRIER" as StaticString, &self) }
        var rest = flags
        rest.remove(.running)
        for (flag, name) in Self.linkFlagNames where rest.contains(flag) {
            rest.remove(flag)
            put(name, &self)
        }
        if !rest.isEmpty { put(Hexadecimal(UInt64(rest.rawValue), zeroX: false), &self) }
        if isParentDown { put("M-DOWN" as StaticString, &self) }
        endArray(text: "> ")
    }

    private static let linkFlagNames: [(LinkFlags, StaticString)] = [
        (.loopback, "LOOPBACK"), (.broadcast, "BROADCAST"), (.pointToPoint, "POINTOPOINT"),
        (.multicast, "MULTICAST"), (.noARP, "NOARP"), (.allMulticast, "ALLMULTI"), (.promiscuous, "PROMISC"),
        (.master, "MASTER"), (.slave, "SLAVE"), (.debug, "DEBUG"), (.dynamic, "DYNAMIC"),
        (.autoMedia, "AUTOMEDIA"), (.portSelect, "PORTSEL"), (.noTrailers, "NOTRAILERS"), (.up, "UP"),
        (.lowerUp, "LOWER_UP"), (.dormant, "DORMANT"), (.echo, "ECHO"),
    ]
}

extension OperationalState {
    /// The name behind `state`, where there is one.
    var name: StaticString? {
        switch self {
        case .unknown: "UNKNOWN"
        case .notPresent: "NOTPRESENT"
        case .down: "DOWN"
        case .lowerLayerDown: "LOWERLAYERDOWN"
        case .testing: "TESTING"
        case .dormant: "DORMANT"
        case .up: "UP"
        default: nil
        }
    }

    /// The state of a name in small letters.
    init?(_ name: Word) {
        switch name {
        case "unknown": self = .unknown
        case "notpresent": self = .notPresent
        case "down": self = .down
        case "lowerlayerdown": self = .lowerLayerDown
        case "testing": self = .testing
        case "dormant": self = .dormant
        case "up": self = .up
        default: return nil
        }
    }

    /// The colour of the name.
    var color: Color {
        switch self {
        case .up: .operstateUp
        case .down: .operstateDown
        default: .none
        }
    }
}

extension LinkMode {
    /// The name behind `mode`, where there is one.
    var name: StaticString? {
        switch self {
        case .normal: "DEFAULT"
        case .dormant: "DORMANT"
        case .testing: "TESTING"
        default: nil
        }
    }
}
