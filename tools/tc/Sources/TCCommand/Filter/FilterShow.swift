// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// `tc filter show` and `tc chain show`.
struct FilterShow {
    private var device: Word?
    private var block: UInt32?
    private var parent: TCHandle?
    private var priority: UInt16?
    private var protocolType: EthernetProtocol?
    private var chain: UInt32?

    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let show = try parse(&words, &session, "filter")
        guard let place = try show.place(&session) else { return }
        var dump = FilterDump(
            FilterSelection(
                at: place, chain: show.chain, priority: show.priority ?? 0,
                protocolType: show.protocolType ?? .unspecified))
        dump.isTerse = session.options.brief
        let kernel = session.kernel
        let connection = try kernel.connection
        let printer = show.printer
        var failure: NetlinkError?
        session.output.beginArray()
        do throws(NetlinkError) {
            try kernel.stream(dump, over: connection) { filter in printer.print(filter, &session) }
        } catch {
            failure = error
        }
        session.output.endArray()
        if let failure { throw refusal(failure) }
    }

    /// A listing that ended early; what came before was printed.
    private static func refusal(_ error: NetlinkError) -> CommandError {
        guard error.code == .messageTooLong else { return KernelAnswer.refusedDump(error, status: 1) }
        return CommandError("Error: Buffer too small for object.\nDump terminated", status: 1)
    }

    static func runChains(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let show = try parse(&words, &session, "chain")
        guard let place = try show.place(&session) else { return }
        let chains = try session.list(ChainDump(at: place, index: show.chain))
        session.output.beginArray()
        for chain in chains { ChainPrinter.print(chain, show.printer, &session) }
        session.output.endArray()
    }

    /// What need not be printed because it was asked for.
    private var printer: FilterPrinter {
        FilterPrinter(
            showsDevice: false, parent: parent, priority: priority, protocolType: protocolType, chain: chain,
            block: block)
    }

    private static func parse(
        _ words: inout Words, _ session: inout Session, _ object: String
    ) throws(CommandError) -> FilterShow {
        var show = FilterShow()
        while let word = words.next() {
            switch word {
            case "dev":
                let value = try words.required()
                if show.device != nil { throw .duplicate("dev", value) }
                if show.block != nil { throw FilterArguments.exclusive("dev", "block") }
                show.device = value
            case prefix("block"):
                let value = try words.required()
                if show.block != nil { throw .duplicate("block", value) }
                if show.device != nil { throw FilterArguments.exclusive("block", "dev") }
                guard let number = value.number(UInt32.self), number > 0 else {
                    throw .invalid(value, "invalid block index value")
                }
                show.block = number
            case "root": try show.setParent(.root, word)
            case "ingress": try show.setParent(.ingressFilters, word)
            case "egress": try show.setParent(.egressFilters, word)
            case "parent":
                let value = try words.required()
                if show.parent != nil { throw .duplicate("parent", value) }
                guard let handle = FilterWords.handle(value, &session) else {
                    throw .invalid(value, "invalid parent ID")
                }
                show.parent = handle
            case "handle":
                // iproute2 reads it and asks for all the same.
                _ = try words.required()
            case prefix("preference"), prefix("priority"):
                let value = try words.required()
                if show.priority != nil { throw .duplicate("priority", value) }
                guard let number = value.number(UInt32.self) else { throw .invalid(value, "invalid preference") }
                show.priority = UInt16(truncatingIfNeeded: number)
            case prefix("protocol"):
                let value = try words.required()
                if show.protocolType != nil { throw .duplicate("protocol", value) }
                show.protocolType = try FilterArguments.protocolType(value)
            case prefix("chain"):
                let value = try words.required()
                if show.chain != nil { throw .duplicate("chain", value) }
                show.chain = try FilterArguments.chain(value)
            case prefix("help"): Usage.print(object == "chain" ? .chain : .filter)
            default:
                throw CommandError(" What is \"\(word.string)\"? Try \"tc \(object) help\"", status: 255)
            }
        }
        return show
    }

    private mutating func setParent(_ place: TCHandle, _ word: Word) throws(CommandError) {
        if parent != nil { throw CommandError("Error: \"\(word.string)\" is duplicate parent ID", status: 255) }
        parent = place
    }

    /// Where to look; nil where neither an interface nor a block was named, which lists nothing.
    private func place(_ session: inout Session) throws(CommandError) -> FilterPlace? {
        if let block {
            let isThere = try session.list(QdiscDump()).contains { $0.ingressBlock == block || $0.egressBlock == block }
            if !isThere { throw CommandError("Cannot find block \"\(block)\"", status: 1) }
            return .block(block)
        }
        guard let device else { return .link(0, parent: parent ?? .unspecified) }
        return .link(try session.index(of: device), parent: parent ?? .unspecified)
    }
}
