// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Sends what another command writes as a message of a type of its own.
///
/// Commands that remove are not checked before they are sent, unlike those that add. Here the kernel is to judge, so that
/// its own words about what it refuses are shown.
struct RetypedCommand<Base: Command<RouteProtocol>>: Command {
    typealias Family = RouteProtocol
    let base: Base
    let messageType: UInt16
    let flags: MessageFlags

    init(_ base: Base, as type: RouteMessageType, flags: MessageFlags) {
        self.base = base
        messageType = type.rawValue
        self.flags = flags
    }

    var operation: StaticString { "add" }
    var object: String? { base.object }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
}
