// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// An open tun or tap device, or one of its queues; it closes itself.
///
/// ```swift
/// let device = try TunTapDevice(TunTapConfiguration(.tun, name: "vpn%d"))
/// print(device.name)
/// ```
///
/// A device that is not persistent is gone with the last of its descriptors. What is seen of it over rtnetlink, its state,
/// addresses and routes, is NetlinkRoute's: `links(kind: "tun")` lists devices with their `TunLink`.
///
/// One thread or task may read while another writes. Several may read too: each packet goes to one of them.
///
/// Kernel: a descriptor of `/dev/net/tun`.
public struct TunTapDevice: ~Copyable, Sendable {
    let file: OwnedDescriptor
    /// How it was opened.
    public let configuration: TunTapConfiguration
    /// The name that it had when it was opened; ``status()`` tells the present one.
    public let name: InterfaceName
    /// Where it was opened; a device may be moved away.
    let namespace: Namespace

    /// The descriptor, for `poll` and the like; it stays the device's.
    public var descriptor: Int32 { file.number }

    /// Opens a device, making it where there is none of the name.
    ///
    /// In another namespace than the thread's it is opened by a thread made for that.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` without the capability `CAP_NET_ADMIN` where the
    ///   device is not this user's, with `busy` when somebody has it open or it exists and was to be made, with
    ///   `invalidArgument` when its queues were opened otherwise, with `notFound` where the kernel has no tun devices.
    public init(
        _ configuration: TunTapConfiguration = TunTapConfiguration(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try configuration.validate()
        let result: Result<Opened, SystemError>
        if case .current = namespace {
            result = Opened.open(configuration)
        } else {
            result = try NamespaceHandle(namespace).run { () throws(SystemError) in try Opened(configuration) }
        }
        do throws(SystemError) {
            self.init(try result.get(), configuration, namespace)
        } catch {
            throw Self.refusal(error, configuration)
        }
    }

    /// Opens a device from a task; see ``init(_:in:)``.
    ///
    /// No thread of the task pool waits.
    public static func open(
        _ configuration: TunTapConfiguration = TunTapConfiguration(), in namespace: Namespace = .current
    ) async throws(NetlinkError) -> TunTapDevice {
        if case .current = namespace { return try TunTapDevice(configuration) }
        try configuration.validate()
        let handle = try NamespaceHandle(namespace)
        let result = try await handle.run { () throws(SystemError) in try Opened(configuration) }
        do throws(SystemError) {
            return TunTapDevice(try result.get(), configuration, namespace)
        } catch {
            throw refusal(error, configuration)
        }
    }

    private init(_ opened: Opened, _ configuration: TunTapConfiguration, _ namespace: Namespace) {
        file = opened.file
        name = opened.name
        self.configuration = configuration
        self.namespace = namespace
    }

    /// Opens another queue of the device, wherever the device is now.
    ///
    /// The kernel spreads the flows of packets over the queues.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument` where the device has only one.
    public func openQueue() throws(NetlinkError) -> TunTapDevice {
        guard configuration.isMultiQueue else {
            throw NetlinkError(
                .invalidArgument, operation: "open queue", object: name.description,
                explanation: "the device was not opened for several")
        }
        var same = configuration
        same.name = try status().name
        same.index = nil
        same.isExclusive = false
        same.beginsWithoutCarrier = false
        same.isPersistent = nil
        same.owner = nil
        same.group = nil
        guard let place = try? deviceNamespace() else { return try TunTapDevice(same, in: namespace) }
        return try TunTapDevice(same, in: .descriptor(place.descriptor))
    }

    /// The network namespace in which the device is now.
    ///
    /// Kernel: `TUNGETDEVNETNS`, since Linux 5.5; it takes the capability `CAP_NET_ADMIN` there.
    public func deviceNamespace() throws(NetlinkError) -> NamespaceHandle {
        let open = try perform { (descriptor: Int32) throws(SystemError) in
            OwnedDescriptor(owning: try TunTapCalls.namespace(of: descriptor).release())
        }
        return try NamespaceHandle(.descriptor(open.number))
    }

    /// Closes the device, as going out of scope does.
    public consuming func close() {}

    /// Runs a call on the descriptor, and names the device in its error.
    func perform<T>(_ body: (Int32) throws(SystemError) -> T) throws(NetlinkError) -> T {
        do throws(SystemError) { return try body(file.number) } catch { throw failure(error, "change device") }
    }

    /// The error of a call on this device.
    func failure(_ error: SystemError, _ operation: String) -> NetlinkError {
        if error.number == TunTapCalls.deviceGone {
            return NetlinkError(
                .noDevice, operation: operation, object: name.description, explanation: "the device is gone")
        }
        return NetlinkError(error, operation: operation, object: name.description)
    }

    private static func refusal(_ error: SystemError, _ configuration: TunTapConfiguration) -> NetlinkError {
        let code = NetlinkError.Code(rawValue: error.number)
        let explanation: String
        switch code {
        case .notPermitted: explanation = "it takes CAP_NET_ADMIN, or a device that is this user's"
        case .busy where configuration.isExclusive: explanation = "there is one of this name"
        case .busy: explanation = "it is open and has only one queue, or it belongs to another driver"
        case .invalidArgument: explanation = "there is one of another kind, or with another number of queues"
        default: return NetlinkError(error, operation: "open device", object: configuration.name?.description)
        }
        return NetlinkError(
            code, operation: "open device", object: configuration.name?.description, explanation: explanation)
    }
}

/// A descriptor with its device attached, on its way from the thread that opened it.
private struct Opened: Sendable {
    let file: OwnedDescriptor
    let name: InterfaceName

    static func open(_ configuration: TunTapConfiguration) -> Result<Opened, SystemError> {
        do throws(SystemError) { return .success(try Opened(configuration)) } catch { return .failure(error) }
    }

    init(_ configuration: TunTapConfiguration) throws(SystemError) {
        file = OwnedDescriptor(owning: try TunTapCalls.open().release())
        let number = file.number
        if let index = configuration.index { try TunTapCalls.setIndex(number, index.rawValue) }
        name = try TunTapCalls.attach(
            number, name: configuration.name, flags: UInt16(truncatingIfNeeded: configuration.flags.rawValue))
        if configuration.hasOffloadHeader {
            try TunTapCalls.setHeaderByteCount(number, configuration.offloadHeaderByteCount)
            try TunTapCalls.setOffloads(number, configuration.offloads.rawValue)
        }
        if let owner = configuration.owner { try TunTapCalls.setOwner(number, owner) }
        if let group = configuration.group { try TunTapCalls.setGroup(number, group) }
        if let isPersistent = configuration.isPersistent { try TunTapCalls.setPersistent(number, isPersistent) }
    }
}
