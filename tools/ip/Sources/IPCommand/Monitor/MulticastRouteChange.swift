// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A change of a route of multicast packets, which a routing program gives to the kernel.
struct MulticastRouteChange {
    private struct Attribute: AttributeID {
        let rawValue: UInt16

        static var group: Self { Self(rawValue: 1) }  // RTA_DST
        static var source: Self { Self(rawValue: 2) }  // RTA_SRC
        static var input: Self { Self(rawValue: 3) }  // RTA_IIF
        static var outputs: Self { Self(rawValue: 9) }  // RTA_MULTIPATH
        static var table: Self { Self(rawValue: 15) }  // RTA_TABLE
        static var counters: Self { Self(rawValue: 17) }  // RTA_MFC_STATS
        static var expires: Self { Self(rawValue: 23) }  // RTA_EXPIRES
    }

    private struct Branch {
        let index: InterfaceIndex
        /// Only packets that may still go through more routers leave here.
        let minimumTTL: UInt8
    }

    private let flags: RouteFlags
    private var group: IPAddress?
    private var source: IPAddress?
    private(set) var input: InterfaceIndex?
    private var outputs: [Branch] = []
    private var table: UInt32
    private var counters: (packets: UInt64, bytes: UInt64, strays: UInt64)?
    private var age: UInt64?

    init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 12  // sizeof(struct rtmsg)
        table = UInt32(try message.field(4, UInt8.self))  // struct rtmsg.rtm_table
        flags = RouteFlags(rawValue: try message.field(8))  // struct rtmsg.rtm_flags
        var reader = try message.attributes(of: Attribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .group: group = try attribute.payload.hostAddress()
            case .source: source = try attribute.payload.hostAddress()
            case .input: input = InterfaceIndex(rawValue: try attribute.integer())
            case .outputs: outputs = try Self.outputs(attribute.payload)
            case .table: table = try attribute.integer()
            case .counters:
                counters = (
                    packets: try attribute.payload.load(at: 0),  // struct rta_mfc_stats.mfcs_packets
                    bytes: try attribute.payload.load(at: 8),  // struct rta_mfc_stats.mfcs_bytes
                    strays: try attribute.payload.load(at: 16)  // struct rta_mfc_stats.mfcs_wrong_if
                )
            case .expires: age = try attribute.integer()
            default: break
            }
        }
    }

    private static func outputs(_ payload: RawSpan) throws(DecodeError) -> [Branch] {
        let headerByteCount = 8  // sizeof(struct rtnexthop)
        var outputs: [Branch] = []
        var start = 0
        while start + headerByteCount <= payload.byteCount {
            let length = Int(try payload.load(at: start + 0, as: UInt16.self))  // struct rtnexthop.rtnh_len
            guard length >= headerByteCount, length <= payload.byteCount - start else {
                throw DecodeError(
                    .invalidLength, attribute: Attribute.outputs.rawValue, expected: length,
                    actual: payload.byteCount - start)
            }
            outputs.append(
                Branch(
                    index: InterfaceIndex(rawValue: try payload.load(at: start + 4)),  // struct rtnexthop.rtnh_ifindex
                    minimumTTL: try payload.load(at: start + 3)))  // struct rtnexthop.rtnh_hops
            start += (length + 3) & ~3
        }
        return outputs
    }

    // MARK: Printing

    func print(isDeleted: Bool, _ session: inout Session) {
        if isDeleted { session.output.text("Deleted ") }
        var flow: [UInt8] = [UInt8(ascii: "(")]
        write(source, to: &flow, session)
        flow.append(UInt8(ascii: ","))
        write(group, to: &flow, session)
        flow.append(UInt8(ascii: ")"))
        session.output.string(nil, flow, suffix: " Iif: ", width: -32)
        if let input {
            session.output.string(
                nil, session.links.name(of: input), suffix: " ", color: .interfaceName, width: -10)
        } else {
            session.output.text("unresolved ")
        }
        printOutputs(&session)
        session.output.text(flags.contains(.unresolved) ? " State: unresolved" : " State: resolved")
        if flags.contains(.offload) { session.output.text(" offload") }
        if session.options.statistics > 0 { printCounters(&session.output) }
        session.output.string(nil, session.names.tables.name(table), prefix: " Table: ")
        session.output.endLine()
    }

    private func write(_ address: IPAddress?, to text: inout [UInt8], _ session: borrowing Session) {
        if let address { session.host(address).write(to: &text) } else { "unknown".write(to: &text) }
    }

    private func printOutputs(_ session: inout Session) {
        if outputs.isEmpty { return }
        session.output.text("Oifs: ")
        for output in outputs {
            session.output.string(nil, session.links.name(of: output.index), color: .interfaceName)
            if output.minimumTTL > 1 { session.output.number(nil, output.minimumTTL, prefix: "(ttl ", suffix: ")") }
            session.output.text(" ")
        }
    }

    private func printCounters(_ output: inout Output) {
        if let counters {
            output.newline()
            output.number(nil, counters.packets, prefix: "  ", suffix: " packets, ")
            output.number(nil, counters.bytes, suffix: " bytes")
            if counters.strays > 0 {
                output.number(nil, counters.strays, prefix: ", ", suffix: " arrived on wrong iif.")
            }
        }
        // In hundredths of a second.
        if let age { output.double(nil, Double(age) / 100, decimals: 2, prefix: ", Age ") }
    }
}
