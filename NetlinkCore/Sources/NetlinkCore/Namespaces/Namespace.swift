// SPDX-License-Identifier: Apache-2.0

/// A network namespace, named in one of the ways in which one can be found.
public enum Namespace: Hashable, Sendable {
    /// The one in which the calling thread is.
    case current
    /// One that `ip netns add` or ``NamespaceStore`` made, by its name.
    case name(String)
    /// One that is bound to a file, such as `/proc/1/ns/net`.
    case path(String)
    /// The one in which a process is.
    case pid(Int32)
    /// An open descriptor of one, which stays the caller's.
    case descriptor(Int32)
}

extension Namespace: CustomStringConvertible {
    /// What names it, in words.
    public var description: String {
        switch self {
        case .current: "current namespace"
        case .name(let name): name
        case .path(let path): path
        case .pid(let pid): "pid \(pid)"
        case .descriptor(let number): "descriptor \(number)"
        }
    }
}
