// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The lines that `-d` has for the kind of a link and for what it is as a port.
enum LinkKindLine {
    static func print(_ link: Link, in session: inout Session) {
        guard link.kind != nil || link.portKind != nil else { return }
        session.output.beginObject("linkinfo")
        if let kind = link.kind {
            session.output.newline()
            session.output.string("info_kind", kind.name, prefix: "    ", suffix: " ")
        }
        if let port = link.portKind {
            session.output.newline()
            session.output.jsonString("info_slave_kind", port.name)
            if !session.output.isJSON {
                session.output.string(nil, port.name, prefix: "    ", suffix: "_slave ")
            }
        }
        session.output.endObject()
    }
}
