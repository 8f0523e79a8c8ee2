// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The settings of a link for each address family.
///
/// The kernel takes them from links that exist; `add` of a connection gives them to a new link by a second request.
///
/// Kernel: `IFLA_AF_SPEC`.
public struct LinkFamilies: Hashable, Sendable {
    /// What is set for IPv4.
    public var ipv4 = IPv4LinkSettings()
    /// What is set for IPv6.
    public var ipv6 = IPv6LinkSettings()
    /// Families that this library does not model, each under its number; they go back on add, never on change.
    public var unknown = UnknownAttributes()
    /// What a message of family `AddressFamily.bridge` has instead, as the kernel's bytes; never sent from here.
    public var bridge: [UInt8]?

    /// Nothing set.
    public init() {}

    init(_ span: RawSpan, family: AddressFamily) throws(DecodeError) {
        if family == .bridge {
            bridge = span.array
            return
        }
        var reader = AttributeReader<LinkFamilyAttribute>(span)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .ipv4: ipv4 = try IPv4LinkSettings(attribute.nested())
            case .ipv6: ipv6 = try IPv6LinkSettings(attribute.nested())
            default: unknown.keep(attribute)
            }
        }
    }

    func encode(into writer: inout MessageWriter, changing base: LinkFamilies?) {
        writer.nestUnlessEmpty(LinkAttribute.families, marked: false) { writer in
            writer.nestUnlessEmpty(LinkFamilyAttribute.ipv4, marked: false) {
                ipv4.encode(into: &$0, changing: base?.ipv4)
            }
            writer.nestUnlessEmpty(LinkFamilyAttribute.ipv6, marked: false) {
                ipv6.encode(into: &$0, changing: base?.ipv6)
            }
            if base == nil { writer.put(unknown) }
        }
    }

    /// The same without what the kernel only reports.
    public var settings: LinkFamilies {
        var copy = self
        copy.ipv6.state = IPv6LinkSettings.State()
        copy.bridge = nil
        return copy
    }
}

/// What is set on a link for IPv4.
///
/// Kernel: `AF_INET` inside `IFLA_AF_SPEC`.
public struct IPv4LinkSettings: Hashable, Sendable {
    /// The options, which are also files below `/proc/sys/net/ipv4/conf`.
    ///
    /// Kernel: `IFLA_INET_CONF`, reported as an array of `u32`, sent as a numbered list of `u32`.
    public var options = LinkOptions<IPv4LinkOption>()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// Nothing set.
    public init() {}

    init(_ reader: consuming AttributeReader<IPv4FamilyAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .options: options = LinkOptions(attribute.payload, first: 1)
            default: unknown.keep(attribute)
            }
        }
    }

    func encode(into writer: inout MessageWriter, changing base: IPv4LinkSettings?) {
        writer.nestUnlessEmpty(IPv4FamilyAttribute.options, marked: false) { writer in
            for (option, value) in options.all where value != base?.options[option] {
                // Only daemons with a multicast routing socket turn it on; the kernel refuses it here.
                if option == .multicastForwarding { continue }
                writer.put(RawAttributeID(rawValue: option.rawValue), value)
            }
        }
        if base == nil { writer.put(unknown) }
    }
}

/// Address families inside `IFLA_AF_SPEC`.
struct LinkFamilyAttribute: AttributeID {
    let rawValue: UInt16

    // Nest: IPv4FamilyAttribute
    static var ipv4: Self { Self(rawValue: 2) }  // AF_INET
    // Nest: IPv6FamilyAttribute
    static var ipv6: Self { Self(rawValue: 10) }  // AF_INET6
}

/// Attributes of a link for IPv4.
struct IPv4FamilyAttribute: AttributeID {
    let rawValue: UInt16

    static var options: Self { Self(rawValue: 1) }  // IFLA_INET_CONF
}
