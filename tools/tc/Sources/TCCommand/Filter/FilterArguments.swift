// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of `tc filter add`, `tc chain add` and their like, up to the kind.
struct FilterArguments {
    var device: Word?
    var block: UInt32?
    var parent: TCHandle?
    var handle: Word?
    var priority: UInt16?
    var protocolType: EthernetProtocol?
    var chain: UInt32?
    var estimator: RateEstimator?
    var kind: Word?
    /// Whether a link or a block must be named: one filter or chain is asked for.
    var needsPlace = false

    /// Reads words up to the kind, which is the first that is none of these.
    mutating func parse(_ words: inout Words, _ session: inout Session, _ topic: Usage.Topic) throws(CommandError) {
        while kind == nil, let word = words.next() {
            switch word {
            case "dev":
                let value = try words.required()
                if device != nil { throw .duplicate("dev", value) }
                device = value
            case prefix("block"):
                let value = try words.required()
                if block != nil { throw .duplicate("block", value) }
                guard let number = value.number(UInt32.self), number > 0 else {
                    throw .invalid(value, "invalid block index value")
                }
                block = number
            case "root": try setParent(.root, word)
            case "ingress": try setParent(.ingressFilters, word)
            case "egress": try setParent(.egressFilters, word)
            case "parent":
                let value = try words.required()
                if parent != nil { throw .duplicate("parent", value) }
                guard let handle = FilterWords.handle(value, &session) else {
                    throw .invalid(value, "Invalid parent ID")
                }
                parent = handle
            case "handle":
                let value = try words.required()
                if handle != nil { throw .duplicate("handle", value) }
                handle = value
            case prefix("preference"), prefix("priority"):
                let value = try words.required()
                if priority != nil { throw .duplicate("priority", value) }
                guard let number = value.number(UInt32.self), let short = UInt16(exactly: number) else {
                    throw .invalid(value, "invalid priority value")
                }
                priority = short
            case prefix("protocol"):
                let value = try words.required()
                if protocolType != nil { throw .duplicate("protocol", value) }
                protocolType = try Self.protocolType(value)
            case prefix("chain"):
                let value = try words.required()
                if chain != nil { throw .duplicate("chain", value) }
                chain = try Self.chain(value)
            case prefix("estimator"): estimator = try QdiscWords.estimator(&words)
            case prefix("help"): Usage.print(topic)
            default: kind = word
            }
        }
    }

    private mutating func setParent(_ place: TCHandle, _ word: Word) throws(CommandError) {
        if parent != nil { throw CommandError("Error: \"\(word.string)\" is duplicate parent ID", status: 255) }
        parent = place
    }

    static func exclusive(_ one: String, _ other: String) -> CommandError {
        CommandError("Error: \"\(one)\" cannot be used in the same time as \"\(other)\"", status: 255)
    }

    static func protocolType(_ word: Word) throws(CommandError) -> EthernetProtocol {
        guard let type = EthernetProtocolNames.parse(word) else { throw .invalid(word, "invalid protocol") }
        return type
    }

    static func chain(_ word: Word) throws(CommandError) -> UInt32 {
        guard let number = word.number(UInt32.self) else { throw .invalid(word, "invalid chain index value") }
        return number
    }

    /// Where the words say that the filter stands.
    func place(_ session: inout Session) throws(CommandError) -> FilterPlace {
        if let block {
            if device != nil {
                throw CommandError("Error: \"dev\" and \"block\" are mutually exclusive", status: 255)
            }
            return .block(block)
        }
        guard let device else {
            if needsPlace { throw CommandError("Must specify netdevice \"dev\" or block index \"block\"", status: 255) }
            return .link(0, parent: parent ?? .unspecified)
        }
        return .link(try session.index(of: device), parent: parent ?? .unspecified)
    }
}
