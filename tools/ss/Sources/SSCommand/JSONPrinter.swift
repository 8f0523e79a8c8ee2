// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// The JSON of sockets: an array of objects, told with the same options as the text; with `-E` an object on each line.
///
/// Every object has `netid`, `state` (in the words of filters), `recv_q`, `send_q`, `local` and `peer`. With `-o` comes
/// `timer`, with `-e` what identifies the socket, with `-m` `memory`, with `-p` `processes`, with `-i` `tcp` or `mptcp`.
struct JSONPrinter: ~Copyable {
    var output: Output
    private let options: SSOptions

    init(_ options: SSOptions, descriptor: Int32? = 1) {
        self.options = options
        output = Output(descriptor: descriptor, format: options.isPretty ? .prettyJSON : .json)
        // Names of sockets and of processes may hold any bytes.
        output.repairsStrings = true
        if !options.follows { output.beginArray() }
    }

    mutating func finish() {
        if !options.follows { output.endArray() }
    }

    mutating func flush() { output.flush() }

    var writeError: Int32 { output.writeError }

    mutating func takeBytes() -> [UInt8] { output.takeBytes() }

    private mutating func begin(_ netid: StaticString, _ state: SocketState, _ receive: UInt32, _ send: UInt32) {
        output.beginObject()
        output.jsonString("netid", netid)
        output.jsonString("state", state.description)
        guard options.hasQueues else { return }
        output.jsonNumber("recv_q", receive)
        output.jsonNumber("send_q", send)
    }

    private mutating func end(_ inode: UInt32, _ holders: [ProcessTable.Holder]) {
        if options.showsProcesses {
            output.beginArray("processes")
            for holder in holders {
                output.beginObject()
                output.jsonString("name", holder.name)
                output.jsonNumber("pid", holder.process)
                if options.showsThreads { output.jsonNumber("tid", holder.thread) }
                output.jsonNumber("fd", holder.descriptor)
                output.endObject()
            }
            output.endArray()
        }
        output.endObject()
    }

    private mutating func put(_ memory: SocketMemory) {
        output.beginObject("memory")
        output.jsonNumber("rmem_alloc", memory.receiveAllocated)
        output.jsonNumber("rcvbuf", memory.receiveBuffer)
        output.jsonNumber("wmem_alloc", memory.sendAllocated)
        output.jsonNumber("sndbuf", memory.sendBuffer)
        output.jsonNumber("fwd_alloc", memory.forwardAllocated)
        output.jsonNumber("wmem_queued", memory.sendQueued)
        output.jsonNumber("optmem", memory.options)
        if let backlog = memory.backlog { output.jsonNumber("backlog", backlog) }
        if let drops = memory.drops { output.jsonNumber("drops", drops) }
        output.endObject()
    }

    /// The older form.
    private mutating func put(_ memory: InetSocketMemory) {
        output.beginObject("memory")
        output.jsonNumber("rmem_alloc", memory.received)
        output.jsonNumber("wmem_alloc", memory.sent)
        output.jsonNumber("fwd_alloc", memory.forward)
        output.jsonNumber("wmem_queued", memory.queued)
        output.endObject()
    }

    private mutating func put(user: UInt32?, inode: UInt32, cookie: UInt64) {
        if let user { output.jsonNumber("uid", user) }
        output.jsonNumber("ino", inode)
        output.jsonNumber("cookie", cookie)
    }

    private mutating func put(_ shutdown: SocketShutdown) {
        output.beginArray("shutdown")
        if shutdown.contains(.receiving) { output.jsonString(nil, "receive") }
        if shutdown.contains(.sending) { output.jsonString(nil, "send") }
        output.endArray()
    }

    // MARK: Internet sockets

