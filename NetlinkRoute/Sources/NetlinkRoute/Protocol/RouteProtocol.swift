// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Links, addresses, routes, neighbours, rules and traffic control.
///
/// Kernel: `NETLINK_ROUTE`.
public enum RouteProtocol: RouteFamily {
    /// The protocol's number.
    public static var number: Int32 { 0 }  // NETLINK_ROUTE

    /// What is known of a message type.
    public static func schema(of messageType: UInt16) -> MessageSchema? {
        RouteMessageType(rawValue: messageType).schema
    }
}

/// A connection to rtnetlink, for tasks.
public typealias RouteConnection = Connection<RouteProtocol>
/// A connection to rtnetlink, for threads and tools.
public typealias BlockingRouteConnection = BlockingConnection<RouteProtocol>
