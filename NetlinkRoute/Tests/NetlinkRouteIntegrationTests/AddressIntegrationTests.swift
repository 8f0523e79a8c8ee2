// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// All messages of a dump as the kernel sent them, without the check that follows its filter.
struct UncheckedDump<Base: Dump>: Dump {
    typealias Family = Base.Family
    var base: Base

    var messageType: UInt16 { base.messageType }
    var flags: MessageFlags { base.flags }
    var operation: StaticString { base.operation }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> [UInt8]? { message.payload.array }
}

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct AddressIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addVeth("v0", "v1")
        connection = try fixture.connect()
        link = try fixture.index(of: "v0")
    }

    private func find(_ address: Address) throws -> Address? {
        try connection.addresses(on: link, family: address.family).first { $0.local == address.local }
    }

    /// Lifetimes go on between two looks, and stamps are what they are.
    private func comparable(_ address: Address) -> Address {
        var copy = address.settings
        if copy.validLifetime != .forever { copy.validLifetime = nil }
        if copy.preferredLifetime != .forever { copy.preferredLifetime = nil }
        return copy
    }

    private func expectRoundTrip(_ wanted: Address, _ check: (Address) -> Bool) throws {
        try connection.add(wanted)
        let read = try #require(try find(wanted))
        #expect(check(read), "\(read)")
        try connection.remove(read)
        #expect(try find(wanted) == nil)
        try connection.add(read.settings)
        let again = try #require(try find(wanted))
        #expect(comparable(again) == comparable(read))
        try connection.remove(again)
    }

    private func ipv4(_ change: (inout Address) -> Void) -> Address {
        var address = Address("10.1.0.1/24", on: link)
        change(&address)
        return address
    }

    private func ipv6(_ change: (inout Address) -> Void) -> Address {
        var address = Address("2001:db8::1/64", on: link)
        address.flags = .noDuplicateDetection
        change(&address)
        return address
    }

    @Test("every option of an IPv4 address is kept by the kernel, and what was read can be added again")
    func ipv4Options() throws {
        try expectRoundTrip(ipv4 { _ in }) { $0.prefix == "10.1.0.1/24" && $0.label == "v0" && $0.peer == nil }
        try expectRoundTrip(ipv4 { $0.broadcast = "10.1.0.255" }) { $0.broadcast == "10.1.0.255" }
        try expectRoundTrip(ipv4 { $0.label = "v0:one" }) { $0.label == "v0:one" }
        try expectRoundTrip(ipv4 { $0.scope = .link }) { $0.scope == .link }
        try expectRoundTrip(ipv4 { $0.metric = 77 }) { $0.metric == 77 }
        try expectRoundTrip(ipv4 { $0.origin = AddressProtocol(rawValue: 99) }) { $0.origin?.rawValue == 99 }
        try expectRoundTrip(ipv4 { $0.flags = .noPrefixRoute }) { $0.flags == [.noPrefixRoute, .permanent] }
        let limited = ipv4 { address in
            address.validLifetime = .seconds(1000)
            address.preferredLifetime = .seconds(500)
        }
        try expectRoundTrip(limited) { address in
            address.validLifetime.map { $0 > .seconds(990) && $0 <= .seconds(1000) } == true
                && address.preferredLifetime.map { $0 > .seconds(490) && $0 <= .seconds(500) } == true
                && !address.flags.contains(.permanent)
        }
        let peer = Address("10.2.0.1", peer: "10.3.0.1/30", on: link)
        try expectRoundTrip(peer) { $0.local == "10.2.0.1" && $0.peer == "10.3.0.1" && $0.prefixLength == 30 }
        var group = Address("239.1.1.1/32", on: link)
        group.flags = .multicastAutojoin
        try expectRoundTrip(group) { $0.flags.contains(.multicastAutojoin) }
        // Taken and left aside by the kernel.
        var anycast = ipv4 { $0.anycast = "10.1.0.9" }
        try connection.add(anycast)
        #expect(try find(anycast)?.anycast == nil)
        anycast.peer = "0.0.0.0"
        try connection.remove(try #require(try find(anycast)))
        // Of an address made without a prefix the kernel does not tell one.
        try expectRoundTrip(anycast) { $0.local == "10.1.0.1" && $0.peer == "0.0.0.0" }
    }

    @Test("every option of an IPv6 address is kept by the kernel, and what was read can be added again")
    func ipv6Options() throws {
        try expectRoundTrip(ipv6 { _ in }) { $0.prefix == "2001:db8::1/64" && $0.peer == nil && $0.scope == .universe }
        try expectRoundTrip(ipv6 { $0.flags.insert(.home) }) { $0.flags.contains(.home) }
        try expectRoundTrip(ipv6 { $0.flags.insert(.noPrefixRoute) }) { $0.flags.contains(.noPrefixRoute) }
        try expectRoundTrip(ipv6 { $0.flags.insert(.manageTemporary) }) { $0.flags.contains(.manageTemporary) }
        try expectRoundTrip(ipv6 { $0.metric = 7 }) { $0.metric == 7 }
        try expectRoundTrip(ipv6 { $0.origin = AddressProtocol(rawValue: 99) }) { $0.origin?.rawValue == 99 }
        try expectRoundTrip(ipv6 { $0.peer = "2001:db8::2" }) { $0.peer == "2001:db8::2" && $0.local == "2001:db8::1" }
        let limited = ipv6 { address in
            address.validLifetime = .seconds(1000)
            address.preferredLifetime = .seconds(0)
        }
        try expectRoundTrip(limited) { address in
            address.flags.contains(.deprecated) && address.preferredLifetime == .seconds(0)
                && address.validLifetime.map { $0 > .seconds(990) } == true
        }
        var optimistic = Address("2001:db8::8/64", on: link)
        optimistic.flags = .optimistic
        try connection.add(optimistic)
        // The kernel takes it, and keeps it only where the system allows such addresses.
        #expect(try find(optimistic)?.flags.subtracting([.optimistic, .tentative]) == .permanent)
        // Without detection switched off an address is tentative at first, and says so.
        let tentative = Address("2001:db8::9/64", on: link)
        try connection.add(tentative)
        #expect(try find(tentative)?.flags.contains(.tentative) == true)
    }

    @Test("what the kernel makes of addresses by itself is told") func reported() throws {
        let loopback = try fixture.index(of: "lo")
        // Who made an address is told since Linux 5.18, and of these two since 6.3.
        for address in try connection.addresses(on: loopback) where address.origin != nil {
            #expect(address.origin == .kernelLoopback && address.scope == .host)
        }
        for address in try connection.addresses(on: link, family: .ipv6) where address.origin != nil {
            #expect(address.origin == .kernelLinkLocal && address.scope == .link)
        }
        try connection.add(ipv4 { _ in })
        try connection.add(Address("10.1.0.2/24", on: link))
        #expect(try find(ipv4 { _ in })?.flags == .permanent)
        let second = try #require(try find(Address("10.1.0.2/24", on: link)))
        #expect(second.flags == [.permanent, .secondary] && second.settings.flags.isEmpty)
        #expect(second.state.created != nil && second.state.updated != nil)
        // A link that makes its addresses of a secret says so.
        let base = try connection.link(.index(link))
        var random = base
        random.families?.ipv6.addressGenerationMode = .random
        random.isUp = false
        try connection.update(random, from: base)
        var up = Link(index: link)
        up.isUp = true
        try connection.update(up)
        var made: Address?
        for _ in 0..<2000 where made == nil {
            made = try connection.addresses(on: link, family: .ipv6).first { $0.scope == .link }
        }
        #expect(made?.flags.contains(.stablePrivacy) == true && made?.settings.flags.contains(.stablePrivacy) == false)
    }

    @Test("adding twice fails, replacing does not and takes over what the kernel changes") func modes() throws {
        try connection.add(ipv4 { _ in })
        let error = #expect(throws: NetlinkError.self) { try connection.add(ipv4 { _ in }) }
        #expect(error?.isExisting == true && error?.operation == "add address" && error?.object == "10.1.0.1/24")
        try connection.replace(ipv4 { $0.metric = 5 })
        #expect(try find(ipv4 { _ in })?.metric == 5)
        try connection.update(ipv4 { $0.metric = 6 })
        #expect(try find(ipv4 { _ in })?.metric == 6)
        // Changing what is not there adds it, in the kernels to date.
        try connection.perform(AddAddress(Address("10.9.0.1/24", on: link), mode: .change))
        #expect(try find(Address("10.9.0.1/24", on: link)) != nil)
    }

    @Test("an address is removed by its whole key, or whatever its prefix is") func removing() throws {
        try connection.add(ipv4 { $0.label = "v0:one" })
        for wrong in [
            Address("10.1.0.1/25", on: link), ipv4 { $0.label = "v0:two" }, ipv4 { $0.peer = "10.8.0.1" },
            Address("10.1.0.2/24", on: link),
        ] {
            let error = #expect(throws: NetlinkError.self) { try connection.remove(wrong) }
            #expect(error?.isNotFound == true)
        }
        try connection.perform(RemoveAddress(Address("10.1.0.1/8", on: link), ignoresPrefix: true))
        #expect(try find(ipv4 { _ in }) == nil)
    }

    @Test("the kernel filters by link and family, and a missing link is an error") func filters() throws {
        try connection.add(ipv4 { _ in })
        try connection.add(ipv6 { _ in })
        let other = try fixture.index(of: "v1")
        let all = try connection.dump(UncheckedDump(base: .addresses))
        let onLink = try connection.dump(UncheckedDump(base: .addresses(on: link)))
        let ofFamily = try connection.dump(UncheckedDump(base: .addresses(family: .ipv6)))
        let both = try connection.dump(UncheckedDump(base: .addresses(on: link, family: .ipv4)))
        #expect(all.count > onLink.count && onLink.allSatisfy { $0[4] == UInt8(link.rawValue) })
        #expect(!ofFamily.isEmpty && ofFamily.allSatisfy { $0[0] == 10 })
        #expect(both.count == 1)
        #expect(try connection.addresses(on: other, family: .ipv4).isEmpty)
        #expect(try connection.addresses().count == all.count)
        let error = #expect(throws: NetlinkError.self) { try connection.addresses(on: 999) }
        #expect(error?.isNoDevice == true)
    }

    @Test("one IPv6 address is found by itself; of IPv4 addresses the kernel has only lists") func getting() throws {
        try connection.add(ipv6 { $0.metric = 3 })
        #expect(try connection.query(AddressQuery("2001:db8::1", on: link)).metric == 3)
        #expect(try connection.query(AddressQuery("2001:db8::1")).index == link)
        let error = #expect(throws: NetlinkError.self) { try connection.query(AddressQuery("2001:db8::7", on: link)) }
        #expect(error?.isNotFound == true)
        try connection.add(ipv4 { $0.metric = 9 })
        for (address, metric) in [("2001:db8::1", 3), ("10.1.0.1", 9)] as [(IPAddress, UInt32)] {
            #expect(try connection.address(address).metric == metric)
            #expect(try connection.address(address, on: link).index == link)
            let elsewhere = #expect(throws: NetlinkError.self) {
                try connection.address(address, on: try fixture.index(of: "lo"))
            }
            #expect(elsewhere?.isNotFound == true)
        }
        let missing = #expect(throws: NetlinkError.self) { try connection.address("10.1.0.9") }
        #expect(missing?.isNotFound == true && missing?.object == "10.1.0.9")
    }

    @Test("the addresses of another namespace are listed by its id") func otherNamespace() throws {
        let other = try NamespaceFixture()
        try other.addVeth("w0", "w1")
        try other.connect(RouteProtocol.self).add(Address("10.77.0.1/24", on: try other.index(of: "w0")))
        try fixture.handle.setID(of: other.namespace, to: 5)
        var dump = AddressDump.addresses(family: .ipv4)
        dump.namespaceID = 5
        let found = try connection.dump(dump)
        #expect(found.contains { $0.prefix == "10.77.0.1/24" && $0.state.namespaceID == 5 })
    }

    @Test("flushing takes all of a link, the secondary ones that go by themselves too") func flushing() throws {
        for number in 1...20 {
            let local = IPAddress.v4(IPv4Address(10, 1, UInt8(number / 10), UInt8(number)))
            try connection.add(Address(try #require(IPPrefix(local, length: 24)), on: link))
        }
        try connection.add(ipv6 { _ in })
        let kept = try connection.addresses(on: try fixture.index(of: "lo"))
        let report = try connection.flushAddresses(.addresses(on: link, family: .ipv4))
        #expect(report.isComplete && report.removedCount > 0 && report.rounds >= 1)
        #expect(try connection.addresses(on: link, family: .ipv4).isEmpty)
        #expect(try connection.addresses(on: link, family: .ipv6).count >= 1)
        let again = try connection.flushAddresses(.addresses(on: link), where: { $0.scope == .universe })
        #expect(again.removedCount == 1)
        #expect(try connection.addresses(on: try fixture.index(of: "lo")) == kept)
        #expect(try connection.flushAddresses(.addresses(on: link, family: .ipv4)).rounds == 0)
    }

    @Test("ensuring adds, leaves alone, changes, or says what stands in the way") func ensuring() throws {
        var wanted = ipv4 { $0.label = "v0:one" }
        #expect(try connection.ensure(wanted) == .added)
        let first = try #require(try find(wanted))
        #expect(try connection.ensure(wanted) == .unchanged)
        #expect(try find(wanted)?.state.updated == first.state.updated)
        wanted.metric = 9
        #expect(try connection.ensure(wanted) == .changed)
        #expect(try connection.ensure(wanted) == .unchanged)
        wanted.label = "v0:two"
        let error = #expect(throws: NetlinkError.self) { try connection.ensure(wanted) }
        #expect(error?.isExisting == true)
        #expect(try find(wanted)?.label == "v0:one")
        var six = ipv6 { _ in }
        #expect(try connection.ensure(six) == .added)
        six.flags.insert(.home)
        six.peer = "2001:db8::99"
        #expect(try connection.ensure(six) == .changed)
        #expect(try connection.ensure(six) == .unchanged)
    }

    @Test("tasks do the same with one-line methods") func tasks() async throws {
        let connection = try RouteConnection(in: fixture.namespace)
        let address = ipv4 { _ in }
        try await connection.add(address)
        #expect(try await connection.ensure(address) == .unchanged)
        try await connection.replace(ipv4 { $0.metric = 3 })
        #expect(try await connection.addresses(on: link, family: .ipv4).map(\.metric) == [3])
        try await connection.update(ipv4 { $0.metric = 4 })
        #expect(try await connection.address("10.1.0.1", on: link).metric == 4)
        #expect(try await connection.flushAddresses(.addresses(on: link, family: .ipv4)).removedCount == 1)
        try await connection.add(address)
        try await connection.remove(address)
        #expect(try await connection.addresses(on: link, family: .ipv4).isEmpty)
    }
}
