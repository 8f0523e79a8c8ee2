// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute

@testable import NetlinkTC

/// A message about traffic control, taken apart so that the order of its attributes does not matter.
struct RequestBytes: Equatable, CustomStringConvertible {
    var type: UInt16
    var flags: UInt16
    var header: [UInt8]
    var attributes: [[UInt8]]
    var options: [[UInt8]]

    /// Takes a message apart; what stands in front of the attributes inside the options has `prefix` bytes.
    init(_ message: [UInt8], prefix: Int = 0) throws(DecodeError) {
        let span = message.rawSpan
        type = try span.load(at: 4)
        flags = try span.load(at: 6)
        header = span.bytes(from: 16, count: 20).array
        attributes = []
        options = []
        var reader = AttributeReader<TCAttribute>(span.bytes(from: 36))
        while let attribute = try reader.next() {
            guard attribute.id == .options else {
                attributes.append([UInt8(attribute.id.rawValue)] + attribute.payload.array)
                continue
            }
            if prefix > 0 { options.append(attribute.payload.bytes(from: 0, count: prefix).array) }
            var inner = AttributeReader<RawAttributeID>(attribute.payload.bytes(from: prefix))
            while let option = try inner.next() {
                options.append([UInt8(truncatingIfNeeded: option.id.rawValue)] + option.payload.array)
            }
        }
        attributes.sort { $0.lexicographicallyPrecedes($1) }
        options.sort { $0.lexicographicallyPrecedes($1) }
    }

    var description: String {
        func digits(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return "\(type) \(flags) \(digits(header))\n\(attributes.map(digits))\n\(options.map(digits))"
    }
}

extension [UInt8] {
    /// Reads the message as one about a queueing discipline.
    func qdisc() throws(DecodeError) -> Qdisc? {
        var reader = MessageReader(rawSpan)
        guard let message = try reader.next() else { return nil }
        return try Qdisc(decoding: message)
    }

    /// Reads the message as one about a class.
    func trafficClass() throws(DecodeError) -> TrafficClass? {
        var reader = MessageReader(rawSpan)
        guard let message = try reader.next() else { return nil }
        return try TrafficClass(decoding: message)
    }

    /// The message cut to so many bytes, its header saying so.
    func cut(to count: Int) -> [UInt8] {
        var copy = Array(prefix(count))
        let length = UInt32(count).littleEndian
        for index in 0..<4 where index < copy.count { copy[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        return copy
    }
}
