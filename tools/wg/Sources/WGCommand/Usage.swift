// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// What is printed of the grammar.
enum Usage {
    /// The name under which the program was started.
    static var program: String { CommandLine.arguments.first ?? "wg" }

    static var general: String {
        """
        Usage: \(program) [COMMAND] [ARGUMENTS]

        Without COMMAND it is show.
          show       prints interfaces, keys hidden, or a single field of them for scripts
          showconf   prints the configuration of an interface as setconf takes it
          set        changes an interface and its peers by words
          setconf    gives an interface the configuration of a file and no other
          addconf    adds the configuration of a file to an interface's
          syncconf   gives an interface the configuration of a file, with sessions of peers that stay undisturbed
          genkey     prints a new private key
          genpsk     prints a new preshared key
          pubkey     prints the public key that belongs to the private key on standard input
        --help behind a command prints its arguments.

        """
    }

    /// The arguments of a command.
    static func of(_ command: String) -> String {
        let arguments =
            switch command {
            case "show":
                " { INTERFACE | all | interfaces } [ \(ShowField.allCases.map(\.rawValue).joined(separator: " | ")) ]"
            case "showconf": " INTERFACE"
            case "set":
                " INTERFACE [ listen-port PORT ] [ fwmark MARK | off ] [ private-key FILE ]\n"
                    + "    [ peer PUBLIC-KEY [ remove ] [ preshared-key FILE ] [ endpoint HOST:PORT ]\n"
                    + "      [ persistent-keepalive SECONDS | off ] [ allowed-ips [ + | - ] ADDRESS[/LENGTH][,...] ] ]..."
            case "setconf", "addconf", "syncconf": " INTERFACE FILE"
            default: ""
            }
        return "Usage: \(program) \(command)\(arguments)"
    }

    static func error(_ command: String) -> CommandError { CommandError(of(command), status: 1) }
}
