// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Where a link is made or moved to.
///
/// ```swift
/// try connection.add(Link(name: "eth0", kind: VethLink()), in: try LinkTarget(in: .name("blue")))
/// ```
///
/// Kernel: `IFLA_NET_NS_PID`, `IFLA_NET_NS_FD`, `IFLA_NEW_IFINDEX`, `IFLA_TARGET_NETNSID`.
public struct LinkTarget: Hashable, Sendable {
    /// A namespace, in one of the ways in which the kernel takes it.
    @nonexhaustive public enum Destination: Sendable {
        /// The one in which a process is.
        ///
        /// Kernel: `IFLA_NET_NS_PID`, `u32`.
        case pid(Int32)
        /// An open descriptor of one, which stays the caller's and open until the request was sent.
        ///
        /// Kernel: `IFLA_NET_NS_FD`, `u32`.
        case descriptor(Int32)
        /// One that was opened, and is held open.
        ///
        /// Kernel: `IFLA_NET_NS_FD`, `u32`.
        case handle(NamespaceHandle)
    }

    /// The namespace to make the link in or to move it to.
    public var namespace: Destination?
    /// The number that the link is to have there.
    ///
    /// Kernel: `IFLA_NEW_IFINDEX`, `s32`, at least 1.
    public var newIndex: InterfaceIndex?
    /// The namespace, by its id in this one, in which the request is carried out.
    ///
    /// Kernel: `IFLA_TARGET_NETNSID`, `s32`.
    public var requestNamespaceID: Int32?

    /// This namespace.
    public init(_ namespace: Destination? = nil) { self.namespace = namespace }

    /// A namespace by its name, path, process or descriptor, which is opened now and held open.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when there is none.
    public init(in namespace: Namespace) throws(NetlinkError) {
        self.namespace = .handle(try NamespaceHandle(namespace))
    }

    func encode(into writer: inout MessageWriter) {
        switch namespace {
        case .pid(let pid): writer.put(LinkAttribute.namespacePID, pid)
        case .descriptor(let number): writer.put(LinkAttribute.namespaceDescriptor, number)
        case .handle(let handle): writer.put(LinkAttribute.namespaceDescriptor, handle.descriptor)
        case nil: break
        }
        writer.put(LinkAttribute.newIndex, newIndex)
        writer.put(LinkAttribute.targetNamespaceID, requestNamespaceID)
    }
}

extension LinkTarget.Destination: Hashable {
    /// Whether both name a namespace in the same way; of handles, whether they are one opening.
    public static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.pid(let a), .pid(let b)): a == b
        case (.descriptor(let a), .descriptor(let b)): a == b
        case (.handle(let a), .handle(let b)): a === b
        default: false
        }
    }

    /// Hashes what is compared.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .pid(let pid): hasher.combine(pid)
        case .descriptor(let number): hasher.combine(number)
        case .handle(let handle): hasher.combine(ObjectIdentifier(handle))
        }
    }
}
