// SPDX-License-Identifier: Apache-2.0

extension NamespaceStore {
    /// The names in the folder of the namespaces that have an id in another one, by that id.
    ///
    /// What is told with the id of a namespace, such as the events of all namespaces, is so told with its name.
    ///
    /// Kernel: `RTM_GETNSID` with `NETNSA_FD` for each name.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such namespace to ask in.
    public func names(byIDIn namespace: Namespace = .current) throws(NetlinkError) -> [NamespaceID: [String]] {
        let connection = try BlockingConnection<RouteLookupProtocol>(in: namespace)
        var names: [NamespaceID: [String]] = [:]
        for entry in try list() where entry.isLive {
            // A name may be gone again.
            guard let handle = try? NamespaceHandle(.path(path(of: entry.name))),
                let id = try connection.query(NamespaceIDQuery(of: .handle(handle)))
            else { continue }
            names[id, default: []].append(entry.name)
        }
        return names
    }
}
