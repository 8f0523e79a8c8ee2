// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension InetSocket {
    private static let messageByteCount = 72  // sizeof(struct inet_diag_msg)

    /// Reads a message about a socket of the protocol that was asked for; only messages of events name it themselves.
    public init(decoding message: borrowing Message, _ ipProtocol: InetProtocol) throws(DecodeError) {
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct inet_diag_msg.idiag_family
        state = SocketState(rawValue: try message.field(1, UInt8.self))  // struct inet_diag_msg.idiag_state
        timer = SocketTimer(rawValue: try message.field(2, UInt8.self))  // struct inet_diag_msg.idiag_timer
        retransmits = try message.field(3, UInt8.self)  // struct inet_diag_msg.idiag_retrans
        sourcePort = UInt16(bigEndian: try message.field(4))  // struct inet_diag_msg.id.idiag_sport
        destinationPort = UInt16(bigEndian: try message.field(6))  // struct inet_diag_msg.id.idiag_dport
        let isV6 = family == .ipv6
        source = try PackedAddress(message, at: 8, isV6: isV6)  // struct inet_diag_msg.id.idiag_src
        destination = try PackedAddress(message, at: 24, isV6: isV6)  // struct inet_diag_msg.id.idiag_dst
        interfaceNumber = try message.field(40, UInt32.self)  // struct inet_diag_msg.id.idiag_if
        let low = try message.field(44, UInt32.self)  // struct inet_diag_msg.id.idiag_cookie[0]
        let high = try message.field(48, UInt32.self)  // struct inet_diag_msg.id.idiag_cookie[1]
        cookie = UInt64(high) << 32 | UInt64(low)
        expires = try message.field(52, UInt32.self)  // struct inet_diag_msg.idiag_expires
        receiveQueue = try message.field(56, UInt32.self)  // struct inet_diag_msg.idiag_rqueue
        sendQueue = try message.field(60, UInt32.self)  // struct inet_diag_msg.idiag_wqueue
        user = try message.field(64, UInt32.self)  // struct inet_diag_msg.idiag_uid
        inode = try message.field(68, UInt32.self)  // struct inet_diag_msg.idiag_inode
        self.ipProtocol = ipProtocol
        if ipProtocol == .raw { present.insert(.isRaw) }
        var attributes = try message.attributes(of: InetAttribute.self, after: Self.messageByteCount)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .shutdown:
                shutdownBits = try attribute.integer()
                present.insert(.shutdown)
            case .cgroupID:
                let id = try attribute.integer(UInt64.self)
                guard id <= UInt64(UInt32.max) else {
                    cgroupID = id
                    continue
                }
                cgroupLow = UInt32(truncatingIfNeeded: id)
                present.insert(.cgroup)
            case .socketOptions:
                optionBits = try Self.options(attribute.payload)
                present.insert(.options)
            case .mark:
                markValue = try attribute.integer()
                present.insert(.mark)
            case .isIPv6Only: present.insert(try attribute.integer(UInt8.self) != 0 ? .onlyIPv6 : .alsoIPv4)
            case .padding: break
            default:
                // From here on something was asked for: gather it, and make the box once.
                try decodeDetails(attribute, &attributes)
                return
            }
        }
    }

    private mutating func decodeDetails(
        _ first: borrowing Attribute<InetAttribute>, _ attributes: inout AttributeReader<InetAttribute>
    ) throws(DecodeError) {
        var fields = rare?.fields ?? InetSocketDetails.Fields()
        var isAny = try decodeDetail(first, &fields)
        while let attribute = try attributes.next() {
            if try decodeDetail(attribute, &fields) { isAny = true }
        }
        // An empty box and none are the same socket, and are not to differ.
        if isAny { rare = InetSocketDetails(fields) }
    }

    /// Reads one attribute; false where it is no detail.
    private mutating func decodeDetail(
        _ attribute: borrowing Attribute<InetAttribute>, _ fields: inout InetSocketDetails.Fields
    ) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .shutdown:
            shutdownBits = try attribute.integer()
            present.insert(.shutdown)
            return false
        case .cgroupID:
            let id = try attribute.integer(UInt64.self)
            cgroupLow = UInt32(truncatingIfNeeded: id)
            fields.cgroupHigh = UInt32(truncatingIfNeeded: id >> 32)
            present.insert(.cgroup)
            return id > UInt64(UInt32.max)
        case .socketOptions:
            optionBits = try Self.options(attribute.payload)
            present.insert(.options)
            return false
        case .mark:
            markValue = try attribute.integer()
            present.insert(.mark)
            return false
        case .isIPv6Only:
            present.insert(try attribute.integer(UInt8.self) != 0 ? .onlyIPv6 : .alsoIPv4)
            return false
        case .memory: fields.memory = try InetSocketMemory(attribute.payload)
        case .socketMemory: fields.socketMemory = try SocketMemory(attribute.payload)
        case .information: fields.information = attribute.payload.array
        case .congestionControl: fields.congestionControl = attribute.string()
        case .vegasInformation: fields.congestionDetails = .vegas(try VegasInformation(attribute.payload))
        case .dctcpInformation: fields.congestionDetails = .dctcp(try DCTCPInformation(attribute.payload))
        case .bbrInformation: fields.congestionDetails = .bbr(try BBRInformation(attribute.payload))
        case .typeOfService: fields.typeOfService = try attribute.integer()
        case .trafficClass: fields.trafficClass = try attribute.integer()
        case .classID: fields.classID = try attribute.integer()
        case .upperLayer: fields.upperLayer = try UpperLayer(attribute.nested())
        case .md5Signatures: fields.md5Signatures = attribute.payload.array
        case .localAddresses: fields.localAddresses = attribute.payload.array
        case .peerAddresses: fields.peerAddresses = attribute.payload.array
        case .bpfStorages: fields.bpfStorages = attribute.payload.array
        case .ipProtocol:
            // Eight bits, of which the number of MPTCP does not fit.
            if ipProtocol.rawValue < 256 {
                ipProtocol = InetProtocol(rawValue: UInt16(try attribute.integer(UInt8.self)))
            }
            return false
        case .padding: return false
        default: fields.unknown.keep(attribute)
        }
        return true
    }

    /// The bits of the structure in its order, whichever end of a byte the machine begins at.
    private static func options(_ span: RawSpan) throws(DecodeError) -> UInt16 {
        let first = try span.load(at: 0, as: UInt8.self)
        let second = span.byteCount > 1 ? try span.load(at: 1, as: UInt8.self) : 0
        guard UInt16(1).littleEndian != 1 else { return UInt16(second) << 8 | UInt16(first) }
        return UInt16(second.reversedBits) << 8 | UInt16(first.reversedBits)
    }
}

extension UInt8 {
    fileprivate var reversedBits: UInt8 {
        (0..<8).reduce(0) { $0 | (self >> UInt8($1) & 1) << UInt8(7 - $1) }
    }
}

extension PackedAddress {
    @inline(__always)
    fileprivate init(_ message: borrowing Message, at offset: Int, isV6: Bool) throws(DecodeError) {
        if isV6 {
            self.init(high: try message.field(offset), low: try message.field(offset + 8))
        } else {
            self.init(high: UInt64(try message.field(offset, UInt32.self)), low: 0)
        }
    }
}
