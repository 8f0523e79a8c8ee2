// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// What the printers of all families share: options, names, processes, and the table they write to.
final class Listing {
    let options: SSOptions
    let names: SocketNames
    let selection: Selection
    var table: ColumnTable
    private var processes: ProcessTable?
    private var json: JSONPrinter?

    /// A listing to a descriptor, or one that keeps all for ``takeBytes()`` where that is nil.
    init(
        _ options: SSOptions, _ names: SocketNames, _ selection: Selection, screenWidth: Int? = Terminal.width,
        descriptor: Int32? = 1
    ) {
        self.options = options
        self.names = names
        self.selection = selection
        var hidden: Set<Column> = []
        if selection.tables.count == 1 { hidden.insert(.netid) }
        if selection.states.rawValue.nonzeroBitCount == 1 { hidden.insert(.state) }
        if !options.showsProcesses { hidden.insert(.process) }
        if !options.hasQueues { hidden.formUnion([.receiveQueue, .sendQueue]) }
        table = ColumnTable(without: hidden, screenWidth: screenWidth, descriptor: descriptor)
        if options.isJSON {
            json = JSONPrinter(options, descriptor: descriptor)
        } else if options.hasHeader {
            table.header()
        }
    }

    /// Prints what is not printed yet; the number of the first error in writing, or 0.
    func flush() -> Int32 {
        json?.flush()
        table.finish()
        return table.writeError != 0 ? table.writeError : json?.writeError ?? 0
    }

    /// Ends the listing; the number of the first error in writing, or 0.
    func finish() -> Int32 {
        json?.finish()
        return flush()
    }

    /// What was printed without a descriptor.
    func takeBytes() -> [UInt8] { options.isJSON ? json?.takeBytes() ?? [] : table.takeBytes() }

    // MARK: Text or JSON

    func show(_ socket: InetSocket, _ transport: StaticString) {
        guard options.isJSON else { return print(socket, transport) }
        json?.print(socket, transport, names, shownHolders(of: socket.inode))
    }

    func show(_ socket: UnixSocket) {
        guard options.isJSON else { return print(socket) }
        json?.print(socket, shownHolders(of: socket.inode))
    }

    func show(_ socket: NetlinkProtocolSocket) {
        guard options.isJSON else { return print(socket) }
        json?.print(socket, shownHolders(of: socket.inode))
    }

    func show(_ socket: PacketSocket) {
        guard options.isJSON else { return print(socket) }
        json?.print(socket, names, shownHolders(of: socket.inode))
    }

    func show(_ socket: VSockSocket) {
        guard options.isJSON else { return print(socket) }
        json?.print(socket, shownHolders(of: socket.inode))
    }

    private func shownHolders(of inode: UInt32) -> [ProcessTable.Holder] {
        options.showsProcesses ? holders(of: inode) : []
    }

    /// Who holds a socket.
    func holders(of inode: UInt32) -> [ProcessTable.Holder] {
        if processes == nil { processes = ProcessTable(threads: options.showsThreads) }
        return processes?.holders(of: inode) ?? []
    }

    // MARK: Fields

    /// The columns in front of the addresses.
    func begin(_ netid: StaticString, _ state: SocketState, receive: UInt32, send: UInt32) {
        table.begin(netid, state, receive: receive, send: send)
    }

    /// The column of processes.
    func endProcesses(_ inode: UInt32) {
        guard options.showsProcesses else { return }
        let holders = holders(of: inode)
        if !holders.isEmpty {
            table.bytes.append(" users:(")
            for (index, holder) in holders.enumerated() {
                table.bytes.append(index == 0 ? "(\"" : ",(\"")
                table.bytes += holder.name
                table.bytes.append("\",pid=")
                table.bytes.append(decimal: UInt32(bitPattern: holder.process))
                if options.showsThreads {
                    table.bytes.append(",tid=")
                    table.bytes.append(decimal: UInt32(bitPattern: holder.thread))
                }
                table.bytes.append(",fd=")
                table.bytes.append(decimal: UInt32(bitPattern: holder.descriptor))
                table.bytes.append(")")
            }
            table.bytes.append(")")
        }
        table.end()
    }

    // MARK: Details that several families have

    /// The user, the file number and the cookie.
    func appendIdentity(user: UInt32, inode: UInt32, cookie: UInt64) {
        if user != 0 { append(" uid:", user) }
        append(" ino:", inode)
        table.bytes.append(" sk:")
        table.bytes.append(hexadecimal: cookie)
    }

    func append(_ label: StaticString, _ value: some FixedWidthInteger & UnsignedInteger) {
        table.bytes.append(label)
        table.bytes.append(decimal: value)
    }

    /// Which directions are open: `<->`.
    func append(_ shutdown: SocketShutdown) {
        table.bytes.append(" ")
        table.bytes.append(shutdown.contains(.receiving) ? "-" : "<")
        table.bytes.append("-")
        table.bytes.append(shutdown.contains(.sending) ? "-" : ">")
    }

    func append(_ memory: SocketMemory) {
        append(" skmem:(r", memory.receiveAllocated)
        append(",rb", memory.receiveBuffer)
        append(",t", memory.sendAllocated)
        append(",tb", memory.sendBuffer)
        append(",f", memory.forwardAllocated)
        append(",w", memory.sendQueued)
        append(",o", memory.options)
        if let backlog = memory.backlog { append(",bl", backlog) }
        if let drops = memory.drops { append(",d", drops) }
        table.bytes.append(")")
    }
}
