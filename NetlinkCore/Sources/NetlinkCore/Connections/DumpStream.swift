// SPDX-License-Identifier: Apache-2.0

/// The elements of a dump as they come, in constant memory, on a socket of their own.
///
/// Single elements cost a task switch each, some 60 ns; ``chunks(restarting:)`` gives the elements of a datagram at a time and costs
/// next to nothing. A stream left early closes its socket.
public struct DumpStream<D: Dump>: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = D.Element
    /// How it fails.
    public typealias Failure = NetlinkError

    let dump: D
    let timeout: Duration?
    let retries: Int
    let clock: RetryClock
    let open: @Sendable () throws(NetlinkError) -> Channel

    init(
        _ dump: D, timeout: Duration?, retries: Int, clock: RetryClock,
        open: @escaping @Sendable () throws(NetlinkError) -> Channel
    ) {
        self.dump = dump
        self.timeout = timeout
        self.retries = retries
        self.clock = clock
        self.open = open
    }

    /// A piece of a dump.
    public enum Chunk: Sendable {
        /// The elements of one datagram.
        case elements([D.Element])
        /// The objects changed: what came so far is void, the dump begins anew.
        case restarted
    }

    /// The same dump, a datagram's elements at a time.
    ///
    /// - Parameter restarting: whether a dump during which the objects changed begins anew after a ``Chunk/restarted``,
    ///   after as short a pause and as often as the connection retries, instead of throwing
    ///   ``NetlinkError/Code/interrupted`` at its end.
    /// - Returns: a sequence of the elements of each datagram.
    public func chunks(restarting: Bool = false) -> Chunks { Chunks(stream: self, restarting: restarting) }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(source: ChunkSource(self, restarting: false)) }

    /// Gives single elements.
    public struct Iterator: AsyncIteratorProtocol {
        let source: ChunkSource
        @usableFromInline var buffer: [D.Element] = []
        @usableFromInline var position = 0

        /// The next element; nil at the end.
        @inlinable public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> D.Element?
        {
            if position < buffer.count {
                defer { position += 1 }
                return buffer[position]
            }
            return try await refill(isolation)
        }

        /// The next element; nil at the end.
        @inlinable public mutating func next() async throws(NetlinkError) -> D.Element? {
            try await next(isolation: #isolation)
        }

        @usableFromInline mutating func refill(
            _ isolation: isolated (any Actor)?
        ) async throws(NetlinkError) -> D.Element? {
            while let chunk = try await source.next(isolation) {
                guard case .elements(let elements) = chunk, let first = elements.first else { continue }
                buffer = elements
                position = 1
                return first
            }
            buffer = []
            position = 0
            return nil
        }
    }

    /// Gives the elements of a datagram at a time.
    public struct Chunks: AsyncSequence, Sendable {
        /// What it gives.
        public typealias Element = Chunk
        /// How it fails.
        public typealias Failure = NetlinkError
        let stream: DumpStream
        let restarting: Bool

        /// Begins with what comes next.
        public func makeAsyncIterator() -> Iterator {
            Iterator(source: ChunkSource(stream, restarting: restarting))
        }

        /// Gives the elements of a datagram at a time.
        public struct Iterator: AsyncIteratorProtocol {
            let source: ChunkSource

            /// The next element.
            public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> Chunk? {
                try await source.next(isolation)
            }
            /// The next element.
            public mutating func next() async throws(NetlinkError) -> Chunk? { try await source.next(#isolation) }
        }
    }

    /// Owns the socket, which closes when the iterator is gone.
    final class ChunkSource {
        private let stream: DumpStream
        private var channel: Channel?
        private var retries: DumpRetries
        /// When an interrupted dump is to be begun anew.
        private var restart: Instant?
        private var isFinished = false
        private var mustSend = true
        private var datagrams = 0

        private let restarting: Bool

        init(_ stream: DumpStream, restarting: Bool) {
            self.stream = stream
            self.restarting = restarting
            retries = DumpRetries(limit: stream.retries, timeout: stream.timeout, clock: stream.clock)
        }

        func next(_ isolation: isolated (any Actor)?) async throws(NetlinkError) -> Chunk? {
            if isFinished { return nil }
            do throws(NetlinkError) {
                return try await advance(isolation)
            } catch {
                isFinished = true
                channel = nil
                throw error
            }
        }

        private func advance(_ isolation: isolated (any Actor)?) async throws(NetlinkError) -> Chunk? {
            if Task.isCancelled { throw channel?.abandoned(.cancelled) ?? NetlinkError(.cancelled) }
            let channel: Channel
            if let open = self.channel { channel = open } else { channel = try stream.open() }
            self.channel = channel
            if mustSend {
                if let restart {
                    try await pause(until: restart)
                    self.restart = nil
                }
                mustSend = false
                if channel.assignedType == nil, let query = D.Family.messageTypeQuery {
                    try await channel.assignType(query, timeout: stream.timeout)
                }
                try channel.prepare(stream.dump, .dump)
                try channel.send()
            }
            var elements: [D.Element] = []
            var limit: Instant?
            while true {
                switch try channel.step(stream.dump, into: &elements) {
                case .more:
                    limit = nil
                    datagrams &+= 1
                    // The kernel answers each receive at once: without this a long dump would hold its pool thread.
                    if datagrams % 64 == 0 { await Task.yield() }
                    if !elements.isEmpty { return .elements(elements) }
                    if Task.isCancelled { throw channel.abandoned(.cancelled) }
                case .finished:
                    if !elements.isEmpty { return .elements(elements) }
                    return try finish(channel)
                case .others: try await channel.passOver(&limit, stream.timeout) { false }
                case .wait:
                    if limit == nil { limit = stream.timeout.map { Instant.now + $0 } }
                    try await channel.waitReadable(until: limit) { false }
                }
            }
        }

        private func pause(until moment: Instant) async throws(NetlinkError) {
            do throws(NetlinkError) { try await stream.clock.pause(until: moment, in: .forPauses()) } catch {
                throw error.naming(operation: "\(stream.dump.operation)", object: stream.dump.object)
            }
        }

        private func finish(_ channel: Channel) throws(NetlinkError) -> Chunk? {
            guard channel.exchange.isInterrupted else {
                isFinished = true
                self.channel = nil
                return nil
            }
            guard restarting, let moment = retries.next() else {
                throw NetlinkError(.interrupted).naming(
                    operation: "\(stream.dump.operation)", object: stream.dump.object)
            }
            restart = moment
            mustSend = true
            return .restarted
        }
    }
}
