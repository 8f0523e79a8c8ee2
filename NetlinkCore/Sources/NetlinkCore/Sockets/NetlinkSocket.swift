// SPDX-License-Identifier: Apache-2.0

internal import CNetlink
internal import Synchronization

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A netlink socket of the kernel: non-blocking, close-on-exec, with a port id that the kernel chose.
///
/// Only datagrams from the kernel are received; what other processes send is dropped, and counted.
public final class NetlinkSocket: Transport {
    /// The socket's descriptor, for as long as the socket lives.
    public let descriptor: Int32
    /// The port id that the kernel chose.
    public let port: UInt32
    /// Whether the kernel checks requests strictly and so honours filters in dumps.
    public let isStrict: Bool
    private let foreign = Atomic<Int>(0)

    /// How many datagrams of other processes were dropped.
    public var foreignDatagramCount: Int { foreign.load(ordering: .relaxed) }

    func countForeignDatagram() { foreign.wrappingAdd(1, ordering: .relaxed) }

    /// Opens a socket of a protocol in this thread's network namespace.
    public init(protocol number: Int32) throws(SystemError) {
        let opened = socket(AF_NETLINK, cnetlink_raw_socket, number)
        guard opened >= 0 else { throw .last("socket") }
        descriptor = opened
        do throws(SystemError) {
            port = try Self.bindToFreePort(opened)
            Self.enable(opened, 11)  // NETLINK_EXT_ACK
            Self.enable(opened, 10)  // NETLINK_CAP_ACK
            isStrict = Self.enable(opened, 12)  // NETLINK_GET_STRICT_CHK
        } catch {
            closeDescriptor(opened)
            throw error
        }
    }

    deinit { closeDescriptor(descriptor) }

    private static func bindToFreePort(_ descriptor: Int32) throws(SystemError) -> UInt32 {
        var address = cnetlink_address(family: UInt16(AF_NETLINK), padding: 0, port: 0, groups: 0)
        var length = socklen_t(MemoryLayout<cnetlink_address>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw .last("bind") }
        return address.port
    }

    static let netlinkLevel: Int32 = 270  // SOL_NETLINK

    // Old kernels lack options; each is an improvement that requests do without.
    @discardableResult
    static func enable(_ descriptor: Int32, _ option: Int32) -> Bool {
        (try? setOption(descriptor, level: netlinkLevel, option: option, 1)) != nil
    }

    static func setOption(_ descriptor: Int32, level: Int32, option: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, level, option, &value, size) == 0 else { throw .last("setsockopt") }
    }

    /// Joins a multicast group.
    public func join(group: UInt32) throws(SystemError) {
        let option: Int32 = 1  // NETLINK_ADD_MEMBERSHIP
        try Self.setOption(descriptor, level: Self.netlinkLevel, option: option, Int32(bitPattern: group))
    }

    /// Leaves a multicast group.
    public func leave(group: UInt32) throws(SystemError) {
        let option: Int32 = 2  // NETLINK_DROP_MEMBERSHIP
        try Self.setOption(descriptor, level: Self.netlinkLevel, option: option, Int32(bitPattern: group))
    }

    /// Asks for notifications of all namespaces that have an id in this one.
    public func listenToAllNamespaces() throws(SystemError) {
        let option: Int32 = 8  // NETLINK_LISTEN_ALL_NSID
        try Self.setOption(descriptor, level: Self.netlinkLevel, option: option, 1)
    }

    /// Asks for a receive buffer of at least this many bytes; without the capability, of at most what the system allows.
    public func setReceiveBuffer(_ byteCount: Int) throws(SystemError) {
        let size = Int32(clamping: byteCount)
        do throws(SystemError) {
            try Self.setOption(descriptor, level: SOL_SOCKET, option: SO_RCVBUFFORCE, size)
        } catch {
            try Self.setOption(descriptor, level: SOL_SOCKET, option: SO_RCVBUF, size)
        }
    }

    /// Whether the process has no capability in the user namespace that owns the socket's network namespace; of other
    /// capabilities than that to administer networks, in its own.
    public func lacks(_ capability: Capability) -> Bool {
        guard capability == .networkAdministration else { return !Capabilities.isEffective(capability) }
        // Opens the socket's namespace, for which the kernel asks for just this capability.
        let openNamespace: UInt = 0x894c  // SIOCGSKNS
        let opened = ioctl(descriptor, openNamespace)
        if opened >= 0 {
            closeDescriptor(opened)
            return false
        }
        return errno == EPERM || !Capabilities.isEffective(capability)
    }

    /// Sends one datagram.
    public func send(_ bytes: RawSpan) throws(SystemError) {
        while true {
            let sent = unsafe bytes.withUnsafeBytes { unsafe CNetlinkCalls.transmit(descriptor, $0) }
            if sent >= 0 { return }
            if errno != EINTR { throw .last("sendmsg") }
        }
    }

    /// Receives one datagram; 0 for one that did not come from the kernel, nil when none is there.
    public func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int? {
        while true {
            var sender = cnetlink_address()
            let count = unsafe CNetlinkCalls.receive(descriptor, buffer.bytes, &sender)
            if count >= 0 {
                if sender.port == 0, sender.family == UInt16(AF_NETLINK) { return count }
                countForeignDatagram()
                return 0
            }
            if errno == EAGAIN { return nil }
            if errno != EINTR { throw .last("recvmsg") }
        }
    }
}

// Named apart from the C functions they call, which need no module name then under either C library.
private enum CNetlinkCalls {
    static func transmit(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        unsafe send(descriptor, bytes.baseAddress, bytes.count, 0)
    }

    static func receive(
        _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ sender: inout cnetlink_address
    ) -> Int {
        var length = socklen_t(MemoryLayout<cnetlink_address>.size)
        return unsafe withUnsafeMutablePointer(to: &sender) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // With MSG_TRUNC the true length comes back, so that a cut datagram is noticed.
                unsafe recvfrom(
                    descriptor, buffer.baseAddress, buffer.count, Int32(truncatingIfNeeded: MSG_TRUNC), $0, &length)
            }
        }
    }
}
