// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `type netkit`.
enum NetkitOptions: KindOptions {
    static let name: StaticString = "netkit"

    static let help: StaticString = """
        Usage: ... netkit [ mode MODE ] [ POLICY ] [ scrub SCRUB ] [ peer [ POLICY ] [ scrub SCRUB ] [ OPTIONS ] ]
               MODE:    l3 | l2
               POLICY:  forward | blackhole
               SCRUB:   default | none
               OPTIONS: those of "ip link add", for the other end
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> NetkitLink {
        var netkit = NetkitLink()
        var isPeer = false
        while let word = words.next() {
            switch word {
            case "mode":
                let mode = try words.required()
                if netkit.mode != nil { throw .duplicate("mode", mode) }
                switch mode {
                case "l2": netkit.mode = .l2
                case "l3": netkit.mode = .l3
                default:
                    throw CommandError("Error: argument of \"mode\" must be either \"l3\" or \"l2\"", status: 1)
                }
            case "forward": set(.forward, ofPeer: isPeer, &netkit)
            case "blackhole": set(.blackhole, ofPeer: isPeer, &netkit)
            case "scrub":
                let scrub: NetkitLink.Scrub
                switch try words.required() {
                case "none": scrub = .none
                case "default": scrub = .normal
                default: throw CommandError("Error: scrub must be either \"none\" or \"default\"", status: 1)
                }
                if isPeer { netkit.peerScrub = scrub } else { netkit.scrub = scrub }
            case "peer":
                if isPeer { throw .duplicate("peer", try words.required()) }
                isPeer = true
            case _ where isPeer:
                words.position -= 1
                let peer = try PeerWords.read(&words, creates: creates, &session)
                netkit.peer = peer.link
                netkit.peerTarget = peer.target
            default: throw CommandError("netkit: unknown option \"\(word.string)\"?\n\(help)", status: 1)
            }
        }
        return netkit
    }

    private static func set(_ policy: NetkitLink.Policy, ofPeer isPeer: Bool, _ netkit: inout NetkitLink) {
        if isPeer { netkit.peerPolicy = policy } else { netkit.policy = policy }
    }

    // MARK: Printing

    static func print(_ netkit: NetkitLink, in session: inout Session) {
        let modes: [StaticString] = ["l2", "l3"]
        let scrubs: [StaticString] = ["none", "default"]
        name("mode", netkit.mode?.rawValue, modes, in: &session)
        if let isPrimary = netkit.state.isPrimary {
            session.output.option("type", text: (isPrimary ? "primary" : "peer") as StaticString)
        }
        policy("policy", netkit.policy, in: &session)
        policy("peer_policy", netkit.peerPolicy, label: "peer policy", in: &session)
        name("scrub", netkit.scrub?.rawValue, scrubs, in: &session)
        name("peer_scrub", netkit.peerScrub?.rawValue, scrubs, label: "peer scrub", in: &session)
    }

    private static func policy(
        _ key: StaticString, _ policy: NetkitLink.Policy?, label: StaticString? = nil, in session: inout Session
    ) {
        switch policy {
        case nil: break
        case .forward: session.output.option(key, text: "forward" as StaticString, label: label)
        case .blackhole: session.output.option(key, text: "blackhole" as StaticString, label: label)
        case let other?: session.output.option(key, other.rawValue, label: label)
        }
    }

    private static func name(
        _ key: StaticString, _ number: UInt32?, _ names: [StaticString], label: StaticString? = nil,
        in session: inout Session
    ) {
        guard let number else { return }
        if number < names.count {
            session.output.option(key, text: names[Int(number)], label: label)
        } else {
            session.output.option(key, number, label: label)
        }
    }
}
