// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What a run of the command carries from one command line to the next: options, output, kernel, names.
struct Session: BatchSession, ~Copyable {
    typealias Family = RouteProtocol

    var options: TCOptions
    var output: Output
    var names: Names
    /// The names of classes, for `-nm`.
    var classNames: ClassNames
    let links: LinkNames
    let kernel: Kernel<RouteProtocol>

    init(_ options: TCOptions, output: consuming Output? = nil, opening source: TransportSource? = nil) {
        self.options = options
        self.output = output ?? options.makeOutput()
        names = Names(isNumeric: options.numeric)
        classNames = ClassNames(isUsed: options.usesNames, file: options.namesFile)
        let kernel = Kernel<RouteProtocol>(opening: source)
        kernel.isEchoing = options.echo
        self.kernel = kernel
        links = LinkNames { (reference: LinkReference) in
            guard let link = try? kernel.idle.query(LinkQuery(reference, detail: .withoutStatistics)),
                let name = link.name
            else { return nil }
            return LinkNames.Entry(index: link.index, name: name.bytes)
        }
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

    /// What must be right before the first command line.
    mutating func prepare() throws(CommandError) {
        guard let path = classNames.unreadable() else { return }
        throw CommandError("Can't open class names file: \(path)", status: 255)
    }

    mutating func execute(_ words: inout Words) throws(CommandError) { try TCObject.run(&words, &self) }

    /// Writes what is left, and turns a failed write into a failed command.
    mutating func flush(_ status: Int32) -> Int32 {
        let failed = output.finish()
        return status == 0 && failed != 0 ? 1 : status
    }

    /// Runs a command on which nothing else in the line depends: in a batch it may wait and be sent with others.
    ///
    /// Where it is refused, `note` is a further line of the error.
    mutating func performSoon(
        _ command: some Command<RouteProtocol>, note: StaticString = ""
    ) throws(CommandError) {
        if let answer = try kernel.performSoon(command, note: note) { Echo.print(answer, &self) }
    }

    /// Runs a command that the kernel acknowledges.
    mutating func perform(_ command: some Command<RouteProtocol>) throws(CommandError) {
        if let answer = try kernel.perform(command) { Echo.print(answer, &self) }
    }

    /// Runs a query.
    func query<Q: Query<RouteProtocol>>(_ query: Q) throws(CommandError) -> Q.Reply { try kernel.query(query) }

    /// Runs a dump whole.
    func list<D: Dump<RouteProtocol>>(_ dump: D) throws(CommandError) -> [D.Element] { try kernel.list(dump) }

    /// The number of an interface: `Cannot find device` where there is none.
    func index(of device: Word) throws(CommandError) -> InterfaceIndex {
        _ = try kernel.idle
        guard let index = links.index(of: device.string) else { throw .noDevice(device) }
        return index
    }
}
