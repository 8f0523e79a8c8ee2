// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The words for the flags of an address.
struct AddressFlagName {
    let name: StaticString
    let value: AddressFlags
    /// Whether it can be asked for when an address is added.
    let isMutable: Bool

    /// Whether only IPv6 knows it.
    var isForIPv6: Bool { [.noDuplicateDetection, .optimistic, .home, .manageTemporary].contains(value) }

    /// In the order in which they are printed.
    static let all: [AddressFlagName] = [
        AddressFlagName(name: "secondary", value: .secondary, isMutable: false),
        AddressFlagName(name: "nodad", value: .noDuplicateDetection, isMutable: true),
        AddressFlagName(name: "optimistic", value: .optimistic, isMutable: true),
        AddressFlagName(name: "dadfailed", value: .duplicated, isMutable: false),
        AddressFlagName(name: "home", value: .home, isMutable: true),
        AddressFlagName(name: "deprecated", value: .deprecated, isMutable: false),
        AddressFlagName(name: "tentative", value: .tentative, isMutable: false),
        AddressFlagName(name: "permanent", value: .permanent, isMutable: false),
        AddressFlagName(name: "mngtmpaddr", value: .manageTemporary, isMutable: true),
        AddressFlagName(name: "noprefixroute", value: .noPrefixRoute, isMutable: true),
        AddressFlagName(name: "autojoin", value: .multicastAutojoin, isMutable: true),
        AddressFlagName(name: "stable-privacy", value: .stablePrivacy, isMutable: false),
    ]

    /// The flag that a word names; `temporary` is the same bit as `secondary`.
    static func flag(_ word: Word) -> AddressFlagName? {
        if word == "temporary" { return all[0] }
        return all.first { word == $0.name }
    }

    /// Prints flags; instead of the flag of permanent ones the word of the others.
    static func print(_ flags: AddressFlags, of family: AddressFamily, _ output: inout Output) {
        var rest = flags
        for flag in all {
            let isSet = flags.contains(flag.value)
            rest.remove(flag.value)
            if flag.value == .permanent {
                if !isSet { output.flag("dynamic", text: "dynamic ") }
            } else if isSet {
                let name = flag.value == .secondary && family == .ipv6 ? "temporary" : flag.name
                output.jsonBool(name, true)
                output.text(name)
                output.text(" ")
            }
        }
        if !rest.isEmpty {
            output.hex("ifa_flags", rest.rawValue, digits: 2, zeroX: false, prefix: "flags ", suffix: " ")
        }
    }
}
