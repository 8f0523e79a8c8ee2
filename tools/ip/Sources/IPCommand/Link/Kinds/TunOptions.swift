// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// What is shown of a tun or tap link, which is not made this way.
enum TunOptions: PrintedOptions {
    static func print(_ tun: TunLink, in session: inout Session) {
        let state = tun.state
        switch state.type {
        case nil: break
        case .tun: session.output.option("type", text: "tun" as StaticString)
        case .tap: session.output.option("type", text: "tap" as StaticString)
        case let other?: session.output.option("type", text: Hexadecimal(UInt64(other.rawValue)))
        }
        session.output.option("pi", onOff: state.hasPacketInformation)
        session.output.option("vnet_hdr", onOff: state.hasOffloadHeader)
        if let isMultiQueue = state.isMultiQueue {
            session.output.bool("multi_queue", isMultiQueue, on: "multi_queue ", off: "")
            if isMultiQueue {
                session.output.option("numqueues", state.queueCount)
                session.output.option("numdisabled", state.disabledQueueCount)
            }
        }
        session.output.option("persist", onOff: state.isPersistent)
        let names = SystemNames()
        if let owner = state.owner { print("user", owner, names.user(owner), in: &session) }
        if let group = state.group { print("group", group, names.group(group), in: &session) }
    }

    private static func print(_ key: StaticString, _ id: UInt32, _ name: [UInt8]?, in session: inout Session) {
        if let name { session.output.option(key, text: name) } else { session.output.option(key, id) }
    }
}

/// What is shown of a port of a VRF, which has nothing to set.
enum VRFPortOptions: PrintedOptions {
    static func print(_ port: VRFPort, in session: inout Session) { session.output.option("table", port.state.table) }
}
