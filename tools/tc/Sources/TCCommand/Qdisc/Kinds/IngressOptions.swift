// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `ingress`.
enum IngressOptions: QdiscOptions {
    static let help: StaticString = "Usage: ... ingress"

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> IngressQdisc {
        if let word = words.next() { throw unknown(word) }
        return IngressQdisc()
    }

    static func print(_ queue: IngressQdisc, _ session: inout Session) {
        session.output.text("---------------- ")
    }
}

/// `clsact`.
enum ClsactOptions: QdiscOptions {
    static let help: StaticString = "Usage: ... clsact"

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> ClsactQdisc {
        if let word = words.next() { throw unknown(word) }
        return ClsactQdisc()
    }

    static func print(_ queue: ClsactQdisc, _ session: inout Session) {}
}

/// `mq`.
enum MQOptions: QdiscOptions {
    static let help: StaticString = "Usage: ... mq"

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> MQQdisc {
        if let word = words.next() { throw BareOptions.unparsable("mq", word) }
        return MQQdisc()
    }

    static func print(_ queue: MQQdisc, _ session: inout Session) {}
}

/// `noqueue`.
enum NoQueueOptions: QdiscOptions {
    static let help: StaticString = "Usage: ... noqueue"

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> NoQueueQdisc {
        if let word = words.next() { throw BareOptions.unparsable("noqueue", word) }
        return NoQueueQdisc()
    }

    static func print(_ queue: NoQueueQdisc, _ session: inout Session) {}
}

/// What kinds without options say of a word.
enum BareOptions {
    static func unparsable(_ kind: String, _ word: Word) -> CommandError {
        CommandError("Unknown qdisc \"\(kind)\", hence option \"\(word.string)\" is unparsable", status: 1)
    }
}
