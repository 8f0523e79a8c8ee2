// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A dump of objects that may go on in the next message, as WireGuard's devices, policies and wireless devices do.
///
/// Conform to it instead of `Dump`: an array then holds whole objects, however many messages each came in. A stream gives
/// the pieces, each as an object of its own.
public protocol PiecewiseDump<Family>: Dump {
    /// Takes in one message: it begins a further element or goes on with one that is there, mostly the last.
    func merge(_ message: borrowing Message, into elements: inout [Element]) throws(DecodeError)
}

extension PiecewiseDump {
    /// Reads one piece.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Element? {
        var elements: [Element] = []
        try merge(message, into: &elements)
        return elements.first
    }

    /// Merges the pieces of a datagram with those before it.
    @inlinable
    public func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Element]
    ) throws(NetlinkError) {
        var reader = MessageReader(datagram)
        while let message = try exchange.next(in: &reader) {
            do throws(DecodeError) { try merge(message, into: &elements) } catch { throw NetlinkError(error) }
        }
    }
}
