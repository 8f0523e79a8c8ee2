// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// A stand-in for the kernel: a closure answers each request.
///
/// Connections are opened over ``source``; they send, poll and receive as on a real socket.
///
/// ```swift
/// let kernel = FakeKernel { request in
///     request.isDump ? request.dump([first, second]) : request.error(.notSupported, message: "Not here")
/// }
/// let connection = try RouteConnection(opening: kernel.source)
/// ```
///
/// Like the kernel it answers inside the send call; what comes later is put behind ``FakeAnswer/held``.
public final class FakeKernel: Sendable {
    /// What of a kernel the sockets share.
    struct State {
        var requests: [FakeRequest] = []
        var sockets: [WeakSocket] = []
        var openedCount = 0
        var openFailures: [NetlinkError.Code] = []
        var malformedCount = 0
        var datagramCount = 0
    }
    struct WeakSocket { weak var socket: FakeSocket? }

    private let state = Lock(State())
    private let answer: @Sendable ([FakeRequest]) -> FakeAnswer

    /// Answers each message of each datagram with the closure.
    public init(_ answer: @escaping @Sendable (FakeRequest) -> FakeAnswer) {
        self.answer = { requests in requests.reduce(.silence) { $0 + answer($1) } }
    }

    /// Answers each datagram as a whole.
    init(datagramAnswer answer: @escaping @Sendable ([FakeRequest]) -> FakeAnswer, _: Void) { self.answer = answer }

    /// Opens sockets of this kernel.
    public var source: TransportSource {
        TransportSource { [self] () throws(NetlinkError) in try open() }
    }

    /// The requests received so far, in order.
    public var requests: [FakeRequest] { state.withLock { $0.requests } }
    /// Forgets the requests received so far.
    public func forgetRequests() { state.withLock { $0.requests.removeAll() } }
    /// How many datagrams were received.
    public var datagramCount: Int { state.withLock { $0.datagramCount } }
    /// How many datagrams were received that do not consist of messages.
    public var malformedRequestCount: Int { state.withLock { $0.malformedCount } }
    /// How many sockets were opened.
    public var openedCount: Int { state.withLock { $0.openedCount } }
    /// How many sockets are open.
    public var openCount: Int { sockets.count }

    /// Makes the next opening fail; called several times, the next ones in order.
    public func failOpening(_ code: NetlinkError.Code) { state.withLock { $0.openFailures.append(code) } }

    /// Lets come what was held back on all sockets.
    public func release() { for socket in sockets { socket.release(.max) } }
    /// Lets come what was held back up to the next ``FakeAnswer/held``.
    public func releaseOne() { for socket in sockets { socket.release(1) } }

    /// Sends an unasked datagram to all sockets, as to members of a multicast group.
    public func notify(_ messages: FakeMessage...) {
        let bytes = messages.flatMap { $0.bytes(sequence: 0, port: 0) }
        send(.datagram(bytes))
    }

    /// Sends something unasked to all sockets.
    public func send(_ answer: FakeAnswer) { for socket in sockets { socket.enqueue(answer) } }

    private var sockets: [FakeSocket] {
        state.withLock { state in
            state.sockets.removeAll { $0.socket == nil }
            return state.sockets.compactMap(\.socket)
        }
    }

    private func open() throws(NetlinkError) -> any Transport {
        let index: Int = try state.withLock { state throws(NetlinkError) in
            if !state.openFailures.isEmpty {
                throw NetlinkError(state.openFailures.removeFirst(), operation: "open netlink socket")
            }
            state.openedCount += 1
            return state.openedCount - 1
        }
        do throws(SystemError) {
            let socket = FakeSocket(self, index: index, event: try EventDescriptor())
            state.withLock { $0.sockets.append(WeakSocket(socket: socket)) }
            return socket
        } catch {
            throw NetlinkError(error)
        }
    }

    /// Takes in a datagram.
    func receive(_ datagram: RawSpan, over socket: FakeSocket) throws(SystemError) -> FakeAnswer {
        state.withLock { $0.datagramCount += 1 }
        var requests: [FakeRequest] = []
        var reader = MessageReader(datagram)
        do throws(DecodeError) {
            while let message = try reader.next() {
                requests.append(
                    FakeRequest(
                        header: message.header, payload: message.payload.array, port: socket.port, socket: socket.index)
                )
            }
        } catch {
            state.withLock { $0.malformedCount += 1 }
            throw SystemError(NetlinkError.Code.invalidArgument.rawValue, call: "sendmsg")
        }
        state.withLock { $0.requests += requests }
        return answer(requests)
    }
}
