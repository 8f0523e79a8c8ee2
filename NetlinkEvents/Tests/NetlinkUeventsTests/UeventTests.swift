// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkUevents

@Suite("Uevents") struct UeventTests {
    // As Linux 7.2 sent it for `ip link add d0 type dummy`.
    static let kernelText =
        "add@/devices/virtual/net/d0\0ACTION=add\0DEVPATH=/devices/virtual/net/d0\0SUBSYSTEM=net\0INTERFACE=d0\0"
        + "IFINDEX=11\0SEQNUM=1234\0"

    private func read(_ text: String) throws -> Uevent { try Uevent(decoding: Array(text.utf8).rawSpan) }

    /// What udev sends: a header, and the properties at an offset that it names.
    private func udev(
        _ properties: String, magic: UInt32 = 0xfeed_cafe, offset: UInt32 = 40, length: UInt32? = nil
    ) -> [UInt8] {
        var writer = MessageWriter()
        writer.append(Array("libudev\0".utf8).rawSpan)
        writer.append(magic.bigEndian)
        writer.append(UInt32(40))
        writer.append(offset)
        writer.append(length ?? UInt32(properties.utf8.count))
        writer.append(zeros: 16)
        writer.append(Array(properties.utf8).rawSpan)
        return writer.bytes.array
    }

    @Test("the kernel's form is read, and its words named") func kernelForm() throws {
        let event = try read(Self.kernelText)
        #expect(event.action == .add && event.isAdd && event.devicePath == "/devices/virtual/net/d0")
        #expect(event.subsystem == "net" && event.interfaceName == "d0" && event.interfaceIndex == 11)
        #expect(event.sequenceNumber == 1234 && event.form == .kernel)
        #expect(event.properties.map(\.key) == ["ACTION", "DEVPATH", "SUBSYSTEM", "INTERFACE", "IFINDEX", "SEQNUM"])
        #expect(event.deviceName == nil && event.driver == nil && event.deviceType == nil && event.deviceNumber == nil)
    }

    @Test("a device node's numbers are given together or not at all") func deviceNumber() throws {
        let event = try read("change@/block/sda\0MAJOR=8\0MINOR=1\0DEVNAME=sda1\0DEVTYPE=partition\0DRIVER=sd\0")
        #expect(event.deviceNumber?.major == 8 && event.deviceNumber?.minor == 1)
        #expect(event.deviceName == "sda1" && event.deviceType == "partition" && event.driver == "sd")
        #expect(try read("change@/block/sda\0MAJOR=8\0").deviceNumber == nil)
        #expect(try read("change@/block/sda\0MAJOR=8\0MINOR=x\0").deviceNumber == nil)
    }

    @Test("unknown actions and words without a value survive") func unknown() throws {
        let event = try read("ponder@/x\0FLAG\0EMPTY=\0A=1=2\0A=3")
        #expect(event.action == UeventAction(rawValue: "ponder") && !event.isAdd)
        #expect(
            event.properties == [
                UeventProperty("FLAG", nil), UeventProperty("EMPTY", ""), UeventProperty("A", "1=2"),
                UeventProperty("A", "3"),
            ])
        #expect(event["A"] == "3" && event["FLAG"] == nil && event["EMPTY"] == "" && event["NOSUCH"] == nil)
    }

    @Test("bytes that are no UTF-8 are kept") func bytes() throws {
        let event = try Uevent(decoding: (Array("add@/x\0NAME=".utf8) + [0xff, 0x41, 0]).rawSpan)
        #expect(event.properties.first?.bytes == [0xff, 0x41] && event["NAME"] == "\u{fffd}A")
    }

    @Test("udev's form is recognised") func udevForm() throws {
        let event = try Uevent(decoding: udev("ACTION=remove\0DEVPATH=/devices/x\0SUBSYSTEM=net\0TAGS=:a:\0").rawSpan)
        #expect(event.form == .udev && event.action == .remove && event.devicePath == "/devices/x")
        #expect(event.subsystem == "net" && event["TAGS"] == ":a:")
    }

    @Test(
        "what has neither form is refused",
        arguments: ["", "\0", "add", "add\0@/x\0", "@/x\0ACTION=add\0", "libudev", "libudev\0"])
    func refused(_ text: String) {
        #expect(throws: DecodeError.self) { try read(text) }
    }

    @Test("udev's header is not believed: wrong magic, offsets and lengths beyond the end, no action") func hostile() {
        let good = "ACTION=add\0DEVPATH=/x\0"
        for bytes in [
            udev(good, magic: 0xfeed_cafd), udev(good, offset: 8), udev(good, offset: .max),
            udev(good, length: .max), udev(good, offset: 60), udev("DEVPATH=/x\0"), udev("ACTION=add\0"),
        ] { #expect(throws: DecodeError.self) { try Uevent(decoding: bytes.rawSpan) } }
    }

    @Test("every truncation is read or refused") func truncation() {
        for whole in [Array(Self.kernelText.utf8), udev("ACTION=add\0DEVPATH=/x\0")] {
            for count in 0..<whole.count {
                let cut = Array(whole.prefix(count))
                let event = try? Uevent(decoding: cut.rawSpan)
                #expect(event == nil || !(event?.action.rawValue.isEmpty ?? true))
            }
        }
    }

    @Test("any bytes are read or refused, in time that grows no faster than they do") func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let count = Int.random(in: 0...300, using: &generator)
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if Bool.random(using: &generator) { bytes = Array("add@/x\0".utf8) + bytes }
            if Bool.random(using: &generator) { bytes = Array("libudev\0".utf8) + bytes }
            _ = try? Uevent(decoding: bytes.rawSpan)
        }
        let many = Array("add@/x\0".utf8) + [UInt8](repeating: 0, count: 1 << 20)
        #expect((try? Uevent(decoding: many.rawSpan))?.properties.isEmpty == true)
    }

    @Test("a stream gives events one a datagram, of the subsystems asked for, and what is malformed") func stream()
        throws
    {
        let kernel = FakeKernel { _ in .silence }
        let subscription = UeventSubscription(subsystems: ["net"])
        let events = try BlockingEventStream<Uevent>(
            subscription.eventSubscription, over: kernel.source, where: subscription.condition)
        kernel.send(.datagram(Array("add@/block/sda\0SUBSYSTEM=block\0".utf8)))
        kernel.send(.datagram(Array(Self.kernelText.utf8)))
        kernel.send(.datagram([1, 2, 3]))
        guard case .notification(let event) = try events.next(timeout: .seconds(5)) else {
            Issue.record("no event")
            return
        }
        #expect(event.interfaceName == "d0")
        guard case .malformed(_, let bytes) = try events.next(timeout: .seconds(5)) else {
            Issue.record("not malformed")
            return
        }
        #expect(bytes == [1, 2, 3])
    }
}
