// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

extension NetlinkSocket {
    /// Opens a socket of a protocol in a network namespace.
    public static func open(protocol number: Int32, in namespace: Namespace) throws(NetlinkError) -> NetlinkSocket {
        let handle = namespace == .current ? nil : try NamespaceHandle(namespace)
        do throws(SystemError) {
            if let handle { return try handle.openSocket(protocol: number) }
            return try NetlinkSocket(protocol: number)
        } catch {
            throw NetlinkError(error, operation: "open netlink socket", object: namespace.description)
        }
    }

    /// Receives one datagram of notifications, as ``receive(into:)`` does, and says where it comes from.
    ///
    /// `namespaceID` becomes the id of the namespace in which the change happened, nil where it is the socket's own; only
    /// after ``listenToAllNamespaces()`` are there others.
    public func receive(
        into buffer: inout ReceiveBuffer, namespaceID: inout NamespaceID?
    ) throws(SystemError) -> Int? {
        var sender = cnetlink_address()
        // Who waits looks at the clock between so many of others' at the latest.
        var foreignLeft = 64
        while foreignLeft > 0 {
            var origin: Int32?
            let count = unsafe EventCalls.receive(descriptor, buffer.bytes, &sender, &origin)
            if count >= 0 {
                guard sender.port == 0, sender.family == UInt16(AF_NETLINK) else {
                    countForeignDatagram()
                    foreignLeft -= 1
                    continue
                }
                namespaceID = origin.map { NamespaceID(rawValue: $0) }
                return count
            }
            if errno == EAGAIN { return nil }
            if errno != EINTR { throw .last("recvmsg") }
        }
        return nil
    }

    /// Suspends until a datagram is there; false when the deadline passes or the task is cancelled.
    @_spi(System) public func waitReadable(until deadline: Instant?) async throws(SystemError) -> Bool {
        try await Poller.shared.wait(descriptor, until: deadline) == .ready
    }
}

private enum EventCalls {
    // The kernel's own layout on 64-bit systems, whatever the C library calls the fields.
    private static let headerByteCount = 16

    static func receive(
        _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ sender: inout cnetlink_address,
        _ namespaceID: inout Int32?
    ) -> Int {
        var control = [8 of UInt64](repeating: 0)
        return unsafe withUnsafeMutablePointer(to: &sender) { sender in
            unsafe withUnsafeMutableBytes(of: &control) { control in
                var vector = unsafe iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                    var header = unsafe msghdr()
                    unsafe header.msg_name = UnsafeMutableRawPointer(sender)
                    unsafe header.msg_namelen = socklen_t(MemoryLayout<cnetlink_address>.size)
                    unsafe header.msg_iov = vector
                    unsafe header.msg_iovlen = 1
                    unsafe header.msg_control = control.baseAddress
                    unsafe header.msg_controllen = 64
                    // With MSG_TRUNC the true length comes back, so that a cut datagram is noticed.
                    let count = unsafe recvmsg(descriptor, &header, Int32(truncatingIfNeeded: MSG_TRUNC))
                    if count >= 0 {
                        let filled = unsafe Swift.min(Int(header.msg_controllen), control.count)
                        unsafe namespaceID = origin(RawSpan(_unsafeBytes: control).bytes(from: 0, count: filled))
                    }
                    return count
                }
            }
        }
    }

    private static func origin(_ control: RawSpan) -> Int32? {
        var offset = 0
        while offset + headerByteCount + 4 <= control.byteCount {
            let size = control.loadChecked(offset + 0, as: UInt64.self)  // struct cmsghdr.cmsg_len
            let length = Int(clamping: size)
            let level = control.loadChecked(offset + 8, as: Int32.self)  // struct cmsghdr.cmsg_level
            let type = control.loadChecked(offset + 12, as: Int32.self)  // struct cmsghdr.cmsg_type
            guard length >= headerByteCount, length <= control.byteCount - offset else { return nil }
            let wanted: Int32 = 8  // NETLINK_LISTEN_ALL_NSID
            if level == NetlinkSocket.netlinkLevel, type == wanted, length >= headerByteCount + 4 {
                return control.loadChecked(offset + headerByteCount, as: Int32.self)
            }
            offset += (length + 7) & ~7
        }
        return nil
    }
}
