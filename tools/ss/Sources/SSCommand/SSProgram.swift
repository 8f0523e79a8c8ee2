// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// `ss`: shows sockets.
public enum SSProgram {
    static let version = "0.1.0"

    /// Runs a command line without the program's name, which errors begin with; the exit status.
    public static func run(_ arguments: [String], program: String) -> Int32 {
        do throws(SSOptions.Exit) {
            let options = try SSOptions(arguments, program: program)
            return try show(options)
        } catch {
            switch error {
            case .usage(let status, let error):
                Usage.print(to: status == 0 ? 1 : 2)
                error?.report()
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
        let names = SocketNames(isNumeric: options.isNumeric, resolvesHosts: options.resolvesHosts)
        var selection = try Selection(options)
        if options.showsSummary {
            Summary.print(isJSON: options.isJSON, isPretty: options.isPretty)
            if selection.showsDefault, options.words.isEmpty { return 0 }
        }
        try selection.complete(options, names)
        if let file = options.dumpFile { return try RawDump(selection, options).write(to: file) }
        let listing = Listing(options, names, selection)
        if options.follows { return try Following(listing).run() }
        let status = try Dumps(listing).run()
        let failure = listing.finish()
        guard failure == 0 else {
            let text = String(decoding: System.errorText(failure), as: UTF8.self)
            throw .failure(CommandError("ss: cannot write: \(text)", status: 1))
        }
        return status
    }
}
