// SPDX-License-Identifier: Apache-2.0

/// The number by which one network namespace knows another, from 0 on.
///
/// Each namespace numbers its peers for itself; links whose other end is elsewhere tell where by it.
///
/// Kernel: `NETNSA_NSID`, `IFLA_LINK_NETNSID`, `int`.
public struct NamespaceID: RawRepresentable, TextValue {
    /// The kernel's number.
    public let rawValue: Int32
    /// Takes any number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// What the kernel says of a peer without a number, and takes to choose one.
    static var notAssigned: Self { Self(rawValue: -1) }  // NETNSA_NSID_NOT_ASSIGNED

    /// Whether it is the number of a peer.
    var isAssigned: Bool { rawValue >= 0 }

    /// Reads a decimal number without a sign.
    public init?(_ text: String) {
        guard text.utf8.first.map({ ASCII.digit($0) != nil }) == true, let number = Int32(text) else { return nil }
        self.init(rawValue: number)
    }

    /// Appends the decimal number.
    public func write(to bytes: inout [UInt8]) { bytes.append(decimal: rawValue) }
}

extension NamespaceID: Comparable {
    /// Orders by number.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension NamespaceID: ExpressibleByIntegerLiteral {
    /// Takes a literal.
    public init(integerLiteral value: Int32) { self.init(rawValue: value) }
}

/// A namespace in a request about namespace ids.
public enum NamespacePeer: Hashable, Sendable {
    /// An open descriptor, which the kernel looks up in this process while the request is sent.
    case descriptor(Int32)
    /// The one in which a process is.
    case pid(Int32)
    /// An open one.
    case handle(NamespaceHandle)
    /// The one that has this id already; only to ask for its id elsewhere.
    case id(NamespaceID)

    /// Takes a namespace by whatever names it; one by name or path is opened.
    public init(_ namespace: Namespace) throws(NetlinkError) {
        switch namespace {
        case .pid(let pid): self = .pid(pid)
        case .descriptor(let number): self = .descriptor(number)
        default: self = .handle(try NamespaceHandle(namespace))
        }
    }

    func encode(into writer: inout MessageWriter) {
        switch self {
        case .descriptor(let number): writer.put(NamespaceIDAttribute.descriptor, number)
        case .pid(let pid): writer.put(NamespaceIDAttribute.pid, pid)
        case .handle(let handle): writer.put(NamespaceIDAttribute.descriptor, handle.descriptor)
        case .id(let id): writer.put(NamespaceIDAttribute.id, id.rawValue)
        }
    }
}

extension NamespacePeer: CustomStringConvertible {
    /// What names it, in words.
    public var description: String {
        switch self {
        case .descriptor(let number): "descriptor \(number)"
        case .pid(let pid): "pid \(pid)"
        case .handle(let handle): "net:[\(handle.identity.inode)]"
        case .id(let id): "nsid \(id)"
        }
    }
}

enum NamespaceIDMessage {
    static let headerByteCount = 1  // sizeof(struct rtgenmsg)

    static func begin(_ writer: inout MessageWriter) { writer.structure(headerByteCount) { _ in } }
}

struct NamespaceIDAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // NETNSA_NSID
    static var pid: Self { Self(rawValue: 2) }  // NETNSA_PID
    static var descriptor: Self { Self(rawValue: 3) }  // NETNSA_FD
    static var target: Self { Self(rawValue: 4) }  // NETNSA_TARGET_NSID
    static var current: Self { Self(rawValue: 5) }  // NETNSA_CURRENT_NSID
}
