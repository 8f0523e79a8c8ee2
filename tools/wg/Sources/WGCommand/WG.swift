// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `wg`: shows and changes WireGuard's devices and makes keys.
public enum WG {
    static let version = "0.1.0"

    /// Runs a command line, of which the first word is what follows the program's name; the status to exit with.
    public static func run(_ arguments: [[UInt8]]) -> Int32 {
        var words = Words(bytes: arguments)
        do throws(CommandError) {
            return try dispatch(&words)
        } catch {
            error.report()
            return error.status
        }
    }

    private static func dispatch(_ words: inout Words) throws(CommandError) -> Int32 {
        guard let command = words.next() else { return try ShowCommand.run(&words) }
        switch command {
        case "show": return try ShowCommand.run(&words)
        case "showconf": return try ShowConfigurationCommand.run(&words)
        case "set": return try SetCommand.run(&words)
        case "setconf": return try ConfigurationCommand.run(&words, .replace)
        case "addconf": return try ConfigurationCommand.run(&words, .add)
        case "syncconf": return try ConfigurationCommand.run(&words, .synchronize)
        case "genkey": return try KeyCommand.generate(&words, "genkey")
        case "genpsk": return try KeyCommand.generate(&words, "genpsk")
        case "pubkey": return try KeyCommand.derive(&words)
        case "help", "-h", "--help": return print(Usage.general)
        case "-v", "--version":
            return print("wg, swift-netlink-\(version) (compatible with wireguard-tools v1.0.20210914)\n")
        default:
            throw CommandError("Invalid subcommand", quoting: command.array).noting(Usage.general.trimmingNewline)
        }
    }

    static func print(_ text: String) -> Int32 { System.write(Array(text.utf8), to: 1) == 0 ? 0 : 1 }

    /// Says something on standard error and goes on.
    static func say(_ text: some TextWritable) {
        var line: [UInt8] = []
        text.write(to: &line)
        line.append(0x0a)
        _ = System.write(line, to: 2)
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
