// SPDX-License-Identifier: Apache-2.0

/// An attribute with the nests around it, outermost first.
///
/// Printed as the kernel names them: `IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VLAN_ID`.
public struct AttributePath: Hashable, Sendable {
    /// One step of a path.
    public struct Element: Hashable, Sendable {
        /// The attribute's number.
        public var number: UInt16
        /// The kernel's name for it, where it is known.
        public var name: String?
    }

    /// The steps, outermost first.
    public private(set) var elements: [Element]
    // What stands inside the last step; not part of the value.
    private var inner: Inner

    private struct Inner: Hashable, Sendable {
        var schema: AttributeSchema?
        static func == (a: Inner, b: Inner) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    /// A path of numbers without names.
    init(numbers: [UInt16]) {
        elements = numbers.map { Element(number: $0, name: nil) }
        inner = Inner(schema: nil)
    }

    /// The message itself.
    init(schema: MessageSchema?) {
        elements = []
        inner = Inner(schema: schema?.attributes)
    }

    /// Finds the attribute that begins `offset` bytes after the start of a message's header.
    public init?(offset: Int, in message: RawSpan, schema: MessageSchema?) {
        let schema = schema?.specific(to: message.bytes(from: MessageHeader.byteCount))
        self.init(schema: schema)
        let fixed = MessageHeader.byteCount + aligned(schema?.fixedByteCount ?? 0)
        guard schema != nil, offset >= fixed, offset < message.byteCount else { return nil }
        var start = fixed
        var end = message.byteCount
        for _ in 0..<MessageDescription.standardDepth {
            guard let found = Self.attribute(around: offset, in: message, start, end) else { return nil }
            let kind = inner.schema?.kind(in: message.slice(start, end))
            append(found.number, kind: kind)
            if found.start == offset { return }
            start = found.start + 4
            end = found.end
        }
        return nil
    }

    private static func attribute(
        around offset: Int, in message: RawSpan, _ from: Int, _ end: Int
    ) -> (start: Int, end: Int, number: UInt16)? {
        var start = from
        while start + 4 <= end {
            let length = Int(message.loadChecked(start, as: UInt16.self))
            guard length >= 4, length <= end - start else { return nil }
            if offset < start + length {
                let number = message.loadChecked(start + 2, as: UInt16.self) & AttributeTypeBits.number
                return offset >= start ? (start, start + length, number) : nil
            }
            start += aligned(length)
        }
        return nil
    }

    private mutating func append(_ number: UInt16, kind: String?) {
        elements.append(Element(number: number, name: inner.schema?.name(of: number)))
        inner.schema = inner.schema?.nest(in: number, kind: kind)
    }

    /// The path of an attribute inside the last step.
    func appending(_ number: UInt16) -> AttributePath {
        var path = self
        path.append(number, kind: nil)
        return path
    }
}

extension AttributePath: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        elements.map { $0.name ?? String($0.number) }.joined(separator: "/")
    }
}
