// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `tc`: shows and changes queueing disciplines, classes, filters, chains and actions.
public enum TCProgram {
    static let version = "0.1.0"

    /// Runs a command line, without the program's name; the exit status.
    public static func run(_ arguments: [[UInt8]]) -> Int32 {
        var words = Words(bytes: arguments)
        do throws(CommandError) {
            let options = try TCOptions.parse(&words)
            switch options.request {
            case .version:
                var output = options.makeOutput()
                output.text("tc utility, swift-netlink-\(version) (compatible with iproute2-6.15.0)\n")
                return output.finish() == 0 ? 0 : 1
            case .usage:
                Usage.print(.general)
                return 0
            case .run: break
            }
            var session = Session(options)
            try session.prepare()
            if let file = options.batch { return try Batching.run(file, isForced: options.force, &session) }
            return session.flush(session.run(&words))
        } catch {
            error.report()
            return error.status
        }
    }
}
