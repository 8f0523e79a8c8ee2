// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

// What the article on kinds of one's own shows, with public declarations only.
private struct DRRQdisc: QdiscKind {
    static var kindName: String { "drr" }
    init() {}
    init(decoding options: RawSpan) throws(DecodeError) {}
    func encode(into writer: inout MessageWriter, changing base: DRRQdisc?) {}
}

private struct DRRAttribute: AttributeID {
    let rawValue: UInt16
    static var quantum: Self { Self(rawValue: 1) }
}

private struct DRRClass: ClassKind {
    static var kindName: String { "drr" }
    var quantum: UInt32?

    init(quantum: UInt32?) { self.quantum = quantum }

    init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<DRRAttribute>(options)
        while let attribute = try reader.next() {
            if attribute.id == .quantum { quantum = try attribute.integer() }
        }
    }

    func encode(into writer: inout MessageWriter, changing base: DRRClass?) {
        writer.put(DRRAttribute.quantum, quantum, changing: base?.quantum)
    }
}

@Suite(.enabled(if: TestEnvironment.has(.namespaces), "network namespaces")) struct KindOfOurOwnTests {
    @Test("a kind from outside the library is added, and read typed once it is registered") func registered() throws {
        let fixture = try NamespaceFixture()
        let connection: BlockingRouteConnection = try fixture.connect()
        try fixture.addLink("d0", kind: "dummy")
        let link = try fixture.index(of: "d0")
        try connection.add(Qdisc(DRRQdisc(), on: link, handle: TCHandle(1)))
        let kind = DRRClass(quantum: 3000)
        try connection.add(TrafficClass(kind, on: link, handle: TCHandle(1, 1), parent: TCHandle(1)))
        let raw = try #require(try connection.classes(on: link).first?.kind)
        #expect(raw.value == nil && raw.name == "drr" && raw.data != nil)
        ClassKinds.register(DRRClass.self)
        QdiscKinds.register(DRRQdisc.self)
        #expect(try connection.classes(on: link).first?.kind?.as(DRRClass.self) == kind)
        #expect(try connection.qdisc(on: link).kind?.as(DRRQdisc.self) == DRRQdisc())
    }
}
