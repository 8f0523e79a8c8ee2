// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

/// One option of a kind: the attributes in which it is sent, and how it is set.
struct KindOption<Kind: LinkKind>: Sendable {
    let name: String
    let numbers: [UInt16]
    /// Whether the kernel reports it; an action is only sent.
    let isReported: Bool
    let set: @Sendable (inout Kind) -> Void

    init(
        _ name: String, _ number: UInt16, isReported: Bool = true, _ set: @escaping @Sendable (inout Kind) -> Void
    ) {
        self.init(name, [number], isReported: isReported, set)
    }

    init(
        _ name: String, _ numbers: [UInt16], isReported: Bool = true, _ set: @escaping @Sendable (inout Kind) -> Void
    ) {
        self.name = name
        self.numbers = numbers
        self.isReported = isReported
        self.set = set
    }
}

/// What is proved of every kind of link.
enum KindProof {
    /// What a kind writes into its data attribute.
    static func data<Kind: LinkKind>(_ kind: Kind, changing base: Kind? = nil) throws -> [UInt8] {
        var writer = MessageWriter()
        kind.encode(into: &writer, changing: base)
        try writer.finish()
        return writer.bytes.array
    }

    /// The contents of `IFLA_LINKINFO` in the request that makes a link of the kind.
    static func information(_ kind: some LinkKind) throws -> [UInt8] {
        try contents(of: 18, in: AddLink(Link(name: "x0", kind: kind)))  // IFLA_LINKINFO
    }

    /// The contents of one attribute of a link request; empty where it is absent.
    static func contents(of number: UInt16, in command: some Command<RouteProtocol>) throws -> [UInt8] {
        try attributes(Array(command.messageBytes().dropFirst(32))).first { $0.number == number }?.payload ?? []
    }

    static func attributes(_ bytes: [UInt8]) throws(DecodeError) -> [UnknownAttribute] {
        var attributes: [UnknownAttribute] = []
        var reader = AttributeReader<RawAttributeID>(bytes.rawSpan)
        while let attribute = try reader.next() {
            attributes.append(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
        }
        return attributes
    }

    static func numbers(_ bytes: [UInt8]) throws -> [UInt16] { try attributes(bytes).map(\.number) }

    static func decode<Kind: LinkKind>(_ type: Kind.Type, _ bytes: [UInt8]) throws -> Kind {
        try Kind(decoding: bytes.rawSpan)
    }

    /// Each option is sent in attributes of its own, once, and not at all where nothing differs; none is left out.
    static func checkOptions<Kind: LinkKind>(
        _ options: [KindOption<Kind>], from initial: Kind? = nil, besides: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let empty = try initial ?? decode(Kind.self, [])
        #expect(try data(empty).isEmpty, sourceLocation: sourceLocation)
        var full = empty
        for option in options { option.set(&full) }
        let all = try attributes(data(full))
        #expect(Set(all.map(\.number)).count == all.count, "an attribute is sent twice", sourceLocation: sourceLocation)
        for option in options {
            var kind = empty
            option.set(&kind)
            let bytes = try data(kind)
            #expect(try numbers(bytes) == option.numbers, "\(option.name)", sourceLocation: sourceLocation)
            #expect(try data(kind, changing: kind).isEmpty, "\(option.name)", sourceLocation: sourceLocation)
            #expect(try data(kind, changing: empty) == bytes, "\(option.name)", sourceLocation: sourceLocation)
            #expect(try data(full, changing: full).isEmpty, sourceLocation: sourceLocation)
            if option.isReported {
                #expect(try decode(Kind.self, bytes) == kind, "\(option.name)", sourceLocation: sourceLocation)
            }
            // From everything but this, only this is sent.
            var base = empty
            for other in options where other.name != option.name { other.set(&base) }
            let change = try numbers(data(full, changing: base))
            #expect(change == option.numbers, "\(option.name)", sourceLocation: sourceLocation)
        }
        checkCoverage(options, empty, besides: besides, sourceLocation)
    }

    private static func checkCoverage<Kind: LinkKind>(
        _ options: [KindOption<Kind>], _ empty: Kind, besides: Set<String>, _ sourceLocation: SourceLocation
    ) {
        func values(_ kind: Kind) -> [String: String] {
            var values: [String: String] = [:]
            for child in Mirror(reflecting: kind).children {
                if let label = child.label { values[label] = String(reflecting: child.value) }
            }
            return values
        }
        let unset = values(empty)
        var missing = Set(unset.keys).subtracting(["state", "unknown"]).subtracting(besides)
        for option in options {
            var kind = empty
            option.set(&kind)
            let now = values(kind)
            missing = missing.filter { now[$0] == unset[$0] }
        }
        #expect(missing.isEmpty, "properties without a test: \(missing.sorted())", sourceLocation: sourceLocation)
    }

    /// Bytes that end within an attribute are refused, and so are values that are too short for their type.
    ///
    /// Attributes in `flexible` have no length of their own: flags, addresses, nests.
    static func checkTruncations<Kind: LinkKind>(
        _ type: Kind.Type, _ bytes: [UInt8], flexible: Set<UInt16> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(!bytes.isEmpty, sourceLocation: sourceLocation)
        var start = 0
        for attribute in try attributes(bytes) {
            let end = start + 4 + attribute.payload.count
            for cut in start + 1..<end {
                #expect(throws: DecodeError.self, "cut at \(cut)", sourceLocation: sourceLocation) {
                    try decode(type, Array(bytes.prefix(cut)))
                }
            }
            for length in 0..<attribute.payload.count {
                var writer = MessageWriter()
                writer.put(rawType: attribute.rawType, Array(attribute.payload.prefix(length)))
                let short = writer.bytes.array
                if flexible.contains(attribute.number) {
                    _ = try? decode(type, short)
                } else {
                    #expect(
                        throws: DecodeError.self, "attribute \(attribute.number) of \(length) bytes",
                        sourceLocation: sourceLocation
                    ) { try decode(type, short) }
                }
            }
            start = (end + 3) & ~3
        }
    }

    /// An attribute from the future is kept, goes back when a link is made, and stays out of changes.
    static func checkUnknown<Kind: LinkKind>(
        _ type: Kind.Type, _ bytes: [UInt8] = [], unknown: (Kind) -> UnknownAttributes,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var writer = MessageWriter()
        writer.append(bytes.rawSpan)
        writer.put(rawType: 0x3fee, [1, 2, 3])
        let kind = try decode(type, writer.bytes.array)
        let expected = UnknownAttribute(rawType: 0x3fee, payload: [1, 2, 3])
        #expect(unknown(kind).elements == [expected], sourceLocation: sourceLocation)
        #expect(try attributes(data(kind)).last == expected, sourceLocation: sourceLocation)
        #expect(try data(kind, changing: decode(type, [])).contains(0xee) == false, sourceLocation: sourceLocation)
        #expect(unknown(kind.settings).elements == [expected], sourceLocation: sourceLocation)
    }

    /// A kind is the one that the table gives for its name.
    static func checkTable<Kind: LinkKind>(
        _ kind: Kind, isPort: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = try data(kind)
        let found =
            isPort
            ? try LinkKinds.decodePort(Kind.kindName, bytes.rawSpan)
            : try LinkKinds.decode(Kind.kindName, bytes.rawSpan)
        #expect(found.as(Kind.self) == kind, sourceLocation: sourceLocation)
    }
}
