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

extension RouteGroup {
    /// The groups whose changes ``NetworkEvent`` gives with their objects: those of `RouteEvent`, and traffic control.
    public static var merged: [RouteGroup] { decoded + [.trafficControl] }
}
