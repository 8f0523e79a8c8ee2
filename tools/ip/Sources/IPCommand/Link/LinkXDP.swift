// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkRoute

/// The XDP programs of a link.
enum LinkXDP {
    private typealias Program = (mode: XDPState.Attachment, id: UInt32)

    /// Prints the word in the first line that says how a program is attached; in JSON all there is to say.
    static func print(_ xdp: XDPState, namesProgram: Bool, in session: inout Session) {
        guard xdp.attachment != .none else { return }
        if session.output.isJSON { return printJSON(xdp, in: &session) }
        session.output.text(word(xdp.attachment))
        if namesProgram, xdp.attachment != .multiple, let id = xdp.programID, id != 0 {
            session.output.text("/id:")
            session.output.text(number: id)
        }
        session.output.text(" ")
    }

    /// Prints a line for each program.
    static func printPrograms(_ xdp: XDPState, in session: inout Session) {
        guard xdp.attachment != .none, !session.output.isJSON else { return }
        for program in programs(xdp) {
            session.output.newline()
            session.output.text("    prog/xdp ")
            printProgram(program.id, in: &session)
        }
    }

    private static func printJSON(_ xdp: XDPState, in session: inout Session) {
        session.output.beginObject("xdp")
        session.output.number("mode", xdp.attachment.rawValue)
        if let id = xdp.programID, id != 0 { printProgram(id, in: &session) }
        session.output.beginArray("attached")
        for program in programs(xdp) {
            session.output.beginObject()
            session.output.number("mode", program.mode.rawValue)
            printProgram(program.id, in: &session)
            session.output.endObject()
        }
        session.output.endArray()
        session.output.endObject()
    }

    private static func printProgram(_ id: UInt32, in session: inout Session) {
        session.output.beginObject("prog")
        session.output.number("id", id, prefix: "id ", suffix: " ")
        // Without the privilege to ask, the number is all there is to say.
        if let program = try? BPFProgramInformation(id: id) { print(program, in: &session) }
        session.output.endObject()
    }

    private static func print(_ program: BPFProgramInformation, in session: inout Session) {
        session.output.string("name", program.name, prefix: "name ", suffix: " ")
        session.output.string("tag", HexBytes(program.tag), prefix: "tag ", suffix: " ")
        if session.output.isJSON {
            session.output.number("jited", program.isCompiled ? 1 : 0)
        } else if program.isCompiled {
            session.output.text("jited ")
        }
        guard session.options.details > 0 else { return }
        session.output.number("load_time", program.loadTime, prefix: "load_time ", suffix: " ")
        session.output.number("created_by_uid", program.user, prefix: "created_by_uid ", suffix: " ")
    }

    private static func programs(_ xdp: XDPState) -> [Program] {
        if xdp.attachment != .multiple { return xdp.programID.map { [(xdp.attachment, $0)] } ?? [] }
        let attached: [(XDPState.Attachment, UInt32?)] = [
            (.generic, xdp.genericProgramID), (.driver, xdp.driverProgramID), (.hardware, xdp.hardwareProgramID),
        ]
        return attached.compactMap { mode, id in id.map { (mode, $0) } }
    }

    private static func word(_ mode: XDPState.Attachment) -> StaticString {
        switch mode {
        case .driver: "xdp"
        case .generic: "xdpgeneric"
        case .hardware: "xdpoffload"
        case .multiple: "xdpmulti"
        default: "xdp[?]"
        }
    }
}
