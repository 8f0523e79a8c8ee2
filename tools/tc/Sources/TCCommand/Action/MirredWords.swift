// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `mirred`: the words and the text.
enum MirredWords {
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Action {
        words.position += 1
        let first = try words.required()
        switch first {
        case prefix("egress"), prefix("ingress"), prefix("index"): words.position -= 1
        case "help": throw endingUsage()
        default: throw CommandError("mirred option not supported \(first.string)", status: 255)
        }
        return try parseDirection(&words, &session)
    }

    private static func endingUsage() -> CommandError {
        var error = Usage.error(.mirred, status: 255)
        error.endsBatch = true
        return error
    }

    private static func parseDirection(
        _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> Action {
        var isIngress: Bool?
        var isRedirect: Bool?
        var index: UInt32?
        var device: Word?
        var block: UInt32?
        loop: while let word = words.next() {
            switch word {
            case prefix("action"): break
            case prefix("egress") where isIngress == nil: isIngress = false
            case prefix("ingress") where isIngress == nil: isIngress = true
            case prefix("egress") where isIngress == true, prefix("ingress") where isIngress == false:
                throw CommandError("Can't have both egress and ingress", status: 255)
            case prefix("index"):
                if index != nil { throw CommandError("mirred: Illegal double index", status: 255) }
                guard let number = try words.required().number(UInt32.self, base: 10) else {
                    throw CommandError("Illegal \"index\"", status: 255)
                }
                index = number
                if isIngress == nil { break loop }
            case _ where isIngress == nil:
                throw CommandError("was expecting egress or ingress (\(word.string))", status: 255)
            case prefix("mirror") where isRedirect == nil: isRedirect = false
            case prefix("redirect") where isRedirect == nil: isRedirect = true
            case prefix("mirror") where isRedirect == true, prefix("redirect") where isRedirect == false:
                throw CommandError("Can't have both mirror and redir", status: 255)
            case prefix("blockid") where isRedirect != nil:
                if device != nil { throw bothTargets }
                guard let number = try words.required().number(UInt32.self), number > 0 else {
                    throw CommandError(Array("invalid block ID".utf8) + [ActionWords.UnknownNewline.mark], status: 255)
                }
                block = number
                // A device may follow by mistake.
                if let next = words.peek, next.isPrefix(of: "dev") { continue }
                break loop
            case prefix("dev") where isRedirect != nil:
                if block != nil { throw bothTargets }
                device = try words.required()
                break loop
            default: break
            }
            // iproute2 skips what it does not know there.
            if words.isEmpty { throw .incomplete }
        }
        let kind = try kind(isIngress, isRedirect, device, block, &session)
        var action = Action(kind, control: ActionControl(rawValue: 0), index: index)
        // A verdict behind a redirection is an action of its own.
        if isRedirect == true { action.control = .stolen }
        if isRedirect == false { action.control = try VerdictWords.parse(&words) ?? .pipe }
        try parseIndex(&words, &action)
        return action
    }

    private static var bothTargets: CommandError {
        CommandError("blockid and device are mutually exclusive.", status: 255)
    }

    private static func kind(
        _ isIngress: Bool?, _ isRedirect: Bool?, _ device: Word?, _ block: UInt32?, _ session: inout Session
    ) throws(CommandError) -> MirredAction {
        let operation: MirredAction.Operation =
            switch (isIngress, isRedirect) {
            case (false, true): .egressRedirect
            case (false, false): .egressMirror
            case (true, true): .ingressRedirect
            case (true, false): .ingressMirror
            default: MirredAction.Operation(rawValue: 0)
            }
        if let block { return MirredAction(operation, toBlock: block) }
        guard let device else { return MirredAction(operation, to: 0) }
        return MirredAction(operation, to: try session.index(of: device))
    }

    private static func parseIndex(_ words: inout Words, _ action: inout Action) throws(CommandError) {
        guard let word = words.peek, word.isPrefix(of: "index") else { return }
        if action.index != nil { throw CommandError("mirred: Illegal double index", status: 255) }
        words.position += 1
        guard let number = try words.required().number(UInt32.self, base: 10) else {
            throw CommandError("mirred: Illegal \"index\"", status: 255)
        }
        action.index = number
    }

    static func print(_ action: Action, _ session: inout Session) {
        session.output.string("kind", "mirred", suffix: " ")
        guard let kind = action.kind.as(MirredAction.self) else { return }
        let operation = kind.operation
        if session.output.isJSON {
            session.output.jsonString("mirred_action", operation.isRedirect ? "redirect" : "mirror")
            session.output.jsonString("direction", operation.isIngress ? "ingress" : "egress")
        } else {
            session.output.text(text(operation))
        }
        switch kind.target {
        case .device(let device):
            session.output.string("to_dev", session.links.name(of: device), prefix: " to device ", suffix: ")")
        case .block(let block): session.output.number("to_blockid", block, prefix: " to blockid ", suffix: ")")
        }
        VerdictWords.print(action.control ?? .pass, prefix: " ", &session)
        session.output.newline()
        session.output.text("\t")
        ActionPrinter.printUse(action, &session)
        session.output.newline()
    }

    private static func text(_ operation: MirredAction.Operation) -> String {
        switch operation {
        case .egressRedirect: "(Egress Redirect"
        case .egressMirror: "(Egress Mirror"
        case .ingressRedirect: "(Ingress Redirect"
        case .ingressMirror: "(Ingress Mirror"
        default: "(unknown"
        }
    }
}
