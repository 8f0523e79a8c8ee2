// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

@testable import NetlinkTestSupport

/// Requests that no connection sent, for tests of answers alone.
enum FakeRequestMaker {
    static func request(
        type: UInt16 = ItemFamily.newItem, flags: MessageFlags = [.request, .acknowledge], payload: [UInt8] = []
    ) -> FakeRequest {
        FakeRequest(
            header: MessageHeader(
                length: UInt32(16 + payload.count), type: type, flags: flags, sequence: 7, port: 0),
            payload: payload, port: 9, socket: 0)
    }
}
