// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The names of namespaces by the numbers that this namespace has for them, asked for when one is first wanted.
final class NamespaceNames {
    private var names: [Int32: String]?

    /// The name of the namespace with a number, where it has one below /run/netns.
    func name(of id: Int32, in kernel: Kernel<RouteProtocol>) -> String? {
        if let names { return names[id] }
        var found: [Int32: String] = [:]
        if let connection = try? kernel.idle, let entries = try? NamespaceStore.standard.list() {
            for entry in entries where entry.isLive {
                guard let id = Self.id(of: entry.name, connection), found[id] == nil else { continue }
                found[id] = entry.name
            }
        }
        names = found
        return found[id]
    }

    private static func id(of name: String, _ connection: BlockingRouteConnection) -> Int32? {
        guard let handle = try? NamespaceHandle(.name(name)) else { return nil }
        guard let id = try? connection.query(NamespaceIDQuery<RouteProtocol>(of: .handle(handle))) else { return nil }
        return id.rawValue
    }
}