    mutating func print(
        _ socket: InetSocket, _ transport: StaticString, _ names: SocketNames, _ holders: [ProcessTable.Holder]
    ) {
        begin(socket.netid, socket.state, socket.receiveQueue, socket.sendQueue)
        put("local", socket.local, socket.interface, transport, names)
        put("peer", socket.remote, nil, transport, names)
        if options.showsTimers, socket.timer != .off {
            output.beginObject("timer")
            output.jsonString("name", Self.name(socket.timer))
            output.jsonNumber("expires_ms", socket.expires)
            output.jsonNumber("retransmits", socket.retransmits)
            output.endObject()
        }
        if options.showsDetails {
            put(user: socket.user, inode: socket.inode, cookie: socket.cookie)
            if let mark = socket.mark { output.jsonNumber("fwmark", mark) }
            if let only = socket.isIPv6Only { output.jsonBool("v6only", only) }
            if let shutdown = socket.shutdown { put(shutdown) }
        }
        if options.showsDetails || options.showsCgroup, let id = socket.cgroupID {
            output.jsonString("cgroup", names.cgroupPath(id))
        }
        if options.showsTOS {
            if let value = socket.typeOfService { output.jsonNumber("tos", value) }
            if let value = socket.trafficClass { output.jsonNumber("tclass", value) }
            if let value = socket.classID { output.jsonNumber("class_id", value) }
        }
        if options.showsInetOptions { put(socket.options ?? []) }
        if options.showsMemory {
            if let memory = socket.socketMemory { put(memory) } else if let memory = socket.memory { put(memory) }
        }
        if options.showsInformation { putInformation(socket) }
        end(socket.inode, holders)
    }

    private mutating func put(
        _ key: StaticString, _ endpoint: SocketEndpoint, _ interface: InterfaceIndex?, _ transport: StaticString,
        _ names: SocketNames
    ) {
        output.beginObject(key)
        output.jsonString("address", endpoint.address.description)
        if let host = names.host(endpoint.address) { output.jsonString("host", host) }
        output.jsonNumber("port", endpoint.port)
        if !names.isNumeric, let service = names.serviceName(endpoint.port, transport) {
            output.jsonString("service", service)
        }
        if let interface { output.jsonString("dev", names.links.name(of: interface)) }
        output.endObject()
    }

    private static func name(_ timer: SocketTimer) -> StaticString {
        switch timer {
        case .retransmission: "on"
        case .keepalive: "keepalive"
        case .timeWait: "timewait"
        case .windowProbe: "persist"
        default: "unknown"
        }
    }

    private mutating func put(_ set: InetSocketOptions) {
        output.beginArray("inet_sockopt")
        for (option, name) in Listing.inetOptionNames where set.contains(option) { output.jsonString(nil, name) }
        output.endArray()
    }

    // MARK: Other families

    mutating func print(_ socket: UnixSocket, _ holders: [ProcessTable.Holder]) {
        let netid: StaticString =
            switch socket.table {
            case .unixDatagram: "u_dgr"
            case .unixSequencedPacket: "u_seq"
            default: "u_str"
            }
        begin(netid, socket.state, socket.queues?.receive ?? 0, socket.queues?.send ?? 0)
        output.beginObject("local")
        if let name = socket.name {
            output.jsonString("name", name.text)
            output.jsonBool("abstract", name.isAbstract)
            if !Self.isExact(name) { output.jsonString("name_hex", Self.digits(name.bytes)) }
        }
        output.jsonNumber("ino", socket.inode)
        output.endObject()
        output.beginObject("peer")
        if let peer = socket.peer { output.jsonNumber("ino", peer) }
        output.endObject()
        if options.showsMemory, let memory = socket.memory { put(memory) }
        if options.showsDetails {
            if let user = socket.user { output.jsonNumber("uid", user) }
            output.jsonNumber("cookie", socket.cookie)
            if let shutdown = socket.shutdown { put(shutdown) }
            if let file = socket.file {
                output.beginObject("file")
                output.jsonNumber("ino", file.inode)
                output.jsonNumber("dev", file.device)
                output.endObject()
            }
            if let pending = socket.pendingConnections {
                output.beginArray("pending")
                for inode in pending { output.jsonNumber(nil, inode) }
                output.endArray()
            }
        }
        end(socket.inode, holders)
    }

    /// Whether the text of a name tells all its bytes.
    private static func isExact(_ name: UnixSocketName) -> Bool {
        let text = name.text
        return String(validating: text, as: UTF8.self) != nil
            && (!name.isAbstract || !name.bytes.dropFirst().contains { $0 == 0 })
    }

