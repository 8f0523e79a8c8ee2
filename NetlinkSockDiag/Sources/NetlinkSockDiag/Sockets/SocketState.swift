// SPDX-License-Identifier: Apache-2.0

/// What a socket is doing, in the words of TCP, which the kernel uses for sockets of every family.
///
/// A datagram socket is ``established`` when it is connected and ``closed`` otherwise.
///
/// Kernel: `BPF_TCP_*`, equal to the kernel's own `TCP_*`.
public struct SocketState: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Connected.
    @inlinable public static var established: Self { Self(rawValue: 1) }  // BPF_TCP_ESTABLISHED
    /// Asked for a connection.
    @inlinable public static var synSent: Self { Self(rawValue: 2) }  // BPF_TCP_SYN_SENT
    /// Was asked for a connection and answered.
    @inlinable public static var synReceived: Self { Self(rawValue: 3) }  // BPF_TCP_SYN_RECV
    /// Closed here; the other side has not acknowledged it.
    @inlinable public static var finWait1: Self { Self(rawValue: 4) }  // BPF_TCP_FIN_WAIT1
    /// Closed here, acknowledged; the other side is open.
    @inlinable public static var finWait2: Self { Self(rawValue: 5) }  // BPF_TCP_FIN_WAIT2
    /// Closed on both sides, kept for stray packets.
    @inlinable public static var timeWait: Self { Self(rawValue: 6) }  // BPF_TCP_TIME_WAIT
    /// Not connected.
    @inlinable public static var closed: Self { Self(rawValue: 7) }  // BPF_TCP_CLOSE
    /// The other side closed; this one has not.
    @inlinable public static var closeWait: Self { Self(rawValue: 8) }  // BPF_TCP_CLOSE_WAIT
    /// Closed on both sides; the other has not acknowledged it.
    @inlinable public static var lastAcknowledgement: Self { Self(rawValue: 9) }  // BPF_TCP_LAST_ACK
    /// Waits for connections.
    @inlinable public static var listening: Self { Self(rawValue: 10) }  // BPF_TCP_LISTEN
    /// Closed on both sides at once.
    @inlinable public static var closing: Self { Self(rawValue: 11) }  // BPF_TCP_CLOSING
    /// Was asked for a connection; the kernel's own name for what it reports as ``synReceived``.
    @inlinable public static var newSynReceived: Self { Self(rawValue: 12) }  // BPF_TCP_NEW_SYN_RECV
    /// Bound to a port and otherwise idle; asked for by this name only, and reported as ``closed``; since Linux 6.8.
    @inlinable public static var boundInactive: Self { Self(rawValue: 13) }  // BPF_TCP_BOUND_INACTIVE
}

extension SocketState: CustomStringConvertible {
    private static let names: [StaticString] = [
        "unknown", "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2", "time-wait", "closed",
        "close-wait", "last-ack", "listening", "closing", "new-syn-recv", "bound-inactive",
    ]

    /// The name that `ss` takes, such as `close-wait`, or the number where there is none.
    public var description: String {
        Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)].description : String(rawValue)
    }
}

/// A set of socket states.
///
/// Kernel: a bitmap, `1 << state`. An empty one matches no socket.
public struct SocketStates: OptionSet, Hashable, Sendable {
    /// The kernel's bitmap.
    public let rawValue: UInt32
    /// Takes any bitmap.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The set of one state.
    @inlinable public init(_ state: SocketState) { rawValue = state.rawValue < 32 ? 1 << UInt32(state.rawValue) : 0 }

    /// A set of some states.
    public init(_ states: [SocketState]) { self = states.reduce([]) { $0.union(SocketStates($1)) } }

    /// All states.
    public static var all: Self { Self(rawValue: 0x3fff) }
    /// All but those that are not connected and do not try to be.
    public static var connected: Self { all.subtracting(listeningOrClosed) }
    /// Those of ``connected`` that have heard from the other side.
    public static var synchronized: Self { connected.subtracting(SocketStates(.synSent)) }
    /// Those that the kernel keeps in a small form: half open, and closed for good.
    public static var bucket: Self { SocketStates([.synReceived, .timeWait]) }
    /// All but ``bucket``.
    public static var big: Self { all.subtracting(bucket) }
    /// Waiting for connections, or not connected.
    public static var listeningOrClosed: Self { SocketStates([.listening, .closed]) }

    /// Whether a state is in the set.
    @inlinable public func contains(_ state: SocketState) -> Bool { !isDisjoint(with: SocketStates(state)) }
}

extension SocketStates {
    /// The states that a word of `ss` names: one state, or `all`, `connected`, `synchronized`, `bucket`, `big`.
    public init?(named name: String) {
        switch name {
        case "all": self = .all
        case "connected": self = .connected
        case "synchronized": self = .synchronized
        case "bucket": self = .bucket
        case "big": self = .big
        case "unconnected": self = SocketStates(.closed)
        case "syn-rcv": self = SocketStates(.synReceived)
        case "unknown": self = SocketStates(rawValue: 1)
        default:
            for number in UInt8(1)...13 where SocketState(rawValue: number).description == name {
                guard number != SocketState.newSynReceived.rawValue else { return nil }
                self = SocketStates(SocketState(rawValue: number))
                return
            }
            return nil
        }
    }
}
