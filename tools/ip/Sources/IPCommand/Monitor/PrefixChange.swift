// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A prefix that a router has advertised.
struct PrefixChange {
    private struct Attribute: AttributeID {
        let rawValue: UInt16

        static var address: Self { Self(rawValue: 1) }  // PREFIX_ADDRESS
        static var cacheInformation: Self { Self(rawValue: 2) }  // PREFIX_CACHEINFO
    }

    private let index: InterfaceIndex
    private let length: UInt8
    private var address: IPAddress?
    private var lifetimes: (preferred: UInt32, valid: UInt32)?

    init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 12  // sizeof(struct prefixmsg)
        index = InterfaceIndex(rawValue: try message.field(4))  // struct prefixmsg.prefix_ifindex
        length = try message.field(9)  // struct prefixmsg.prefix_len
        var reader = try message.attributes(of: Attribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .address: address = try attribute.payload.hostAddress()
            case .cacheInformation:
                lifetimes = (
                    preferred: try attribute.payload.load(at: 0),  // struct prefix_cacheinfo.preferred_time
                    valid: try attribute.payload.load(at: 4)  // struct prefix_cacheinfo.valid_time
                )
            default: break
            }
        }
    }

    func print(_ session: inout Session) {
        session.output.text("prefix ")
        if let address {
            session.output.text(session.host(address))
            session.output.text("/")
            session.output.text(number: length)
        }
        // As iproute2 has it: no space in front, and the name in no colour.
        session.output.text("dev ")
        session.output.text(session.links.name(of: index))
        session.output.text(" ")
        if let lifetimes {
            session.output.text("valid ")
            session.output.text(number: lifetimes.valid)
            session.output.text(" preferred ")
            session.output.text(number: lifetimes.preferred)
            session.output.text(" ")
        }
        session.output.endLine()
    }
}
