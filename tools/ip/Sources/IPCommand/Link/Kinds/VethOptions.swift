// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type veth`.
enum VethOptions: KindOptions {
    static let name: StaticString = "veth"

    static let help: StaticString = """
        Usage: ... veth [ peer [ name ] NAME [ OPTIONS ] ]
               OPTIONS: those of "ip link add", for the other end
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> VethLink {
        guard words.take("peer") else {
            // iproute2 takes this for a question and answers it on standard output.
            session.output.text(help)
            session.output.endLine()
            throw CommandError("", status: 1)
        }
        let peer = try PeerWords.read(&words, creates: creates, &session)
        return VethLink(peer: peer.link, in: peer.target)
    }

    // The kernel tells nothing of a pair but its other end, which stands behind the name.
    static func print(_ kind: VethLink, in session: inout Session) {}
}

/// The words that describe the other end of a pair, which are those of `ip link add`.
enum PeerWords {
    static func read(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> LinkWords {
        var peer = LinkWords(creates: creates, isPeer: true)
        try peer.read(&words, &session)
        try peer.finish()
        if !creates, let device = peer.device { peer.link.index = try session.index(of: device) }
        return peer
    }
}
