// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore

/// `ip`: shows and changes links, addresses, routes, neighbours, rules and namespaces.
public enum IPProgram {
    static let version = "0.1.0"

    /// Runs a command line, without the program's name; the exit status.
    public static func run(_ arguments: [[UInt8]]) -> Int32 {
        var words = Words(bytes: arguments)
        do throws(CommandError) {
            try NamespaceEntry.dropCapabilities()
            let options = try GlobalOptions.parse(&words) { (name: Word) throws(CommandError) in
                try NamespaceEntry.enter(name)
            }
            switch options.request {
            case .version:
                var output = options.makeOutput()
                output.text("ip utility, swift-netlink-\(version) (compatible with iproute2-6.15.0)\n")
                return output.finish() == 0 ? 0 : 1
            case .usage: throw Usage.error(.general, status: 255)
            case .run: break
            }
            var session = Session(options)
            if let file = options.batch { return try Batching.run(file, isForced: options.force, &session) }
            return session.flush(session.run(&words))
        } catch {
            error.report()
            return error.status
        }
    }
}
