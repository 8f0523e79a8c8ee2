// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// A namespace of a test's own, with a connection and what the tests of kinds do there.
struct KindBench {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect(RouteProtocol.self)
    }

    func read(_ name: InterfaceName) throws -> Link {
        try connection.query(LinkQuery(.name(name.description), detail: .virtualFunctions))
    }

    /// The index of a dummy link, made for this.
    @discardableResult func dummy(_ name: InterfaceName) throws -> InterfaceIndex {
        try connection.perform(AddLink(Link(name: name, kind: DummyLink())))
        return try read(name).index
    }

    func set(_ name: InterfaceName, _ change: (inout Link) -> Void) throws {
        var link = Link(index: try read(name).index)
        change(&link)
        try connection.perform(UpdateLink(link))
    }

    func remove(_ name: InterfaceName) throws { try connection.perform(RemoveLink(.name(name.description))) }

    /// Makes a link of a kind, reads it, removes it, makes what was read, and reads that.
    ///
    /// All that was set is there both times, and what was read is what was made of it, whatever of the link it is.
    ///
    /// - Returns: the link as it was read at last.
    @discardableResult func checkRoundTrip<Kind: LinkKind>(
        _ kind: Kind, named name: InterfaceName = "k0", parent: InterfaceIndex? = nil, ignoring: Set<String> = [],
        change: (inout Link) -> Void = { _ in }, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Link {
        var link = Link(name: name, kind: kind)
        link.parent = parent
        change(&link)
        try connection.add(link)
        let first = try read(name)
        let made = try #require(first.kind?.as(Kind.self), sourceLocation: sourceLocation)
        check(kind, isIn: made, ignoring: ignoring, sourceLocation: sourceLocation)
        try remove(name)
        try connection.add(first.settings)
        let second = try read(name)
        expectSame(second, first, sourceLocation: sourceLocation)
        return second
    }

    /// All that can be set is the same in both, property by property.
    func expectSame(_ found: Link, _ wanted: Link, sourceLocation: SourceLocation = #_sourceLocation) {
        func values(_ link: Link) -> [String: String] {
            var mirror = Mirror(reflecting: link.settings)
            // The properties stand behind a reference.
            while mirror.children.count == 1, let only = mirror.children.first {
                mirror = Mirror(reflecting: only.value)
            }
            return Dictionary(
                mirror.children.map { ($0.label ?? "", String(reflecting: $0.value)) },
                uniquingKeysWith: { first, _ in first })
        }
        let have = values(found)
        for (name, value) in values(wanted) {
            #expect(have[name] == value, "\(name)", sourceLocation: sourceLocation)
        }
        #expect(found.settings == wanted.settings, sourceLocation: sourceLocation)
    }

    /// Changes options of a link from what it was read as: each is sent in no more attributes than it takes.
    func checkUpdates<Kind: LinkKind>(
        _ type: Kind.Type, of name: InterfaceName = "k0", isPort: Bool = false, ignoring: Set<String> = [],
        _ changes: [(inout Kind) -> Void], attributeCount: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (number, change) in changes.enumerated() {
            let base = try read(name)
            var options = try #require(
                (isPort ? base.portKind : base.kind)?.as(Kind.self), sourceLocation: sourceLocation)
            change(&options)
            var link = base
            if isPort { link.portKind = AnyLinkKind(options) } else { link.kind = AnyLinkKind(options) }
            let update = UpdateLink(link, from: base)
            #expect(
                try Self.optionCount(update) == attributeCount, "change \(number)", sourceLocation: sourceLocation)
            try connection.perform(update)
            let after = try read(name)
            let read = try #require(
                (isPort ? after.portKind : after.kind)?.as(Kind.self), sourceLocation: sourceLocation)
            check(options, isIn: read, ignoring: ignoring, sourceLocation: sourceLocation)
        }
    }

    /// Every property that is set in `wanted` has the same value in `found`.
    func check(_ wanted: Any, isIn found: Any, ignoring: Set<String> = [], sourceLocation: SourceLocation) {
        let values = Dictionary(
            Mirror(reflecting: found).children.map { ($0.label ?? "", $0.value) },
            uniquingKeysWith: { first, _ in first })
        for child in Mirror(reflecting: wanted).children {
            guard let label = child.label, label != "state", label != "unknown", !ignoring.contains(label),
                let other = values[label]
            else { continue }
            if child.value is any LinkKind {
                check(child.value, isIn: other, ignoring: ignoring, sourceLocation: sourceLocation)
                continue
            }
            let value = String(reflecting: child.value)
            if value == "nil" || value == "false" { continue }
            #expect(String(reflecting: other) == value, "\(label)", sourceLocation: sourceLocation)
        }
    }

    /// How many attributes of the kind a request has; -1 where it has other attributes too.
    static func optionCount(_ update: UpdateLink) throws -> Int {
        let bytes = try update.messageBytes()
        let top = try attributes(Array(bytes.dropFirst(32)))
        guard top.count == 1, let information = top.first, information.number == 18 else { return top.isEmpty ? 0 : -1 }
        let inner = try attributes(information.payload)
        guard let data = inner.first(where: { $0.number == 2 || $0.number == 5 }) else { return 0 }
        return try attributes(data.payload).count
    }

    static func attributes(_ bytes: [UInt8]) throws(DecodeError) -> [UnknownAttribute] {
        var attributes: [UnknownAttribute] = []
        var reader = AttributeReader<RawAttributeID>(bytes.rawSpan)
        while let attribute = try reader.next() {
            attributes.append(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
        }
        return attributes
    }
}

/// Whether links of all these kinds can be made here.
func has(_ kinds: String...) -> Bool {
    TestEnvironment.has(.namespaces) && kinds.allSatisfy { TestEnvironment.has(.linkKind($0)) }
}

/// Whether links of a kind can be made here, by a kernel that has one of the newest options, and so the older ones.
func has<Kind: LinkKind, Value>(_ kind: Kind, with option: KeyPath<Kind, Value?>, on parent: Bool = false) -> Bool {
    guard has(Kind.kindName) else { return false }
    if TestEnvironment.forbidsSkips { return true }
    do {
        let bench = try KindBench()
        var link = Link(name: "p0", kind: kind)
        if parent { link.parent = try bench.dummy("d0") }
        try bench.connection.perform(AddLink(link))
        guard let found = try bench.read("p0").kind?.as(Kind.self) else { return false }
        return found[keyPath: option] != nil
    } catch {
        return false
    }
}
