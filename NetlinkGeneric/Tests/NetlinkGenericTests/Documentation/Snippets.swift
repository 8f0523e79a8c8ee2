// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric

// The examples of the documentation, so that they compile; `SnippetTests` compares them word by word. The article on adding
// a family is the client package of Tests/PublicAPI.
private enum Snippets {
    static func overview() async throws {
        let connection = try GenericConnection()
        for family in try await connection.families() {
            print(family.id, family.name, family.groups.map(\.name))
        }
        let capabilities = try await connection.capabilities(of: "ethtool")
        if capabilities.has(command: 5) { print("links can be set") }
    }
}

private enum GenericFamilyExample {
    enum TCPMetrics: GenericFamily {
        static var name: String { "tcp_metrics" }
    }
}
