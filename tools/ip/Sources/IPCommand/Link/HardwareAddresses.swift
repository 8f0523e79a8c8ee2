// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The hardware's type with its addresses, as a link and each of its virtual functions begin.
struct HardwareAddresses {
    private let link: Link
    private let address: HardwareAddress?
    private let broadcast: HardwareAddress?

    /// The addresses of a link, or of something of it.
    init(of link: Link, address: HardwareAddress?, broadcast: HardwareAddress?) {
        self.link = link
        self.address = address
        self.broadcast = broadcast
    }

    func print(in session: inout Session) {
        let name = HardwareName(type: link.type, isNumeric: session.options.numeric)
        session.output.string("link_type", name, prefix: "    link/", suffix: " ")
        if let address {
            session.output.string("address", HardwareText(address: address, type: link.type), color: .mac)
        }
        guard let broadcast else { return }
        if link.flags.contains(.pointToPoint) {
            session.output.flag("link_pointtopoint", text: " peer ")
        } else {
            session.output.text(" brd ")
        }
        session.output.string("broadcast", HardwareText(address: broadcast, type: link.type), color: .mac)
    }
}
