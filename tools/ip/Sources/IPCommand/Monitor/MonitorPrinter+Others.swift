// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

extension RouteMessageType {
    fileprivate static var newMulticastAddress: Self { Self(rawValue: 56) }  // RTM_NEWMULTICAST
    fileprivate static var deleteMulticastAddress: Self { Self(rawValue: 57) }  // RTM_DELMULTICAST
    fileprivate static var newAnycastAddress: Self { Self(rawValue: 60) }  // RTM_NEWANYCAST
    fileprivate static var deleteAnycastAddress: Self { Self(rawValue: 61) }  // RTM_DELANYCAST
    fileprivate static var newPrefix: Self { Self(rawValue: 52) }  // RTM_NEWPREFIX
    fileprivate static var newConfiguration: Self { Self(rawValue: 80) }  // RTM_NEWNETCONF
    fileprivate static var deleteConfiguration: Self { Self(rawValue: 81) }  // RTM_DELNETCONF
    fileprivate static var newStatistics: Self { Self(rawValue: 92) }  // RTM_NEWSTATS
    fileprivate static var newNextHop: Self { Self(rawValue: 104) }  // RTM_NEWNEXTHOP
    fileprivate static var deleteNextHop: Self { Self(rawValue: 105) }  // RTM_DELNEXTHOP
}

/// A change of an object that only `ip monitor` shows.
private enum OtherChange {
    case address(Address)
    case configuration(ConfigurationChange)
    case multicastRoute(MulticastRouteChange)
    case nextHop(NextHopChange)
    case prefix(PrefixChange)
    case statistics(StatisticsChange)

    /// Reads a message; nil for one that is not known here.
    init?(_ type: RouteMessageType, _ message: borrowing Message) throws(DecodeError) {
        switch type {
        case .newMulticastAddress, .deleteMulticastAddress, .newAnycastAddress, .deleteAnycastAddress:
            self = .address(try Address(decoding: message))
        case .newConfiguration, .deleteConfiguration:
            self = .configuration(try ConfigurationChange(decoding: message))
        // Other routes are decoded by the library.
        case .newRoute, .deleteRoute: self = .multicastRoute(try MulticastRouteChange(decoding: message))
        case .newNextHop, .deleteNextHop: self = .nextHop(try NextHopChange(decoding: message))
        case .newPrefix: self = .prefix(try PrefixChange(decoding: message))
        case .newStatistics:
            self = .statistics(try StatisticsChange(decoding: message))
        default: return nil
        }
    }
}

extension MonitorPrinter {
    /// Prints a change that the library does not decode: as iproute2 does, or as its number and bytes.
    func print(_ type: RouteMessageType, _ bytes: [UInt8], _ place: NamespaceID?, _ session: inout Session) {
        let message = RawMessage(type: type.rawValue, flags: [], sequence: 0, port: 0, payload: bytes)
        let decoded = message.decoded { (message: borrowing Message) throws(DecodeError) in
            try OtherChange(type, message)
        }
        guard let change = decoded ?? nil else { return print(raw: type, bytes, place, &session) }
        // Of these a removal has the odd number.
        let isDeleted = type.rawValue & 1 == 1
        switch change {
        case .address(let address): print(address, isDeleted: isDeleted, place, &session)
        case .configuration(let configuration):
            guard isWanted(configuration.index) else { return }
            printHeader("[NETCONF]", place, &session)
            configuration.print(isDeleted: isDeleted, &session)
        case .multicastRoute(let route):
            guard isWanted(route.input) else { return }
            printHeader("[MROUTE]", place, &session)
            route.print(isDeleted: isDeleted, &session)
        case .nextHop(let nextHop):
            printHeader("[NEXTHOP]", place, &session)
            nextHop.print(isDeleted: isDeleted, &session)
        case .prefix(let prefix):
            printHeader("[PREFIX]", place, &session)
            prefix.print(&session)
        case .statistics(let statistics):
            printHeader("[STATS]", place, &session)
            statistics.print(&session)
        }
    }

    /// Prints a message that nothing is known of: its number and its bytes.
    func print(raw type: RouteMessageType, _ bytes: [UInt8], _ place: NamespaceID?, _ session: inout Session) {
        printHeader("[UNKNOWN]", place, &session)
        session.output.text("message type ")
        session.output.text(number: type.rawValue)
        session.output.text(":")
        for byte in bytes {
            session.output.text(" ")
            session.output.text(Hexadecimal(UInt64(byte), digits: 2, zeroX: false))
        }
        session.output.endLine()
    }
}
