// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkGeneric
internal import NetlinkWireGuard

/// The kernel's side of a run.
struct Kernel {
    let connection: BlockingWireGuardConnection

    /// Opens a connection; `failing` begins the error line, as that of the command that needs it.
    init(_ failing: String) throws(CommandError) {
        do throws(NetlinkError) { connection = try BlockingWireGuardConnection(observer: Self.observer) } catch {
            throw Self.error(failing, error)
        }
    }

    private static var observer: TraceObserver? {
        environmentVariable("NETLINK_TRACE") == "1" ? TraceObserver() : nil
    }

    /// `FAILING: WORDS`, of the kernel's error number.
    static func error(_ failing: String, _ error: NetlinkError) -> CommandError {
        let number = error.code.errorNumber ?? NetlinkError.Code.inputOutput.rawValue
        // A kernel without the family cannot have such a device either.
        let isMissing = error.operation == "find family" && error.isNotFound
        let code = isMissing ? NetlinkError.Code.protocolNotSupported.rawValue : number
        return CommandError("\(failing): \(String(decoding: System.errorText(code), as: UTF8.self))", status: 1)
    }

    /// A device, which is named as it stands: the kernel itself looks for the name.
    func device(_ name: Word) throws(NetlinkError) -> WireGuardDevice {
        let dump = WireGuardDeviceDump(.name(name.string))
        if let device = try connection.dump(dump).first { return device }
        throw NetlinkError(.noDevice)
    }

    /// The names of all devices, for which WireGuard itself need not be asked.
    static func names() throws(CommandError) -> [InterfaceName] {
        do throws(NetlinkError) {
            let links = try BlockingConnection<WireGuardLinks>(observer: observer)
            return try links.dump(WireGuardInterfaceDump()).map(\.name)
        } catch {
            throw Self.error("Unable to list interfaces", error)
        }
    }

    /// Changes a device, in as many messages as it takes.
    func update(_ name: Word, _ change: WireGuardChange) throws(CommandError) {
        // The kernel refuses such names with another error than the reference, which finds no device of the name.
        let isPossible = (1...InterfaceName.maximumByteCount).contains(name.count)
        do throws(NetlinkError) {
            guard isPossible else { throw NetlinkError(.noDevice) }
            for command in change.commands(for: .name(name.string)) { try connection.perform(command) }
        } catch {
            throw Self.error("Unable to modify interface", error)
        }
    }
}

/// Names of links for the scopes of link-local addresses.
final class ScopeNames {
    private let connection: BlockingWireGuardConnection?
    private lazy var resolver: InterfaceResolver? = connection?.makeResolver()

    init(_ connection: BlockingWireGuardConnection?) { self.connection = connection }

    /// A scope as it stands behind an address: the link's name, else its number.
    func text(_ scope: InterfaceIndex, of address: IPv6Address) -> String {
        // Of other addresses the scope is a number, whatever links there are.
        if address.isLinkLocal, let name = try? resolver?.name(of: scope) { return name.description }
        return "\(UInt32(bitPattern: scope.rawValue))"
    }

    func write(_ endpoint: WireGuardEndpoint, to bytes: inout [UInt8]) {
        switch endpoint.address {
        case .v4(let address): address.write(to: &bytes)
        case .v6(let address):
            bytes.append(UInt8(ascii: "["))
            address.write(to: &bytes)
            if endpoint.scope != .none {
                bytes.append(UInt8(ascii: "%"))
                bytes += text(endpoint.scope, of: address).utf8
            }
            bytes.append(UInt8(ascii: "]"))
        }
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: endpoint.port)
    }
}
