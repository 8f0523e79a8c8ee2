// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkWireGuard

/// A field that `show` prints for scripts.
enum ShowField: String, CaseIterable {
    case publicKey = "public-key"
    case privateKey = "private-key"
    case listenPort = "listen-port"
    case mark = "fwmark"
    case peers
    case presharedKeys = "preshared-keys"
    case endpoints
    case allowedAddresses = "allowed-ips"
    case latestHandshakes = "latest-handshakes"
    case transfer
    case keepalive = "persistent-keepalive"
    case dump
}

/// `wg show`.
enum ShowCommand {
    static func run(_ words: inout Words) throws(CommandError) -> Int32 {
        let first = words.next()
        let second = words.next()
        if second == nil, let first, first == "help" || first == "--help" || first == "-h" {
            WG.say(Usage.of("show"))
            return 0
        }
        guard words.isEmpty else { throw Usage.error("show") }
        guard let first else { return try all(nil) }
        switch first {
        case "interfaces":
            guard second == nil else { throw Usage.error("show") }
            return try interfaces()
        case "all": return try all(second)
        default: return try single(first, second)
        }
    }

    private static func interfaces() throws(CommandError) -> Int32 {
        let names = try Kernel.names()
        return names.isEmpty ? 0 : WG.print(names.map(\.description).joined(separator: " ") + "\n")
    }

    private static func single(_ name: Word, _ parameter: Word?) throws(CommandError) -> Int32 {
        let kernel = try Kernel("Unable to access interface")
        let device: WireGuardDevice
        do throws(NetlinkError) { device = try kernel.device(name) } catch {
            throw Kernel.error("Unable to access interface", error)
        }
        var text = DeviceText(kernel.connection)
        if let parameter {
            text.write(try field(parameter), of: device, withName: false)
        } else {
            text.writePretty(device)
        }
        return text.finish()
    }

    private static func all(_ parameter: Word?) throws(CommandError) -> Int32 {
        let names = try Kernel.names()
        guard !names.isEmpty else { return 0 }
        let kernel = try Kernel("Unable to list interfaces")
        var text = DeviceText(kernel.connection)
        // The first device that can be read makes it a success.
        var status: Int32 = 1
        for (index, name) in names.enumerated() {
            do throws(NetlinkError) {
                let device = try kernel.device(Word(name.description))
                if let parameter {
                    text.write(try fieldOrFail(parameter), of: device, withName: true)
                } else {
                    text.writePretty(device)
                    if index + 1 < names.count { text.endSection() }
                }
                status = 0
            } catch {
                if error.operation == fieldFailure, let parameter { _ = try field(parameter) }
                Kernel.error("Unable to access interface \(name)", error).report()
            }
        }
        let finished = text.finish()
        return finished == 0 ? status : finished
    }

    private static let fieldFailure = "field"

    private static func fieldOrFail(_ parameter: Word) throws(NetlinkError) -> ShowField {
        guard let field = ShowField(rawValue: parameter.string) else {
            throw NetlinkError(.invalidArgument, operation: fieldFailure)
        }
        return field
    }

    private static func field(_ parameter: Word) throws(CommandError) -> ShowField {
        if let field = ShowField(rawValue: parameter.string) { return field }
        throw CommandError("Invalid parameter", quoting: parameter.array).noting(Usage.of("show"))
    }
}

/// `wg showconf`.
enum ShowConfigurationCommand {
    static func run(_ words: inout Words) throws(CommandError) -> Int32 {
        guard let name = words.next(), words.isEmpty else { throw Usage.error("showconf") }
        let kernel = try Kernel("Unable to access interface")
        let device: WireGuardDevice
        do throws(NetlinkError) { device = try kernel.device(name) } catch {
            throw Kernel.error("Unable to access interface", error)
        }
        var text = DeviceText(kernel.connection)
        text.writeConfiguration(device)
        return text.finish()
    }
}
