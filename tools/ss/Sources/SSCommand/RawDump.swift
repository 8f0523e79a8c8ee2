// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// The kernel's messages about TCP sockets in a file (`-D`), and what such a file holds as sockets again.
///
/// A file ends with the message that ends a listing. iproute2 writes one behind each family, and reads up to the first.
struct RawDump {
    private let selection: Selection
    private let options: SSOptions

    init(_ selection: Selection, _ options: SSOptions) {
        self.selection = selection
        self.options = options
    }

    /// Writes what the kernel answers; the exit status.
    func write(to file: String) throws(SSOptions.Exit) -> Int32 {
        guard selection.tables.contains(.tcp) else {
            throw .failure(CommandError("ss: tcpdiag dump requested and no tcp in filter.", status: 0))
        }
        var writer = MessageWriter(capacity: 1 << 16, limit: .max / 4)
        do throws(NetlinkError) {
            let connection = try BlockingSockDiagConnection(observer: try TraceObserver.fromEnvironment())
            for family in selection.inetFamilies {
                let base = InetSocketDump(
                    .tcp, family: family, states: selection.states, parts: options.inetParts, filter: selection.filter)
                try connection.dump(MessageDump(base: base)) { (message: RawMessage) throws(NetlinkError) in
                    message.write(to: &writer)
                }
            }
        } catch {
            throw .failure(CommandError(KernelAnswer.text(error), status: 1))
        }
        writer.beginMessage(type: ControlMessageType.done.rawValue, flags: .multipart, sequence: 0)
        writer.append(UInt32(0))
        writer.endMessage()
        try Self.put(writer.bytes.array, into: file)
        return 0
    }

    private static func put(_ bytes: [UInt8], into file: String) throws(SSOptions.Exit) {
        guard file != "-" else { return try check(System.write(bytes, to: 1)) }
        let descriptor: Int32
        do throws(Files.Refusal) { descriptor = try Files.create(file) } catch {
            throw .failure(CommandError("fopen dump file: \(error.text)", status: 255))
        }
        // The process ends, and with it the descriptor.
        try check(System.write(bytes, to: descriptor))
    }

    private static func check(_ failure: Int32) throws(SSOptions.Exit) {
        guard failure != 0 else { return }
        let text = String(decoding: System.errorText(failure), as: UTF8.self)
        throw .failure(CommandError("ss: cannot write: \(text)", status: 1))
    }

    /// Lists messages as they came, those that are meant.
    private struct MessageDump: Dump {
        typealias Family = SockDiagProtocol
        let base: InetSocketDump
        var messageType: UInt16 { base.messageType }
        var operation: StaticString { base.operation }
        var object: String? { base.object }
        func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
        func decode(_ message: borrowing Message) throws(DecodeError) -> RawMessage? {
            try base.decode(message) == nil ? nil : RawMessage(message)
        }
    }

    /// Which sockets of a file are meant: what a file does not tell is judged as iproute2 does, as none.
    static func judge(_ selection: Selection, _ names: SocketNames) -> (InetSocket) -> Bool {
        let filter = selection.filter
        let states = selection.states
        return { socket in
            states.contains(socket.state)
                && filter?.matches(JudgedSocket(base: socket, chosen: names.chosenPorts)) != false
        }
    }

    /// Gives the sockets of a file, as iproute2 does where `TCPDIAG_FILE` names one.
    static func read(_ file: String, _ body: (InetSocket) -> Void) throws(SSOptions.Exit) {
        guard let bytes = System.readFile(file) else {
            throw .failure(CommandError("fopen($TCPDIAG_FILE): \(Files.whyUnreadable(file))", status: 1))
        }
        do throws(DecodeError) {
            var reader = MessageReader(bytes.rawSpan)
            while let message = try reader.next() {
                if message.header.type == ControlMessageType.done.rawValue { return }
                guard message.header.type >= ControlMessageType.firstProtocolType else { continue }
                body(try InetSocket(decoding: message, .tcp))
            }
        } catch {
            throw .failure(CommandError("Unexpected EOF reading $TCPDIAG_FILE", status: 1))
        }
    }
}
