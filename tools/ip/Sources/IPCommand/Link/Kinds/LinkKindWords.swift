// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// Reads what stands behind `type`.
enum LinkKindWords {
    static func read(
        _ kind: Word, _ words: inout Words, _ request: inout LinkWords, _ session: inout Session
    ) throws(CommandError) {
        let reader = KindTable.reader(kind)
        let port = portName(kind)
        guard let word = words.peek else {
            // A kind without words of its own is sent by its name alone.
            if let port {
                request.link.portKind = AnyLinkKind(name: port)
            } else {
                request.link.kind = AnyLinkKind(name: kind.string)
            }
            return
        }
        guard let reader else { throw refusal(word, kind) }
        let value = try reader.read(&words, request.creates, &session)
        if let word = words.peek { throw LinkChange.garbage(word) }
        if reader.isPort { request.link.portKind = value } else { request.link.kind = value }
    }

    private static func portName(_ kind: Word) -> String? {
        var filter = LinkFilter()
        filter.kind = kind
        return filter.portKind
    }

    private static func refusal(_ word: Word, _ kind: Word) -> CommandError {
        if word.isPrefix(of: "help") { return LinkHelp.error(status: 255) }
        if KindTable.isLater(kind) {
            return CommandError("\"\(kind.string)\" options are not supported yet.", status: 1)
        }
        return LinkChange.garbage(word)
    }
}

/// The lines that `-d` has for the kind of a link and for what it is as a port.
enum LinkKindLine {
    static func print(_ link: Link, in session: inout Session) {
        guard link.kind != nil || link.portKind != nil else { return }
        session.output.beginObject("linkinfo")
        if let kind = link.kind {
            session.output.newline()
            session.output.string("info_kind", kind.name, prefix: "    ", suffix: " ")
            print(kind, isPort: false, "info_data", in: &session)
        }
        if let port = link.portKind {
            session.output.newline()
            if session.output.isJSON {
                session.output.string("info_slave_kind", port.name)
            } else {
                session.output.string(nil, port.name, prefix: "    ", suffix: "_slave ")
            }
            print(port, isPort: true, "info_slave_data", in: &session)
        }
        session.output.endObject()
    }

    private static func print(
        _ kind: AnyLinkKind, isPort: Bool, _ key: StaticString, in session: inout Session
    ) {
        if let printer = KindTable.printer(kind.name, isPort: isPort) {
            session.output.beginObject(key)
            printer.print(kind, &session)
            session.output.endObject()
        } else if let data = kind.data, !data.isEmpty {
            // Nothing is known of the options: the bytes as they are.
            session.output.beginObject(key)
            session.output.string("data", HexBytes(data), prefix: "data ", suffix: " ")
            session.output.endObject()
        }
    }
}

extension Output {
    /// Prints an option of a kind as its name and number, where it is set.
    mutating func option(_ key: StaticString, _ value: (some FixedWidthInteger)?, label: StaticString? = nil) {
        guard let value else { return }
        text(label ?? key)
        text(" ")
        number(key, value, suffix: " ")
    }

    /// Prints an option of a kind that is 0 or 1, where it is set.
    mutating func option(_ key: StaticString, bit value: Bool?, label: StaticString? = nil) {
        option(key, value.map { $0 ? 1 : 0 }, label: label)
    }

    /// Prints an option of a kind that is `on` or `off`, `true` or `false` in JSON, where it is set.
    mutating func option(_ key: StaticString, onOff value: Bool?, label: StaticString? = nil) {
        guard let value else { return }
        text(label ?? key)
        text(" ")
        bool(key, value, on: "on ", off: "off ")
    }

    /// Prints an option of a kind that is a word, where it is set.
    mutating func option(_ key: StaticString, text value: (some TextWritable)?, label: StaticString? = nil) {
        guard let value else { return }
        text(label ?? key)
        text(" ")
        string(key, value, suffix: " ")
    }

    /// Prints a time of a kind in the kernel's unit, where it is set.
    mutating func option(_ key: StaticString, _ value: Duration?, in unit: Duration, label: StaticString? = nil) {
        option(key, value?.count(of: unit), label: label)
    }
}
