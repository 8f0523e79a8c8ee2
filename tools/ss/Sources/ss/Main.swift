// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// `ss`: shows sockets.
@main enum SS {
    static let version = "0.1.0"

    static func main() { System.exit(run(Array(CommandLine.arguments.dropFirst()))) }

    static func run(_ arguments: [String]) -> Int32 {
        do throws(SSOptions.Exit) {
            let options = try SSOptions(arguments, program: CommandLine.arguments.first ?? "ss")
            return try show(options)
        } catch {
            switch error {
            case .usage(let status):
                Usage.print(to: status == 0 ? 1 : 2)
                return status
            case .version:
                _ = System.write(
                    Array("ss utility, swift-netlink-\(version) (compatible with iproute2-6.15.0)\n".utf8), to: 1)
                return 0
            case .failure(let error):
                error.report()
                return error.status
            }
        }
    }

    private static func show(_ options: SSOptions) throws(SSOptions.Exit) -> Int32 {
        var selection = try Selection(options)
        if options.showsSummary {
            Summary.print(isJSON: options.isJSON, isPretty: options.isPretty)
            if selection.showsDefault, options.words.isEmpty { return 0 }
        }
        let names = SocketNames(isNumeric: options.isNumeric, resolvesHosts: options.resolvesHosts)
        var words = options.words
        if let file = options.filterFile { words = try FilterWords.read(file) + words }
        var chosen: SocketStates?
        if options.showsListening { chosen = .listeningOrClosed }
        if options.showsBoundInactive { chosen = SocketStates(.boundInactive) }
        if options.showsAll { chosen = .all }
        if let named = try FilterWords.takeStates(&words) { chosen = named }
        selection.complete(chosen)
        selection.take(try FilterWords.parse(words, selection, names))
        if selection.tables.isEmpty { throw nothing("socket tables") }
        if selection.families.isEmpty { throw nothing("families") }
        if selection.states.isEmpty { throw nothing("socket states") }
        let listing = Listing(options, names, selection)
        if options.follows { return try Following(listing).run() }
        try Dumps(listing).run()
        listing.finish()
        return 0
    }

    private static func nothing(_ what: String) -> SSOptions.Exit {
        .failure(CommandError("ss: no \(what) to show with such filter.", status: 0))
    }
}
