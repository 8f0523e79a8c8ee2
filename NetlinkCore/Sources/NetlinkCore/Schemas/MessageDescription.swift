// SPDX-License-Identifier: Apache-2.0

/// Messages in words: type, flags, and each attribute by its kernel name and value, nests indented.
public enum MessageDescription {
    /// How deep nests are followed unless told otherwise.
    public static let standardDepth = 16
    /// How many bytes of a value are shown.
    private static let valueLimit = 64

    /// Describes every message of a datagram.
    ///
    /// - Parameters:
    ///   - datagram: The messages.
    ///   - depth: How deep nests are followed, from 1 to 64; what lies deeper is shown as bytes.
    ///   - schema: Gives what is known of a message type.
    /// - Returns: lines, one for each message and attribute.
    public static func describe(
        _ datagram: RawSpan, depth: Int = standardDepth, schema: (UInt16) -> MessageSchema?
    ) -> String {
        let depth = Swift.max(1, Swift.min(depth, 64))
        var text = ""
        var reader = MessageReader(datagram)
        do throws(DecodeError) {
            while let message = try reader.next() { describe(message, depth, schema, &text) }
        } catch {
            text += "malformed: \(error)\n"
        }
        return text
    }

    private static func describe(
        _ message: borrowing Message, _ limit: Int, _ schema: (UInt16) -> MessageSchema?, _ text: inout String
    ) {
        let header = message.header
        let known = schema(header.type)?.specific(to: message.payload)
        text += known?.name ?? controlName(header.type) ?? "type \(header.type)"
        text += " \(flagNames(header.flags, type: header.type)) seq \(header.sequence) port \(header.port)"
        text += " length \(header.length)\n"
        if ControlMessageType(rawValue: header.type) == .error || ControlMessageType(rawValue: header.type) == .done {
            if let number = try? message.field(0, Int32.self) {
                text +=
                    number == 0
                    ? "    no error\n" : "    error \(-Int(number)): \(errorText(number == .min ? 0 : -number))\n"
            }
            return
        }
        guard let known else {
            if message.payload.byteCount > 0 { text += "    \(hex(message.payload))\n" }
            return
        }
        let fixed = Swift.min(aligned(known.fixedByteCount), message.payload.byteCount)
        if fixed > 0 { text += "    header \(hex(message.payload.slice(0, fixed)))\n" }
        let attributes = message.payload.slice(fixed, message.payload.byteCount)
        describe(attributes, known.attributes, (1, limit), &text)
    }

    private static func describe(
        _ span: RawSpan, _ schema: AttributeSchema?, _ depth: (now: Int, limit: Int), _ text: inout String
    ) {
        let indent = String(repeating: "    ", count: depth.now)
        let kind = schema?.kind(in: span)
        var reader = AttributeReader<RawAttributeID>(span)
        do throws(DecodeError) {
            while let attribute = try reader.next() {
                let number = attribute.id.rawValue
                text += "\(indent)\(schema?.name(of: number) ?? String(number))"
                let inner = schema?.nest(in: number, kind: kind)
                if schema?.isSecret(number) == true {
                    text += " (hidden)\n"
                } else if inner != nil || attribute.isMarkedNested, depth.now < depth.limit {
                    text += "\n"
                    describe(attribute.payload, inner, (depth.now + 1, depth.limit), &text)
                } else {
                    // A kind of four characters without a NUL would pass for a number.
                    let shown = number == schema?.kindID ? "\"\(kind ?? "")\"" : value(attribute.payload)
                    text += " \(shown)\n"
                }
            }
        } catch {
            text += "\(indent)malformed: \(error)\n"
        }
    }

    /// A value whose type is not known: text where it can only be that, else a number by its length, else bytes.
    private static func value(_ span: RawSpan) -> String {
        let count = span.byteCount
        if count == 0 { return "(empty)" }
        if let text = terminatedText(span) { return "\"\(text)\"" }
        switch count {
        case 1: return "\(span.loadChecked(0, as: UInt8.self))"
        case 2: return "\(span.loadChecked(0, as: UInt16.self))"
        case 4: return "\(span.loadChecked(0, as: UInt32.self))"
        case 8: return "\(span.loadChecked(0, as: UInt64.self))"
        default: return hex(span)
        }
    }

    private static func terminatedText(_ span: RawSpan) -> String? {
        guard span.byteCount >= 2, span.byteCount <= 256 else { return nil }
        for offset in 0..<span.byteCount {
            let byte = span.loadChecked(offset, as: UInt8.self)
            let isLast = offset == span.byteCount - 1
            guard isLast ? byte == 0 : (0x20..<0x7f).contains(byte) else { return nil }
        }
        return span.text
    }

    static func hex(_ span: RawSpan) -> String {
        let digits = Array("0123456789abcdef")
        var text = ""
        for offset in 0..<Swift.min(span.byteCount, valueLimit) {
            let byte = Int(span.loadChecked(offset, as: UInt8.self))
            text.append(digits[byte >> 4])
            text.append(digits[byte & 15])
        }
        if span.byteCount > valueLimit { text += "… (\(span.byteCount) bytes)" }
        return text
    }

    private static func controlName(_ type: UInt16) -> String? {
        switch ControlMessageType(rawValue: type) {
        case .noOperation: "NLMSG_NOOP"
        case .error: "NLMSG_ERROR"
        case .done: "NLMSG_DONE"
        case .overrun: "NLMSG_OVERRUN"
        default: nil
        }
    }

    private static func flagNames(_ flags: MessageFlags, type: UInt16) -> String {
        var names: [String] = []
        var rest = flags.rawValue
        func take(_ flag: MessageFlags, _ name: String) {
            if rest & flag.rawValue == flag.rawValue {
                names.append(name)
                rest &= ~flag.rawValue
            }
        }
        take(.request, "request")
        take(.multipart, "multi")
        take(.acknowledge, "ack")
        take(.echo, "echo")
        take(.dumpInterrupted, "interrupted")
        take(.dumpFiltered, "filtered")
        // The upper byte's meaning follows from the operation, which rtnetlink and most families number get = 2 mod 4.
        let operation = type & 3
        if type < ControlMessageType.firstProtocolType {
            take(.capped, "capped")
            take(.acknowledgementAttributes, "tlvs")
        } else if flags.contains(.request), operation == 2 || flags.contains(.dump) && !flags.contains(.create) {
            take(.dump, "dump")
            take(.root, "root")
            take(.match, "match")
        } else if flags.contains(.request), operation == 1 {
            take(.nonRecursive, "nonrec")
            take(.bulk, "bulk")
        } else {
            take(.replace, "replace")
            take(.exclusive, "excl")
            take(.create, "create")
            take(.append, "append")
        }
        if rest != 0 { names.append("0x\(String(rest, radix: 16))") }
        return names.isEmpty ? "-" : names.joined(separator: "|")
    }
}
