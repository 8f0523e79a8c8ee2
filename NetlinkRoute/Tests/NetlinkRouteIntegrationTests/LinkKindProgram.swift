// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport

/// An XDP program that passes every packet, pinned to a path of its own.
struct LinkKindProgram {
    let path: String

    /// Whether programs can be loaded and pinned here.
    static let isAvailable: Bool = {
        guard has("veth"), let program = try? LinkKindProgram() else { return TestEnvironment.forbidsSkips }
        program.unpin()
        return true
    }()

    init() throws(SystemError) {
        // r0 = 2 (XDP_PASS), exit: code, registers, offset and constant of each, as a little-endian machine has them.
        let instructions: [UInt64] = [0x0000_0002_0000_00b7, 0x0000_0000_0000_0095]
        let program = try BPFCalls.load(type: BPFCalls.xdpProgram, instructions: instructions, license: "GPL")
        path = "/sys/fs/bpf/netlink-test-\(currentProcess())"
        try BPFCalls.pin(program.number, at: path)
    }

    func unpin() { _ = try? BPFCalls.unpin(path) }
}
