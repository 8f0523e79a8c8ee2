// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The bytes of a `struct sockaddr` of any family.
struct SocketAddress {
    private(set) var bytes: [UInt8] = []

    /// An internet address, or a Unix name where `port` is nil.
    init?(_ address: String, port: UInt16?) {
        guard let port else {
            put(UInt16(AF_UNIX))
            // `@` stands for the NUL in front of an abstract name.
            let name = address.hasPrefix("@") ? [0] + address.utf8.dropFirst() : Array(address.utf8) + [0]
            bytes += name
            return
        }
        var binary = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, address, &binary) == 1 {
            put(UInt16(AF_INET))
            put(port.bigEndian)
            bytes += binary.prefix(4)
            bytes += [UInt8](repeating: 0, count: 8)
        } else if unsafe inet_pton(AF_INET6, address, &binary) == 1 {
            put(UInt16(AF_INET6))
            put(port.bigEndian)
            put(UInt32(0))
            bytes += binary
            // Link-local addresses are taken on the loopback link.
            put(UInt32(binary[0] == 0xfe && binary[1] & 0xc0 == 0x80 ? 1 : 0))
        } else {
            return nil
        }
    }

    /// A name that the kernel chooses.
    static var autobound: SocketAddress {
        var address = SocketAddress()
        address.put(UInt16(AF_UNIX))
        return address
    }

    /// A link and a type of packets.
    static func packet(type: UInt16, link: UInt32) -> SocketAddress {
        var address = SocketAddress()
        address.put(UInt16(AF_PACKET))
        address.put(type.bigEndian)
        address.put(link)
        address.bytes += [UInt8](repeating: 0, count: 12)
        return address
    }

    /// A port id and groups.
    static func netlink(port: UInt32, groups: UInt32) -> SocketAddress {
        var address = SocketAddress()
        address.put(UInt16(AF_NETLINK))
        address.put(UInt16(0))
        address.put(port)
        address.put(groups)
        return address
    }

    /// A machine and its port.
    static func vsock(context: UInt32, port: UInt32) -> SocketAddress {
        var address = SocketAddress()
        address.put(UInt16(40))
        address.put(UInt16(0))
        address.put(port)
        address.put(context)
        address.put(UInt32(0))
        return address
    }

    private init() {}

    private mutating func put<T: FixedWidthInteger>(_ value: T) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes += $0 }
    }

    /// Binds a socket to it.
    func bind(_ descriptor: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe attach(
                descriptor, buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
    }

    /// Connects a socket to it.
    func connect(_ descriptor: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe reach(
                descriptor, buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
    }
}

// Under these names the methods may be called like the calls they wrap.
private func attach(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ count: socklen_t) -> Int32 {
    unsafe bind(descriptor, address, count)
}
private func reach(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ count: socklen_t) -> Int32 {
    unsafe connect(descriptor, address, count)
}