    static func digits(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte in [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x57 + $0 } }
    }

    mutating func print(_ socket: NetlinkProtocolSocket, _ holders: [ProcessTable.Holder]) {
        begin("nl", socket.state, socket.memory?.receiveAllocated ?? 0, socket.memory?.sendAllocated ?? 0)
        output.beginObject("local")
        output.jsonString("protocol", NetlinkProtocolNames.name(socket.netlinkProtocol))
        output.jsonNumber("port", socket.port)
        output.endObject()
        output.beginObject("peer")
        output.jsonNumber("port", socket.remotePort)
        output.jsonNumber("group", socket.remoteGroup)
        output.endObject()
        if options.showsMemory, let memory = socket.memory { put(memory) }
        if options.showsDetails {
            put(user: nil, inode: socket.inode, cookie: socket.cookie)
            output.beginArray("groups")
            for word in (socket.groups ?? []).enumerated() {
                for bit in 0..<32 where word.element >> UInt32(bit) & 1 != 0 {
                    output.jsonNumber(nil, word.offset * 32 + bit + 1)
                }
            }
            output.endArray()
        }
        end(socket.inode, holders)
    }

    mutating func print(_ socket: PacketSocket, _ names: SocketNames, _ holders: [ProcessTable.Holder]) {
        begin(
            socket.type == .raw ? "p_raw" : "p_dgr", .closed, socket.memory?.receiveAllocated ?? 0,
            socket.memory?.sendAllocated ?? 0)
        output.beginObject("local")
        output.jsonNumber("ethernet_type", socket.ethernetType)
        if let interface = socket.boundInterface { output.jsonString("dev", names.links.name(of: interface)) }
        output.endObject()
        output.beginObject("peer")
        output.endObject()
        if options.showsDetails {
            put(user: socket.user, inode: socket.inode, cookie: socket.cookie)
            putSetup(socket)
        }
        if options.showsMemory, let memory = socket.memory { put(memory) }
        if options.showsPrograms, let program = socket.program?.instructions {
            output.beginArray("bpf")
            for instruction in program {
                output.beginObject()
                output.jsonNumber("code", instruction.code)
                output.jsonNumber("jt", instruction.jumpTrue)
                output.jsonNumber("jf", instruction.jumpFalse)
                output.jsonNumber("k", instruction.operand)
                output.endObject()
            }
            output.endArray()
        }
        end(socket.inode, holders)
    }

    private mutating func putSetup(_ socket: PacketSocket) {
        guard let information = socket.information else { return }
        output.jsonNumber("version", information.version)
        output.jsonNumber("copy_thresh", information.copyThreshold)
        output.beginArray("flags")
        for (flag, name) in Listing.packetFlagNames where information.flags.contains(flag) {
            output.jsonString(nil, name)
        }
        output.endArray()
        if let ring = socket.receiveRing { put("ring_rx", ring) }
        if let ring = socket.sendRing { put("ring_tx", ring) }
        guard let fanout = socket.fanout else { return }
        output.beginObject("fanout")
        output.jsonNumber("id", fanout & 0xffff)
        output.jsonNumber("type", fanout >> 16)
        output.endObject()
    }

    private mutating func put(_ key: StaticString, _ ring: PacketRing) {
        output.beginObject(key)
        output.jsonNumber("blk_size", ring.blockSize)
        output.jsonNumber("blk_nr", ring.blockCount)
        output.jsonNumber("frm_size", ring.frameSize)
        output.jsonNumber("frm_nr", ring.frameCount)
        output.jsonNumber("tmo", ring.retireTimeout)
        output.jsonNumber("features_mask", ring.features)
        output.endObject()
    }

    mutating func print(_ socket: VSockSocket, _ holders: [ProcessTable.Holder]) {
        begin(socket.type == .datagram ? "v_dgr" : "v_str", socket.state, 0, 0)
        output.beginObject("local")
        output.jsonNumber("cid", socket.localContext)
        output.jsonNumber("port", socket.localPort)
        output.endObject()
        output.beginObject("peer")
        output.jsonNumber("cid", socket.remoteContext)
        output.jsonNumber("port", socket.remotePort)
        output.endObject()
        if options.showsDetails {
            put(user: nil, inode: socket.inode, cookie: socket.cookie)
            put(socket.shutdown)
        }
        end(socket.inode, holders)
    }
}
