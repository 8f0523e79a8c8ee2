// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkRoute
import NetlinkSockDiag
import NetlinkTC
import NetlinkUevents
import NetlinkWireGuard

/// Gives a message to the decoders of the layers above Route, whatever its type says; what was read is written again.
func readLayers(_ message: borrowing Message) {
    readTrafficControl(message)
    readSockets(message)
    _ = try? FamilyDescription(decoding: message)
    _ = try? FamilyEvent(decoding: message)
    if let device = try? WireGuardDevice(decoding: message) { _ = "\(device)" }
}

private func readTrafficControl(_ message: borrowing Message) {
    if let qdisc = try? Qdisc(decoding: message) { _ = try? SetQdisc(qdisc).messageBytes() }
    if let trafficClass = try? TrafficClass(decoding: message) { _ = try? SetClass(trafficClass).messageBytes() }
    if let filter = try? Filter(decoding: message) { _ = try? AddFilter(filter).messageBytes() }
    _ = try? Chain(decoding: message)
    if let page = try? ActionPage(decoding: message) { _ = try? AddActions(page.actions).messageBytes() }
}

private func readSockets(_ message: borrowing Message) {
    for ipProtocol in [InetProtocol.tcp, .udp, .raw, .mptcp] {
        guard let socket = try? InetSocket(decoding: message, ipProtocol) else { continue }
        _ = (socket.signatures, socket.upperLayer, socket.tcp?.receivedCongestedBytes, socket.mptcp?.token)
    }
    _ = try? UnixSocket(decoding: message)
    _ = try? NetlinkProtocolSocket(decoding: message)
    _ = try? PacketSocket(decoding: message)
    _ = try? VSockSocket(decoding: message)
}

/// What comes as whole datagrams, and the language of socket filters.
func readDatagram(_ bytes: [UInt8]) {
    _ = try? Uevent(decoding: bytes.rawSpan)
    for element in TrafficControlNotification.elements(of: bytes.rawSpan) {
        if case .notification(let notification) = element { _ = notification.event.link }
    }
    _ = try? WireGuardEndpoint(decoding: bytes.rawSpan)
    let text = String(decoding: bytes.prefix(256), as: UTF8.self)
    _ = try? SocketExpressionParser().parse(text)
    if let key = WireGuardPublicKey(text) { precondition(WireGuardPublicKey(key.description) == key) }
}
