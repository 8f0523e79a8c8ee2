// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import NetlinkTunTap

/// A namespace of a test's own, with what the tests do there.
struct TunTapBench {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
    }

    /// Whether devices can be opened here.
    static let isAvailable = TestEnvironment.has(
        TestEnvironment.Feature("tun devices") {
            guard let fixture = try? NamespaceFixture() else { return false }
            return (try? TunTapDevice(TunTapConfiguration(), in: fixture.namespace).name) != nil
        })

    func open(_ configuration: TunTapConfiguration) throws(NetlinkError) -> TunTapDevice {
        try TunTapDevice(configuration, in: fixture.namespace)
    }

    func link(_ name: InterfaceName) throws(NetlinkError) -> TunLink.State? {
        try connection.link(.name(name)).kind?.as(TunLink.self)?.state
    }

    /// Gives the host the address 10.9.0.1, so that 10.9.0.2 to 10.9.0.254 are behind the device.
    func setUp(_ name: InterfaceName) throws {
        let link = try connection.link(.name(name))
        try connection.add(Address("10.9.0.1/24", on: link.index))
        var change = Link(index: link.index)
        change.isUp = true
        // Neighbour discovery and membership reports would be more packets than a test asks for.
        change.setFlag(.multicast, false)
        change.families = LinkFamilies()
        change.families?.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
        try connection.update(change)
    }
}

/// A device that several tasks use.
final class SharedDevice: Sendable {
    let device: TunTapDevice
    let name: InterfaceName
    init(_ device: consuming TunTapDevice) {
        name = device.name
        self.device = device
    }
}
