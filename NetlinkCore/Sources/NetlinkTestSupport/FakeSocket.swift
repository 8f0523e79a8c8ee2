// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore

/// A socket of a fake kernel: a queue, and a descriptor that polls readable when it has something to give.
final class FakeSocket: Transport {
    /// Port ids of the first socket and those after it; any but 0, which is the kernel's.
    static let firstPort: UInt32 = 0xfa00_0001

    let index: Int
    let port: UInt32
    private let kernel: FakeKernel
    private let event: EventDescriptor
    private let queue = Lock<[FakeAnswer.Item]>([])

    init(_ kernel: FakeKernel, index: Int, event: EventDescriptor) {
        self.kernel = kernel
        self.index = index
        self.event = event
        port = Self.firstPort + UInt32(index)
    }

    var descriptor: Int32 { event.number }

    func send(_ bytes: RawSpan) throws(SystemError) {
        let answer = try kernel.receive(bytes, over: self)
        if let number = answer.sendFailure { throw SystemError(number, call: "sendmsg") }
        enqueue(answer)
    }

    func enqueue(_ answer: FakeAnswer) {
        queue.withLock { queue in
            queue += answer.items
            show(queue)
        }
    }

    func release(_ count: Int) {
        queue.withLock { queue in
            var left = count
            queue.removeAll { item in
                guard left > 0, case .held = item else { return false }
                left -= 1
                return true
            }
            show(queue)
        }
    }

    private func show(_ queue: [FakeAnswer.Item]) {
        switch queue.first {
        case nil, .held: event.lower()
        default: event.raise()
        }
    }

    func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int? {
        switch next() {
        case nil, .held, .nothing: return nil
        case .datagram(let bytes), .endless(let bytes): return buffer.fill(with: bytes.rawSpan)
        case .cut(let bytes, let length):
            _ = buffer.fill(with: bytes.rawSpan)
            return length
        case .failure(let number): throw SystemError(number, call: "recvmsg")
        }
    }

    private func next() -> FakeAnswer.Item? {
        queue.withLock { queue in
            guard let first = queue.first else { return nil }
            switch first {
            case .held, .endless: return first
            case .nothing(let times) where times > 1: queue[0] = .nothing(times - 1)
            default: queue.removeFirst()
            }
            show(queue)
            return first
        }
    }
}
