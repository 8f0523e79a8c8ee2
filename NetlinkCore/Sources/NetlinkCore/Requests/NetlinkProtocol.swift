// SPDX-License-Identifier: Apache-2.0

/// A netlink protocol, to which a connection is typed.
public protocol NetlinkProtocol: Sendable {
    /// The protocol's number, such as that of `NETLINK_ROUTE`.
    static var number: Int32 { get }
    /// What is known of a message type, for descriptions and for the attribute paths of errors.
    static func schema(of messageType: UInt16) -> MessageSchema?
}

extension NetlinkProtocol {
    public static func schema(of messageType: UInt16) -> MessageSchema? { nil }
}
