// SPDX-License-Identifier: Apache-2.0

/// Which link is meant: by its number, its name or one of its alternative names.
///
/// Literals work: `"eth0"` is a name and `2` a number. A number costs nothing to resolve.
public enum LinkReference: Hashable, Sendable {
    /// By number.
    case index(InterfaceIndex)
    /// By name or alternative name, which is of at most 127 bytes.
    case name(String)

    /// How many bytes an alternative name has at most.
    public static let maximumNameByteCount = terminatedByteCount - 1
    private static let terminatedByteCount = 128  // ALTIFNAMSIZ

    /// By name.
    public static func name(_ name: InterfaceName) -> Self { .name(name.description) }

    /// The number, where it is one.
    public var index: InterfaceIndex? { if case .index(let index) = self { index } else { nil } }
    /// The name, where it is one.
    public var name: String? { if case .name(let name) = self { name } else { nil } }

    /// Says what is wrong, before anything is sent.
    ///
    /// - Throws: ``NetlinkError`` with code ``NetlinkError/Code/invalidArgument`` where no link could have this number
    ///   or name.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let problem { validation.add(index == nil ? "name" : "index", problem) }
        try validation.finish(object: "link \(self)")
    }

    private var problem: String? {
        switch self {
        case .index(let index):
            return index.isValid ? nil : "an interface index is at least 1"
        case .name(let name):
            if name.isEmpty { return "an interface name is not empty" }
            if name.utf8.count > Self.maximumNameByteCount {
                return "an interface name has at most \(Self.maximumNameByteCount) bytes"
            }
            let isWrong = name.utf8.contains { $0 == 0 || $0 == ASCII.slash || ASCII.isSpace($0) }
            return isWrong ? "an interface name has no slash, white space or NUL" : nil
        }
    }
}

extension LinkReference: CustomStringConvertible {
    /// The name, or the number as `ip` writes it, such as `if7`.
    public var description: String {
        switch self {
        case .index(let index): "if\(index)"
        case .name(let name): name
        }
    }

    /// Appends the text of `description`.
    public func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: description.utf8) }
}

extension LinkReference: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// Takes a name, of any text: what it names is found out when it is used.
    public init(stringLiteral name: String) { self = .name(name) }
    /// Takes a number.
    public init(integerLiteral index: Int32) { self = .index(InterfaceIndex(rawValue: index)) }
}

extension LinkReference: Codable {
    /// Decodes a number or a text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let index = try? container.decode(Int32.self) {
            self = .index(InterfaceIndex(rawValue: index))
        } else {
            self = .name(try container.decode(String.self))
        }
    }

    /// Encodes a number for an index and a text for a name, so that neither is taken for the other.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .index(let index): try container.encode(index.rawValue)
        case .name(let name): try container.encode(name)
        }
    }
}
