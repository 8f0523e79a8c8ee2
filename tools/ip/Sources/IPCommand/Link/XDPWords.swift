// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The words behind `xdp`, `xdpgeneric`, `xdpdrv` and `xdpoffload`.
enum XDPWords {
    static func read(
        _ keyword: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> XDPAttachment {
        let word = try words.required()
        var flags: XDPAttachment.Flags = session.options.force ? [] : .unlessAttached
        switch keyword {
        case "xdpgeneric": flags.insert(.generic)
        case "xdpdrv": flags.insert(.driver)
        case "xdpoffload": flags.insert(.hardware)
        default: break
        }
        // As in iproute2 a program is taken away by the last word only.
        if words.isEmpty, word == "off" || word == "none" { return XDPAttachment(.none, flags: flags) }
        switch word {
        case prefix("object"), prefix("object-file"):
            _ = try words.required()
            throw IPObject.notYet("xdp object")
        case prefix("pinned"), prefix("object-pinned"), prefix("fd"):
            let path = try words.required()
            do throws(NetlinkError) {
                return XDPAttachment(.pinned(try XDPProgram(pinnedAt: path.string)), flags: flags)
            } catch {
                throw CommandError(
                    "Couldn't retrieve pinned program '\(path.string)': \(error.code)", status: 255, endsBatch: true)
            }
        default: throw CommandError("What mode is \"\(word.string)\"?", status: 255, endsBatch: true)
        }
    }
}
