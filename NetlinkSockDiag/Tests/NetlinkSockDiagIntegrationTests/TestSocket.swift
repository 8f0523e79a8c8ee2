// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkSockDiag
import NetlinkTestSupport

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A socket of a test's own, made in the namespace of its fixture.
final class TestSocket: Sendable {
    struct Failure: Error { var call: String, number: Int32 }

    enum Kind: Int32 {
        case stream = 1
        case datagram = 2
        case raw = 3
    }

    let descriptor: Int32
    private let fixture: NamespaceFixture

    init(_ fixture: NamespaceFixture, _ family: Int32, _ kind: Kind, _ ipProtocol: Int32 = 0) throws {
        self.fixture = fixture
        descriptor = try fixture.handle.run { () throws(SystemError) in
            let number = socket(family, kind.rawValue, ipProtocol)
            guard number >= 0 else { throw SystemError(errno, call: "socket") }
            return number
        }.get()
    }

    private init(_ fixture: NamespaceFixture, descriptor: Int32) {
        self.fixture = fixture
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    static func tcp(_ fixture: NamespaceFixture) throws -> TestSocket { try TestSocket(fixture, AF_INET, .stream) }
    static func tcp6(_ fixture: NamespaceFixture) throws -> TestSocket { try TestSocket(fixture, AF_INET6, .stream) }

    /// The bytes of a `struct sockaddr`.
    private static func bytes(_ endpoint: SocketEndpoint) -> [UInt8] {
        func word<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            unsafe withUnsafeBytes(of: value) { unsafe [UInt8]($0) }
        }
        switch endpoint.address {
        case .v4(let address):
            return word(UInt16(AF_INET)) + word(endpoint.port.bigEndian) + word(address.networkOrder) + word(UInt64(0))
        case .v6(let address):
            let (high, low) = address.networkOrder
            return word(UInt16(AF_INET6)) + word(endpoint.port.bigEndian) + word(UInt32(0)) + word(high) + word(low)
                + word(UInt32(0))
        }
    }

    private func call(
        _ name: String, _ bytes: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        let result = unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return Int32(-1) }
            return unsafe body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
        guard result == 0 else { throw Failure(call: name, number: errno) }
    }

    func bind(_ address: IPAddress, _ port: UInt16) throws {
        try unsafe call("bind", Self.bytes(SocketEndpoint(address, port: port))) { unsafe attach(descriptor, $0, $1) }
    }
    func bind(unix name: String) throws {
        let bytes = unsafe withUnsafeBytes(of: UInt16(AF_UNIX)) { unsafe [UInt8]($0) } + [0] + name.utf8
        try unsafe call("bind", bytes) { unsafe attach(descriptor, $0, $1) }
    }
    func connect(_ address: IPAddress, _ port: UInt16) throws {
        try unsafe call("connect", Self.bytes(SocketEndpoint(address, port: port))) { unsafe reach(descriptor, $0, $1) }
    }
    func listen(_ backlog: Int32 = 5) throws {
        guard wait(descriptor, backlog) == 0 else { throw Failure(call: "listen", number: errno) }
    }
    func accept() throws -> TestSocket {
        let number = take(descriptor)
        guard number >= 0 else { throw Failure(call: "accept", number: errno) }
        return TestSocket(fixture, descriptor: number)
    }
    func set(_ level: Int32, _ option: Int32, _ value: Int32) throws {
        var value = value
        guard unsafe setsockopt(descriptor, level, option, &value, 4) == 0 else {
            throw Failure(call: "setsockopt", number: errno)
        }
    }
    func set(_ level: Int32, _ option: Int32, _ text: String) throws {
        guard unsafe setsockopt(descriptor, level, option, text, socklen_t(text.utf8.count)) == 0 else {
            throw Failure(call: "setsockopt", number: errno)
        }
    }
    func send(_ count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        _ = unsafe write(descriptor, bytes, count)
    }
    /// The error of a read, 0 for none.
    func readError() -> Int32 {
        var byte: UInt8 = 0
        return unsafe read(descriptor, &byte, 1) < 0 ? errno : 0
    }
}

// Under these names the methods may be called like the calls they wrap.
private func attach(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ count: socklen_t) -> Int32 {
    unsafe bind(descriptor, address, count)
}
private func reach(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ count: socklen_t) -> Int32 {
    unsafe connect(descriptor, address, count)
}
private func wait(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }
private func take(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
