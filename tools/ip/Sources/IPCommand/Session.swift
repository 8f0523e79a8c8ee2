// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What a run of the command carries from one command line to the next: options, output, kernel, names.
struct Session: BatchSession, ~Copyable {
    typealias Family = RouteProtocol

    var options: GlobalOptions
    var output: Output
    var names: Names
    let links: LinkNames
    let kernel: Kernel<RouteProtocol>
    /// The names of addresses, with `-r`.
    let hosts: HostNames?
    /// Namespaces that the requests of a line name by their descriptors.
    var namespaces: [NamespaceHandle] = []

    init(_ options: GlobalOptions, output: consuming Output? = nil, opening source: TransportSource? = nil) {
        self.options = options
        self.output = output ?? options.makeOutput()
        names = Names(isNumeric: options.numeric)
        hosts = options.resolve ? HostNames() : nil
        let kernel = Kernel<RouteProtocol>(opening: source)
        kernel.isEchoing = options.echo
        kernel.receiveBuffer = options.receiveBuffer
        self.kernel = kernel
        // Links are never changed by what waits in a batch, so that it need not be sent first.
        links = LinkNames { (reference: LinkReference) in
            guard let link = try? kernel.idle.query(LinkQuery(reference, detail: .withoutStatistics)) else {
                return nil
            }
            return LinkNames.Entry(link)
        }
    }

    /// The connection; what waits in a batch is sent first.
    var connection: BlockingRouteConnection {
        get throws(CommandError) { try kernel.connection }
    }

    /// Runs one command line and returns its exit status; what went wrong was reported.
    mutating func run(_ words: inout Words) -> Int32 {
        do throws(CommandError) {
            try execute(&words)
            return 0
        } catch {
            error.report()
            return error.status
        }
    }

    mutating func execute(_ words: inout Words) throws(CommandError) {
        namespaces.removeAll()
        try IPObject.run(&words, &self)
    }

    /// Runs what listens: it tells in text, whatever was asked for, as in the reference.
    mutating func listen(_ body: (inout Session) throws(CommandError) -> Void) throws(CommandError) {
        let options = options
        output.flush()
        self.options.json = false
        self.options.pretty = false
        output = self.options.makeOutput()
        defer {
            output.flush()
            self.options = options
            output = options.makeOutput()
        }
        try body(&self)
    }

    /// Writes what is left, and turns a failed write into a failed command.
    mutating func flush(_ status: Int32) -> Int32 {
        let failed = output.finish()
        return status == 0 && failed != 0 ? 1 : status
    }

    /// Runs a command on which nothing else in the line depends: in a batch it may wait and be sent with others.
    mutating func performSoon(_ command: some Command<RouteProtocol>) throws(CommandError) {
        if let answer = try kernel.performSoon(command) { Echo.print(answer, &self) }
    }

    /// Runs a command that the kernel acknowledges.
    mutating func perform(_ command: some Command<RouteProtocol>) throws(CommandError) {
        if let answer = try kernel.perform(command) { Echo.print(answer, &self) }
    }

    /// Runs a query.
    func query<Q: Query<RouteProtocol>>(_ query: Q) throws(CommandError) -> Q.Reply { try kernel.query(query) }

    /// Runs a dump whole.
    func list<D: Dump<RouteProtocol>>(_ dump: D) throws(CommandError) -> [D.Element] { try kernel.list(dump) }

    /// Asks for links; where one has more virtual functions than a message holds, without them.
    func links(_ dump: LinkDump) throws(CommandError) -> [Link] {
        let connection = try kernel.connection
        do throws(NetlinkError) {
            return try connection.links(master: dump.master, kind: dump.kind, detail: dump.detail)
        } catch {
            throw KernelAnswer.refusedDump(error)
        }
    }

    /// Asks about a link; where its virtual functions are too many for one message, without them.
    func link(_ link: LinkReference, _ detail: LinkDetail) throws(CommandError) -> Result<Link, NetlinkError> {
        let connection = try kernel.connection
        do throws(NetlinkError) { return .success(try connection.link(link, detail: detail)) } catch {
            return .failure(error)
        }
    }

    /// An address as it is printed: with `-r` the name of the host, where it has one.
    func host(_ address: IPAddress) -> HostText { HostText(name: hosts?.name(of: address), address: address) }

    /// The number of an interface that a command changes.
    func index(of device: Word) throws(CommandError) -> InterfaceIndex {
        guard let index = try lookUp(device) else { throw .noDevice(device) }
        return index
    }

    /// The number of an interface, or nil when there is none of the name.
    ///
    /// Like iproute2 a name `if7` that no interface has stands for number 7.
    func lookUp(_ device: Word) throws(CommandError) -> InterfaceIndex? {
        _ = try kernel.idle
        return links.index(of: device.string)
    }
}

/// An address, or the name that it has.
struct HostText: TextWritable {
    let name: [UInt8]?
    let address: IPAddress

    func write(to bytes: inout [UInt8]) {
        if let name { name.write(to: &bytes) } else { address.write(to: &bytes) }
    }
}

extension LinkNames.Entry {
    /// What is kept of a link that was read; nil for one without a name.
    init?(_ link: Link) {
        guard let name = link.name else { return nil }
        self.init(
            index: link.index, name: name.bytes, flags: link.flags.rawValue, hardwareType: link.type.rawValue)
    }
}

extension LinkNames {
    /// Keeps what a listing has read anyway.
    func keep(_ link: Link) {
        if let entry = Entry(link) { keep(entry) }
    }

    /// The flags of a link, where it is known.
    func flags(of index: InterfaceIndex) -> LinkFlags? { entry(of: index).map { LinkFlags(rawValue: $0.flags) } }
}
