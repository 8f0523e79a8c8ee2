// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `ip address`.
enum AddressCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try AddressShow.run(&words, &session) }
        switch word {
        case prefix("add"): try change(.add, &words, &session)
        case prefix("change"), "chg": try change(.change, &words, &session)
        case prefix("replace"): try change(.replace, &words, &session)
        case prefix("delete"):
            let arguments = try AddressArguments.parse(&words, &session, isRemoval: true)
            try session.performSoon(RemoveAddress(arguments.address, ignoresPrefix: arguments.isWildcard))
        case prefix("show"), prefix("list"), "lst", "ls": try AddressShow.run(&words, &session)
        case prefix("flush"): try AddressFlush.run(&words, &session)
        case prefix("save"): try AddressFile.save(&words, &session)
        case prefix("showdump"): try AddressFile.show(&session)
        case prefix("restore"): try AddressFile.restore(&session)
        case prefix("help"): throw Usage.error(.address, status: 255)
        default: throw .unknownCommand(word, help: "ip address help")
        }
    }

    private static func change(
        _ mode: AddAddress.Mode, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        let address = try AddressArguments.parse(&words, &session, isRemoval: false).address
        let command = AddAddress(address, mode: mode)
        if (try? address.validate()) == nil {
            // What finds an address has all that can be wrong with it, and the kernel says so in its own words.
            try session.perform(RetypedCommand(RemoveAddress(address), as: .newAddress, flags: command.flags))
        } else {
            try session.performSoon(command)
        }
    }
}
