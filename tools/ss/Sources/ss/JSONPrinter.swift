// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// The JSON of sockets: an array of objects, told with the same options as the text.
///
/// Every object has `netid`, `state` (in the words of filters), `recv_q`, `send_q`, `local` and `peer`. With `-o` comes
/// `timer`, with `-e` what identifies the socket, with `-m` `memory`, with `-p` `processes`, with `-i` `tcp`.
struct JSONPrinter: ~Copyable {
    private var output: Output
    private let options: SSOptions

    init(_ options: SSOptions) {
        self.options = options
        output = Output(format: options.isPretty ? .prettyJSON : .json)
        output.beginArray()
    }

    mutating func finish() {
        output.endArray()
        _ = output.finish()
    }

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
        output.jsonNumber("backlog", memory.backlog)
        if let drops = memory.drops { output.jsonNumber("drops", drops) }
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
        if options.showsMemory, let memory = socket.socketMemory { put(memory) }
        if options.showsInformation {
            if let name = socket.congestionControl { output.jsonString("congestion", name) }
            if let tcp = socket.tcp { put(tcp) }
        }
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

    private mutating func put(_ tcp: TCPInformation) {
        output.beginObject("tcp")
        for (name, value) in TCPFields.all(of: tcp) { output.jsonNumber(name, value) }
        if let options = tcp.options {
            output.beginArray("options")
            for (option, name) in TCPFields.options where options.contains(option) { output.jsonString(nil, name) }
            output.endArray()
        }
        output.endObject()
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
        if options.showsDetails { put(user: socket.user, inode: socket.inode, cookie: socket.cookie) }
        if options.showsMemory, let memory = socket.memory { put(memory) }
        end(socket.inode, holders)
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
