// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute
public import NetlinkTC

/// Something that came over a merged stream, with the namespace that it comes from.
public struct NetworkEvent: Hashable, Sendable {
    /// What came.
    @nonexhaustive
    public enum Kind: Hashable, Sendable {
        /// The namespace is covered from now on.
        case opened
        /// A change in it.
        case route(RouteNotification)
        /// A change of its traffic control.
        indirect case trafficControl(TrafficControlNotification)
        /// Changes were lost: what is known of the namespace must be listed anew.
        case overflow
        /// A message that could not be read, as the kernel's bytes with its header.
        case malformed(DecodeError, [UInt8])
        /// The namespace is no longer covered: its name is gone.
        case closed
        /// The namespace can not be covered, or no longer.
        case failed(Code)
    }

    /// Why a namespace could not be covered.
    public typealias Code = NetlinkError.Code

    /// The namespace, as it was named.
    public var namespace: Namespace
    /// What came.
    public var kind: Kind

    /// Something of a namespace.
    public init(_ kind: Kind, in namespace: Namespace) {
        self.namespace = namespace
        self.kind = kind
    }
}

/// A notification of rtnetlink, read by the layer that knows its type.
enum MergedNotification: EventNotification {
    typealias Family = RouteProtocol

    case route(RouteNotification)
    indirect case trafficControl(TrafficControlNotification)

    init(decoding message: borrowing Message, from namespaceID: NamespaceID?) throws(DecodeError) {
        if RouteMessageType(rawValue: message.header.type).isTrafficControl {
            self = .trafficControl(try TrafficControlNotification(decoding: message, from: namespaceID))
        } else {
            self = .route(try RouteNotification(decoding: message, from: namespaceID))
        }
    }

    var kind: NetworkEvent.Kind {
        switch self {
        case .route(let notification): .route(notification)
        case .trafficControl(let notification): .trafficControl(notification)
        }
    }
}

extension RouteFilter {
    /// The filter as a condition on merged notifications; nil when all pass.
    var mergedCondition: (@Sendable (MergedNotification) -> Bool)? {
        if isEmpty { return nil }
        return { notification in
            switch notification {
            case .route(let notification): accepts(notification.event)
            case .trafficControl(let notification): accepts(notification.event)
            }
        }
    }
}

extension RouteGroup {
    /// The groups whose changes ``NetworkEvent`` gives with their objects: those of `RouteEvent`, and traffic control.
    public static var merged: [RouteGroup] { decoded + [.trafficControl] }
}
