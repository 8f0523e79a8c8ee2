// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkWireGuard

// The examples of the documentation, so that they compile; `SnippetTests` of NetlinkGeneric compares them word by word.
private enum Snippets {
    static func overview() async throws {
        let connection = try WireGuardConnection()

        var peer = WireGuardPeer("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=")
        peer.endpoint = WireGuardEndpoint("192.0.2.1", port: 51820)
        peer.allowedAddresses = ["10.0.0.2/32"]

        var settings = WireGuardDevice()
        settings.privateKey = .makePrivate()
        settings.listenPort = 51820
        settings.peers = [peer]
        try await connection.ensure("wg0", is: settings)

        for peer in try await connection.device("wg0").peers {
            print(peer.publicKey, peer.state?.receivedByteCount ?? 0)
        }
    }
}
