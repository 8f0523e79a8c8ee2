// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTunTap

// The examples of the documentation, so that they compile; `SnippetTests` compares them word by word.
private enum Snippets {
    static func opening() throws {
        let device = try TunTapDevice(TunTapConfiguration(.tun, name: "vpn%d"))
        print(device.name)
    }

    static func openingQueues() throws {
        var configuration = TunTapConfiguration(.tun, name: "vpn%d")
        configuration.isMultiQueue = true
        let device = try TunTapDevice(configuration)
        print(device.name)
    }

    static func reading(_ device: borrowing TunTapDevice) throws {
        var batch = device.makeBatch()
        while true {
            try device.receive(into: &batch)
            batch.filter { packet in packet.byteCount >= 20 }
            try device.send(batch)
        }
    }

    static func looking(_ device: borrowing TunTapDevice) throws {
        var batch = device.makeBatch()
        while true {
            try device.receive(into: &batch)
            batch.forEachPacket { packet in print(packet.byteCount) }
        }
    }

    static func queues() throws {
        var configuration = TunTapConfiguration(.tun)
        configuration.isMultiQueue = true
        let first = try TunTapDevice(configuration)
        let second = try first.openQueue()
        configuration.hasOffloadHeader = true
        configuration.offloads = [.checksum, .tcp4, .tcp6]
        print(second.name)
    }
}
