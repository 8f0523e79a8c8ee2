// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The namespaces that a stream or a store covers.
public struct NamespaceScope: Hashable, Sendable {
    /// Namespaces that are there now and as long as the stream.
    public var namespaces: [Namespace]
    /// A folder whose names are covered as they come and go; nil for none.
    public var names: NamespaceStore?

    /// Covers namespaces, and the names of a folder.
    public init(_ namespaces: [Namespace], names: NamespaceStore? = nil) {
        self.namespaces = namespaces
        self.names = names
    }

    /// The namespace of the calling thread.
    public static var current: Self { Self([.current]) }
    /// The namespaces that `ip netns` names, as they come and go.
    public static var named: Self { Self([], names: .standard) }
    /// The namespace of the calling thread and all that `ip netns` names, as they come and go.
    public static var everywhere: Self { Self([.current], names: .standard) }
    /// One namespace.
    public static func one(_ namespace: Namespace) -> Self { Self([namespace]) }
}
