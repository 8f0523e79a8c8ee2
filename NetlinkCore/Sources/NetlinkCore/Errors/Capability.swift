// SPDX-License-Identifier: Apache-2.0

/// A right that the kernel gives to processes apart from others, such as that to change networks.
///
/// Kernel: `CAP_*`, as `setcap` and `capsh` name them.
public struct Capability: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Changing links, addresses, routes and everything else of networks.
    public static var networkAdministration: Self { Self(rawValue: 12) }  // CAP_NET_ADMIN
    /// Making namespaces, entering them and mounting them.
    public static var systemAdministration: Self { Self(rawValue: 21) }  // CAP_SYS_ADMIN
    /// Changing the rules by which the kernel keeps its audit log.
    public static var auditControl: Self { Self(rawValue: 30) }  // CAP_AUDIT_CONTROL

    /// What a refusal of a request of a protocol says is missing.
    static func ruling(_ protocolNumber: Int32, _ kind: RequestKind) -> Capability? {
        switch NumberedProtocol(rawValue: protocolNumber) {
        case .route, .transformation, .netfilter: kind == .command ? .networkAdministration : nil
        // These have queries and dumps for the privileged too.
        case .generic, .socketDiagnosis: .networkAdministration
        case .audit: .auditControl
        default: nil
        }
    }
}

extension Capability: CustomStringConvertible {
    /// The kernel's name, or the number where this library does not know it.
    public var description: String {
        switch self {
        case .networkAdministration: "CAP_NET_ADMIN"
        case .systemAdministration: "CAP_SYS_ADMIN"
        case .auditControl: "CAP_AUDIT_CONTROL"
        default: "capability \(rawValue)"
        }
    }
}

/// The protocols whose rules are known here.
private struct NumberedProtocol: RawRepresentable, Hashable {
    let rawValue: Int32
    static var route: Self { Self(rawValue: 0) }  // NETLINK_ROUTE
    static var socketDiagnosis: Self { Self(rawValue: 4) }  // NETLINK_SOCK_DIAG
    static var transformation: Self { Self(rawValue: 6) }  // NETLINK_XFRM
    static var audit: Self { Self(rawValue: 9) }  // NETLINK_AUDIT
    static var netfilter: Self { Self(rawValue: 12) }  // NETLINK_NETFILTER
    static var generic: Self { Self(rawValue: 16) }  // NETLINK_GENERIC
}
