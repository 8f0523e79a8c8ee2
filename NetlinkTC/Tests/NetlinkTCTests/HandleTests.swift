// SPDX-License-Identifier: Apache-2.0

import NetlinkTC
import Testing

@Suite struct HandleTests {
    @Test func handlesAreReadAndPrintedInHexadecimal() {
        #expect(TCHandle("1:10") == TCHandle(1, 0x10))
        #expect(TCHandle("1:") == TCHandle(1))
        #expect(TCHandle(":10") == TCHandle(0, 0x10))
        #expect(TCHandle("root") == .root)
        #expect(TCHandle("ffff:fff1") == .ingress)
        #expect(TCHandle("8001:ffff")?.description == "8001:ffff")
        #expect(TCHandle(1, 0).description == "1:")
        #expect(TCHandle.unspecified.description == "none")
    }

    @Test(arguments: ["1:10000", "g:1", "1:1:1", "-1:0", "+1:", "", "100000000"])
    func whatIsNoHandleIsRefused(text: String) { #expect(TCHandle(text) == nil) }
}
