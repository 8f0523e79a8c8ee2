// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What a fake kernel does with a request: datagrams in order, and faults between them.
///
/// Made by the methods of ``FakeRequest`` and the members here, and joined with `+`.
public struct FakeAnswer: Sendable {
    enum Item: Sendable {
        case datagram([UInt8])
        /// A datagram of which the receiver gets a part and the true length.
        case cut([UInt8], length: Int)
        case failure(Int32)
        /// So many receive calls find nothing, although the descriptor polls readable.
        case nothing(Int)
        /// What follows waits for ``FakeKernel/release()``.
        case held
        /// A datagram that never ends coming.
        case endless([UInt8])
    }

    var items: [Item]
    var sendFailure: Int32?

    init(_ items: [Item]) { self.items = items }

    /// Nothing, ever.
    public static var silence: FakeAnswer { FakeAnswer([]) }

    /// One datagram of these bytes, whatever they are.
    public static func datagram(_ bytes: [UInt8]) -> FakeAnswer { FakeAnswer([.datagram(bytes)]) }

    /// A datagram that the receiver's buffer did not hold: it gets these bytes, and `length` as the true length.
    public static func truncated(_ bytes: [UInt8], length: Int) -> FakeAnswer {
        FakeAnswer([.cut(bytes, length: length)])
    }

    /// A receive call that fails; `noBufferSpace` is what an overrun looks like.
    public static func receiveFailure(_ code: NetlinkError.Code) -> FakeAnswer { FakeAnswer([.failure(code.rawValue)]) }

    /// So many receive calls that find nothing, although the descriptor polled readable.
    public static func nothing(times: Int) -> FakeAnswer { FakeAnswer([.nothing(times)]) }

    /// Holds back what follows until ``FakeKernel/release()``.
    public static var held: FakeAnswer { FakeAnswer([.held]) }

    /// The same datagram again and again, without end.
    public static func endless(_ bytes: [UInt8]) -> FakeAnswer { FakeAnswer([.endless(bytes)]) }

    /// The sending itself fails; nothing is received.
    public static func sendFailure(_ code: NetlinkError.Code) -> FakeAnswer {
        var answer = FakeAnswer([])
        answer.sendFailure = code.rawValue
        return answer
    }

    /// One answer after the other.
    public static func + (first: FakeAnswer, second: FakeAnswer) -> FakeAnswer {
        var both = FakeAnswer(first.items + second.items)
        both.sendFailure = first.sendFailure ?? second.sendFailure
        return both
    }

    /// The same with datagrams that follow each other directly made one.
    public var inOneDatagram: FakeAnswer {
        var joined = FakeAnswer([])
        joined.sendFailure = sendFailure
        for item in items {
            if case .datagram(let bytes) = item, case .datagram(let before) = joined.items.last {
                joined.items[joined.items.count - 1] = .datagram(before + bytes)
            } else {
                joined.items.append(item)
            }
        }
        return joined
    }

    /// The same with another answer before each datagram.
    public func interspersed(with noise: FakeAnswer) -> FakeAnswer {
        var noisy = FakeAnswer([])
        noisy.sendFailure = sendFailure
        for item in items {
            if case .datagram = item { noisy.items += noise.items }
            noisy.items.append(item)
        }
        return noisy
    }
}
