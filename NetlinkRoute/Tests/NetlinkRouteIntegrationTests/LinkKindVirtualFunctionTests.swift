// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// A simulated device with virtual functions, made in the namespace of a test.
private struct SimulatedDevice {
    private static let bus = "/sys/bus/netdevsim"
    private static let usualLimit = 4
    private let number: Int32

    /// Whether simulated devices can be made here.
    static let isAvailable: Bool = {
        guard TestEnvironment.has(.namespaces) else { return TestEnvironment.forbidsSkips }
        return (try? openFile("\(bus)/new_device", flags: 1)) != nil || TestEnvironment.forbidsSkips
    }()

    init(in fixture: NamespaceFixture, functions: Int) throws {
        let number = currentProcess() % 30000 + 1
        self.number = number
        // The device comes up in the namespace of the thread that asks for it.
        try fixture.handle.run { () throws(SystemError) in
            try Self.write("\(number) 1", to: "\(Self.bus)/new_device")
        }.get()
        do throws(SystemError) {
            if functions > Self.usualLimit {
                try Self.write("\(functions)", to: "/sys/kernel/debug/netdevsim/netdevsim\(number)/max_vfs")
            }
            try Self.write("\(functions)", to: "\(Self.bus)/devices/netdevsim\(number)/sriov_numvfs")
        } catch {
            remove()
            throw error
        }
    }

    func remove() { try? Self.write("\(number)", to: "\(Self.bus)/del_device") }

    private static func write(_ text: String, to path: String) throws(SystemError) {
        let file = try openFile(path, flags: 1)
        try writeAll(Array(text.utf8), to: file.number)
    }
}

// One simulated device at a time: its number is that of the process.
@Suite("Virtual functions on a kernel", .serialized) struct LinkKindVirtualFunctionTests {
    @Test("settings of virtual functions are carried out and read", .enabled(if: SimulatedDevice.isAvailable))
    func settings() throws {
        let bench = try KindBench()
        let device = try SimulatedDevice(in: bench.fixture, functions: 2)
        defer { device.remove() }
        let links = try bench.connection.dump(.links(detail: .virtualFunctions))
        let link = try #require(links.first { $0.state.virtualFunctionCount == 2 })
        let name = try #require(link.name)
        #expect(link.state.virtualFunctions.map(\.index) == [0, 1])
        #expect(link.state.virtualFunctions.first?.linkState == .automatic)

        var first = VirtualFunctionSettings(index: 0)
        first.address = "02:00:00:00:00:07"
        first.vlan = VirtualFunction.VLAN(id: 5, priority: 3, protocolType: .dot1AD)
        first.rate = VirtualFunction.Rate(minimum: 10, maximum: 20)
        first.checksSpoofing = true
        first.isTrusted = true
        first.linkState = .down
        first.allowsScalingQuery = true
        var second = VirtualFunctionSettings(index: 1)
        second.vlan = VirtualFunction.VLAN(id: 7)
        second.transmitRate = 100
        // Both in one message.
        try bench.set(name) { $0.virtualFunctionSettings = [first, second] }
        let functions = try bench.read(name).state.virtualFunctions
        let one = try #require(functions.first)
        #expect(one.settings == first)
        let two = try #require(functions.last)
        #expect(two.vlans == [VirtualFunction.VLAN(id: 7, protocolType: .dot1Q)])
        #expect(two.transmitRate == 100)
        #expect(two.isTrusted == false)

        // What was read goes back.
        try bench.set(name) { $0.virtualFunctionSettings = functions.map(\.settings) }
        #expect(try bench.read(name).state.virtualFunctions == functions)
        var missing = VirtualFunctionSettings(index: 9)
        missing.isTrusted = true
        #expect(throws: NetlinkError.self) { try bench.set(name) { $0.virtualFunctionSettings = [missing] } }
    }

    @Test(
        "a device with too many virtual functions for a message is told without them",
        .enabled(if: SimulatedDevice.isAvailable))
    func tooMany() throws {
        let bench = try KindBench()
        let device = try SimulatedDevice(in: bench.fixture, functions: 400)
        defer { device.remove() }
        let link = try #require(
            try bench.connection.links().first { $0.state.parentDeviceBus == "netdevsim" })
        let told = try bench.connection.link(.index(link.index), detail: .virtualFunctions)
        #expect(told.state.virtualFunctions.isEmpty)
        #expect(told.address == link.address && told.mtu == link.mtu && told.name == link.name)
        let listed = try bench.connection.links(detail: .virtualFunctions).first { $0.index == link.index }
        #expect(listed?.address == link.address)
    }

    @Test("many virtual functions are told in one message", .enabled(if: SimulatedDevice.isAvailable))
    func many() throws {
        let bench = try KindBench()
        let device = try SimulatedDevice(in: bench.fixture, functions: 256)
        defer { device.remove() }
        let link = try #require(
            try bench.connection.links().first { $0.state.parentDeviceBus == "netdevsim" })
        let detail: LinkDetail = [.virtualFunctions, .withoutStatistics]
        let told = try bench.connection.link(.index(link.index), detail: detail)
        #expect(told.state.virtualFunctions.map(\.index) == Array(0..<256))
    }

    @Test("without being asked for, virtual functions are left out", .enabled(if: SimulatedDevice.isAvailable))
    func notAsked() throws {
        let bench = try KindBench()
        let device = try SimulatedDevice(in: bench.fixture, functions: 1)
        defer { device.remove() }
        #expect(try bench.connection.dump(.links).allSatisfy { $0.state.virtualFunctions.isEmpty })
    }
}
