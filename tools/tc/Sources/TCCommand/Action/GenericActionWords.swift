// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `gact`: the words and the text.
enum GenericActionWords {
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Action {
        if words.take("gact") {
            guard !words.isEmpty else { throw .incomplete }
        }
        var action = Action(GenericAction(), control: .pass)
        // An index alone names an action that exists.
        if let word = words.peek, word != "index" {
            action.control = try verdict(&words)
            if let word = words.peek, word.isPrefix(of: "random") {
                words.position += 1
                action.kind = AnyActionKind(GenericAction(random: try random(&words)))
            }
        }
        if let word = words.peek, word.isPrefix(of: "index") {
            words.position += 1
            guard let index = try words.required().number(UInt32.self, base: 10) else {
                throw CommandError("Illegal \"index\"", status: 255)
            }
            action.index = index
        }
        return action
    }

    private static func verdict(_ words: inout Words) throws(CommandError) -> ActionControl {
        let first = words.peek
        do throws(CommandError) {
            if let control = try VerdictWords.parse(&words) { return control }
        } catch {
            if error.endsBatch { throw error }
            throw refused(error)
        }
        throw refused(CommandError("Bad action type \(first?.string ?? "")", status: 255))
    }

    // iproute2 exits there with the help of gact.
    static func refused(_ error: CommandError) -> CommandError {
        var error = error.followed(by: Usage.text(.genericAction), status: 255)
        error.endsBatch = true
        return error
    }

    private static func random(_ words: inout Words) throws(CommandError) -> GenericAction.Random {
        let word = try words.required()
        let method: GenericAction.Random.Method
        switch word {
        case prefix("netrand"): method = .network
        case prefix("determ"): method = .determined
        default: throw CommandError("Illegal \"random type\"", status: 255)
        }
        guard !words.isEmpty else { throw .incomplete }
        let control = try verdict(&words)
        let value = try words.required()
        guard let number = value.number(UInt16.self, base: 10) else {
            throw CommandError("Illegal probability val \(value.string)", status: 255)
        }
        if number > 10_000 {
            throw CommandError("Illegal probability val  0x\(String(number, radix: 16))", status: 255)
        }
        return GenericAction.Random(method, oneOf: number, control: control)
    }

    static func print(_ action: Action, _ session: inout Session) {
        session.output.string("kind", "gact", suffix: " ")
        guard let kind = action.kind.as(GenericAction.self) else { return }
        VerdictWords.print(action.control ?? .pass, prefix: "action ", &session)
        session.output.newline()
        session.output.beginObject("prob")
        let method: StaticString =
            switch kind.random?.method {
            case .network: "netrand"
            case .determined: "determ"
            default: "none"
            }
        session.output.string("random_type", method, prefix: "\t random type ")
        VerdictWords.print(kind.random?.control ?? .pass, prefix: " ", suffix: " ", &session)
        session.output.number("val", kind.random?.value ?? 0, prefix: "val ")
        session.output.endObject()
        session.output.newline()
        session.output.text("\t ")
        ActionPrinter.printUse(action, &session)
        session.output.newline()
    }
}
