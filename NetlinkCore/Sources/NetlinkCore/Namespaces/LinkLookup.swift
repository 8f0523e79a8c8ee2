// SPDX-License-Identifier: Apache-2.0

/// A link's number and name.
struct ResolvedLink: Hashable, Sendable {
    let index: InterfaceIndex
    let name: InterfaceName
}

/// Asks for the number and name of a link, and for as little else as the kernel lets one.
///
/// Kernel: `RTM_GETLINK`; `ENODEV` when there is none.
struct LinkLookup: Query {
    typealias Family = RouteLookupProtocol
    static let headerByteCount = 16  // sizeof(struct ifinfomsg)

    let link: LinkReference

    var messageType: UInt16 { RouteLookupMessage.getLink.rawValue }
    var operation: StaticString { "find link" }
    var object: String? { link.description }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.headerByteCount) { s in
            if let index = link.index { s.store(index.rawValue, at: 4) }  // struct ifinfomsg.ifi_index
        }
        if let name = link.name {
            // Either attribute finds alternative names too, but the first holds no long ones.
            let isShort = name.utf8.count <= InterfaceName.maximumByteCount
            writer.put(isShort ? LinkLookupAttribute.name : .alternativeName, name)
        }
        writer.put(LinkLookupAttribute.filter, LinkLookupFilter.skipStatistics | LinkLookupFilter.nameOnly)
    }

    func decode(_ message: borrowing Message) throws(DecodeError) -> ResolvedLink {
        let index = InterfaceIndex(rawValue: try message.field(4))  // struct ifinfomsg.ifi_index
        var name: InterfaceName?
        var attributes = try message.attributes(of: LinkLookupAttribute.self, after: Self.headerByteCount)
        while let attribute = try attributes.next() {
            guard attribute.id == .name else { continue }
            name = InterfaceName(kernelBytes: attribute.payload)
            break
        }
        guard let name, index.isValid else {
            throw DecodeError(.invalidValue, attribute: LinkLookupAttribute.name.rawValue)
        }
        return ResolvedLink(index: index, name: name)
    }
}

/// What the kernel leaves out of a link; old ones do not know all bits and ignore them.
enum LinkLookupFilter {
    static let skipStatistics: UInt32 = 0x8  // RTEXT_FILTER_SKIP_STATS
    static let nameOnly: UInt32 = 0x100  // RTEXT_FILTER_NAME_ONLY
}

struct LinkLookupAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 3) }  // IFLA_IFNAME
    static var filter: Self { Self(rawValue: 29) }  // IFLA_EXT_MASK
    static var alternativeName: Self { Self(rawValue: 53) }  // IFLA_ALT_IFNAME
}
