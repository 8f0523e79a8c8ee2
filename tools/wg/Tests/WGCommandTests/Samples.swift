// SPDX-License-Identifier: Apache-2.0

import CommandKit
@_spi(System) import NetlinkCore
import NetlinkWireGuard
import Testing

@testable import WGCommand

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The keys of the examples of wg(8).
enum Sample {
    static let privateKey = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    static let presharedKey = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="
    static let peer1 = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    static let peer2 = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="

    static func key(_ text: String) throws -> WireGuardKey { try #require(WireGuardKey(base64: text)) }
    static func publicKey(_ text: String) throws -> WireGuardPublicKey { try #require(WireGuardPublicKey(text)) }
}

/// What a command line is refused with.
func refusal(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as CommandError {
        return error.description
    } catch {
        return "\(error)"
    }
}

/// A file of the test's own.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = "/tmp/wg-test-\(UInt64.random(in: 0...UInt64.max))"
        let file = try createFile(path)
        try #require(System.write(bytes, to: file.number) == 0)
    }
    deinit { _ = unsafe remove(path) }
}
