// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore

/// `ip`: shows and changes links, addresses, routes, neighbours, rules and namespaces.
@main enum IP {
    static let version = "0.1.0"

    static func main() {
        System.exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    static func run(_ arguments: [String]) -> Int32 {
        var words = Words(arguments)
        do throws(CommandError) {
            let options = try GlobalOptions.parse(&words) { (name: Word) throws(CommandError) in try enter(name) }
            switch options.request {
            case .version:
                var output = options.makeOutput()
                output.text("ip utility, swift-netlink-\(version) (compatible with iproute2-6.15.0)\n")
                return output.finish() == 0 ? 0 : 1
            case .usage: throw Usage.error(.general, status: 255)
            case .run: break
            }
            var session = try Session(options)
            if let file = options.batch { return try Batching.run(file, &session) }
            return session.finish(session.run(&words))
        } catch {
            error.report()
            return error.status
        }
    }

    private static func report(_ failure: NamespaceMountFailure) {
        CommandError("Bind \(failure) failed", status: 0).report()
    }

    /// Moves the whole command, which has no other thread yet, into the namespace of `-n`.
    private static func enter(_ name: Word) throws(CommandError) {
        do throws(NetlinkError) {
            let handle = try NamespaceHandle(name.string.utf8.contains(0x2f) ? .path(name.string) : .name(name.string))
            do throws(SystemError) {
                for failure in try enterForExec(handle, name: name.string) { report(failure) }
            } catch {
                throw NetlinkError(error)
            }
        } catch {
            throw CommandError(
                "Cannot open network namespace \"\(name.string)\": \(error.code)", status: 255, endsBatch: true)
        }
    }
}
