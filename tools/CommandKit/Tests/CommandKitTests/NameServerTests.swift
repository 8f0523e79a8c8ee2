// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Runs the body on a thread of its own: it waits in system calls.
private func detach(_ body: @escaping @Sendable () -> Void) throws {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread, nil,
        { argument in
            if let argument = unsafe argument { unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box)
    try #require(status == 0)
    pthread_detach(thread)
}

/// A name server on this machine's loopback, at a port of its own.
private final class LocalServer: @unchecked Sendable {
    typealias Answer =
        @Sendable (_ question: [UInt8], _ reply: ([UInt8]) -> Void, _ asStranger: ([UInt8]) -> Void) -> Void

    let port: UInt16
    private let datagrams: Int32
    private let stream: Int32

    init(
        _ answer: @escaping Answer,
        long: @escaping @Sendable (_ question: [UInt8]) -> [[UInt8]] = { _ in [] }
    ) throws {
        let flags = SOCK_CLOEXEC.rawValue
        datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | flags), 0)
        stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue | flags), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        for descriptor in [datagrams, stream] {
            let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            try #require(bound)
        }
        port = UInt16(bigEndian: address.sin_port)
        listen(stream, 4)
        let (datagrams, stream) = (datagrams, stream)
        try detach {
            Self.serve(datagrams, answer)
            close(datagrams)
        }
        try detach {
            Self.serve(stream, long)
            close(stream)
        }
    }

    private static func serve(
        _ descriptor: Int32, _ answer: Answer
    ) {
        while true {
            var buffer = [UInt8](repeating: 0, count: 4096)
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count > 0 else { return }
            func send(_ bytes: [UInt8], from descriptor: Int32) {
                unsafe withUnsafePointer(to: &peer) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = unsafe sendto(descriptor, bytes, bytes.count, 0, $0, length)
                    }
                }
            }
            answer(
                Array(buffer.prefix(count)), { send($0, from: descriptor) },
                { bytes in
                    let stranger = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
                    send(bytes, from: stranger)
                    close(stranger)
                })
        }
    }

    private static func serve(_ listener: Int32, _ answer: (_ question: [UInt8]) -> [[UInt8]]) {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count > 2 {
                for part in answer(Array(buffer[2..<count])) {
                    _ = unsafe send(descriptor, part, part.count, Int32(MSG_NOSIGNAL))
                }
            }
            close(descriptor)
        }
    }

    // Ends the threads, which close what they read from.
    deinit { for descriptor in [datagrams, stream] { shutdown(descriptor, Int32(SHUT_RDWR)) } }
}

/// The resolver with sockets of its own, against a server that answers.
struct NameServerTests {
    private static let v4: [UInt8] = [192, 0, 2, 1]

    private func addresses(_ port: UInt16, seconds: Int = 5) -> Result<[[UInt8]], HostResolver.Failure> {
        let resolver = HostResolver(
            port: port,
            readFile: { path in
                path == "/etc/resolv.conf"
                    ? Array("nameserver 127.0.0.1\noptions attempts:1 timeout:\(seconds)\n".utf8) : nil
            },
            exchange: { System.exchange($0, with: $1, milliseconds: $2, take: $3) })
        do throws(HostResolver.Failure) {
            return .success(try resolver.addresses(of: Array("host.example".utf8)))
        } catch {
            return .failure(error)
        }
    }

    @Test func anAnswerIsReceived() throws {
        let server = try LocalServer { question, reply, _ in
            reply(DNSAnswer.addresses(question, v4: [Self.v4]))
        }
        #expect(addresses(server.port) == .success([Self.v4]))
    }

    @Test func whatStrangersSendIsNotHeard() throws {
        let server = try LocalServer { question, reply, asStranger in
            // To the right port, with the right number, from elsewhere, and first.
            asStranger(DNSAnswer.addresses(question, v4: [[6, 6, 6, 6]], v6: [[UInt8](repeating: 6, count: 16)]))
            reply([])
            reply([1, 2, 3])
            reply(DNSAnswer.addresses(question, v4: [Self.v4]))
        }
        #expect(addresses(server.port) == .success([Self.v4]))
    }

    @Test func aFloodOfNonsenseDoesNotPutOffTheEnd() throws {
        let server = try LocalServer { _, reply, _ in
            for _ in 0..<100_000 { reply([1, 2, 3]) }
        }
        let start = ContinuousClock.now
        #expect(addresses(server.port, seconds: 1) == .failure(.temporary))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func silenceEndsInTime() throws {
        let server = try LocalServer { _, _, _ in }
        let start = ContinuousClock.now
        #expect(addresses(server.port, seconds: 1) == .failure(.temporary))
        #expect(ContinuousClock.now - start >= .milliseconds(900))
    }

    @Test func whereNobodyListensNothingIsWaitedFor() throws {
        var server: LocalServer? = try LocalServer { _, _, _ in }
        let port = try #require(server?.port)
        server = nil
        // Its thread closes the socket.
        System.sleep(milliseconds: 100)
        #expect(addresses(port, seconds: 30) == .failure(.temporary))
    }

    private static func framed(_ answer: [UInt8]) -> [UInt8] {
        [UInt8(answer.count >> 8), UInt8(answer.count & 255)] + answer
    }

    private static func truncating(_ long: @escaping @Sendable ([UInt8]) -> [[UInt8]]) throws -> LocalServer {
        try LocalServer(
            { question, reply, _ in reply(DNSAnswer(to: question, isTruncated: true).bytes) }, long: long)
    }

    @Test func aLongAnswerComesOverAStreamInPieces() throws {
        let server = try Self.truncating { question in
            // More than a datagram of old holds: sixty addresses.
            let answer = Self.framed(DNSAnswer.addresses(question, v4: (1...60).map { [192, 0, 2, $0] }))
            return [Array(answer.prefix(1)), Array(answer.dropFirst().prefix(40)), Array(answer.dropFirst(41)), [9]]
        }
        #expect(try addresses(server.port).get().count == 60)
    }

    @Test(arguments: [0, 1, 2, 3, 20]) func aStreamThatEndsEarlyIsNoAnswer(count: Int) throws {
        let server = try Self.truncating { question in
            [Array(Self.framed(DNSAnswer.addresses(question, v4: [Self.v4])).prefix(count))]
        }
        #expect(addresses(server.port) == .failure(.temporary))
    }
}
