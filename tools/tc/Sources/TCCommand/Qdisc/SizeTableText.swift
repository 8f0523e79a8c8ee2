// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// Prints size tables.
enum SizeTableText {
    static func print(_ table: SizeTable, _ session: inout Session) {
        session.output.text(" ")
        session.output.beginObject("stab")
        if table.linkLayer != .unaware {
            session.output.string("linklayer", table.linkLayer.description, prefix: "linklayer ", suffix: " ")
        }
        if table.overhead != 0 {
            session.output.number("overhead", table.overhead, prefix: "overhead ", suffix: " ")
        }
        if table.minimumPacketSize != 0 {
            session.output.number("mpu", table.minimumPacketSize, prefix: "mpu ", suffix: " ")
        }
        if table.mtu != 0 { session.output.number("mtu", table.mtu, prefix: "mtu ", suffix: " ") }
        if table.entryCount != 0 { session.output.number("tsize", table.entryCount, prefix: "tsize ", suffix: " ") }
        session.output.endObject()
    }
}
