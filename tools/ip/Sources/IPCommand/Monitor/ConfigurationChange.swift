// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A change of the settings that a family has for a link, for all links or for new ones.
struct ConfigurationChange {
    private struct Attribute: AttributeID {
        let rawValue: UInt16

        static var index: Self { Self(rawValue: 1) }  // NETCONFA_IFINDEX
        static var forwarding: Self { Self(rawValue: 2) }  // NETCONFA_FORWARDING
        static var sourceCheck: Self { Self(rawValue: 3) }  // NETCONFA_RP_FILTER
        static var multicastForwarding: Self { Self(rawValue: 4) }  // NETCONFA_MC_FORWARDING
        static var proxying: Self { Self(rawValue: 5) }  // NETCONFA_PROXY_NEIGH
        static var ignoresDownRoutes: Self { Self(rawValue: 6) }  // NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN
        static var labelInput: Self { Self(rawValue: 7) }  // NETCONFA_INPUT
    }

    private let family: AddressFamily
    private(set) var index: InterfaceIndex?
    private var forwarding: Int32?
    private var sourceCheck: Int32?
    private var multicastForwarding: Int32?
    private var proxying: Int32?
    private var ignoresDownRoutes: Int32?
    private var labelInput: Int32?

    init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 1  // sizeof(struct netconfmsg)
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct netconfmsg.ncm_family
        var reader = try message.attributes(of: Attribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .index: index = InterfaceIndex(rawValue: try attribute.integer())
            case .forwarding: forwarding = try attribute.integer()
            case .sourceCheck: sourceCheck = try attribute.integer()
            case .multicastForwarding: multicastForwarding = try attribute.integer()
            case .proxying: proxying = try attribute.integer()
            case .ignoresDownRoutes: ignoresDownRoutes = try attribute.integer()
            case .labelInput: labelInput = try attribute.integer()
            default: break
            }
        }
    }

    func print(isDeleted: Bool, _ session: inout Session) {
        if isDeleted { session.output.text("Deleted ") }
        session.output.text(family.description)
        session.output.text(" ")
        if let index {
            let all: Int32 = -1  // NETCONFA_IFINDEX_ALL
            let new: Int32 = -2  // NETCONFA_IFINDEX_DEFAULT
            switch index.rawValue {
            case all: session.output.text("all ")
            case new: session.output.text("default ")
            default:
                session.output.string(nil, session.links.name(of: index), suffix: " ", color: .interfaceName)
            }
        }
        print("forwarding ", forwarding, &session.output)
        if let sourceCheck {
            let modes: [StaticString] = ["off", "strict", "loose"]
            session.output.text("rp_filter ")
            if modes.indices.contains(Int(sourceCheck)) {
                session.output.text(modes[Int(sourceCheck)])
            } else {
                session.output.text(number: sourceCheck)
            }
            session.output.text(" ")
        }
        print("mc_forwarding ", multicastForwarding, &session.output)
        print("proxy_neigh ", proxying, &session.output)
        print("ignore_routes_with_linkdown ", ignoresDownRoutes, &session.output)
        print("input ", labelInput, &session.output)
        session.output.endLine()
    }

    private func print(_ name: StaticString, _ value: Int32?, _ output: inout Output) {
        guard let value else { return }
        output.text(name)
        output.text(value != 0 ? "on " : "off ")
    }
}
