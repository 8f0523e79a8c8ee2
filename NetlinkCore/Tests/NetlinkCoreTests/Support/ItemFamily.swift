// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport

/// A protocol of the tests' own: items with an index in a fixed header, a value, a name, and nests, one of them
/// dependent on a kind.
enum ItemFamily: NetlinkProtocol {
    static let number: Int32 = 31
    static let newItem: UInt16 = 16
    static let deleteItem: UInt16 = 17
    static let getItem: UInt16 = 18

    static func schema(of messageType: UInt16) -> MessageSchema? {
        switch messageType {
        case newItem: MessageSchema("ITEM_NEW", fixedByteCount: 8, attributes: AttributeSchema(ItemAttribute.self))
        case deleteItem:
            MessageSchema("ITEM_DELETE", fixedByteCount: 8, attributes: AttributeSchema(ItemAttribute.self))
        case getItem: MessageSchema("ITEM_GET", fixedByteCount: 8, attributes: AttributeSchema(ItemAttribute.self))
        default: nil
        }
    }
}

struct ItemAttribute: AttributeID {
    let rawValue: UInt16
    static var value: Self { Self(rawValue: 1) }
    static var name: Self { Self(rawValue: 2) }
    static var info: Self { Self(rawValue: 3) }
    static var list: Self { Self(rawValue: 4) }
    static var blob: Self { Self(rawValue: 5) }

    var kernelName: String? {
        switch self {
        case .value: "ITEM_VALUE"
        case .name: "ITEM_NAME"
        case .info: "ITEM_INFO"
        case .list: "ITEM_LIST"
        case .blob: "ITEM_BLOB"
        default: nil
        }
    }

    static func nest(in id: UInt16) -> AttributeSchema? {
        switch Self(rawValue: id) {
        case .info: AttributeSchema(InfoAttribute.self)
        case .list: AttributeSchema(arrayOf: EntryAttribute.self)
        default: nil
        }
    }
}

struct InfoAttribute: AttributeID {
    let rawValue: UInt16
    static var kind: Self { Self(rawValue: 1) }
    static var data: Self { Self(rawValue: 2) }
    var kernelName: String? { [1: "INFO_KIND", 2: "INFO_DATA"][rawValue] }
    static var kindID: UInt16? { kind.rawValue }
    static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
        id == data.rawValue && kind == "round" ? AttributeSchema(RoundAttribute.self) : nil
    }
}

struct RoundAttribute: AttributeID {
    let rawValue: UInt16
    static var radius: Self { Self(rawValue: 1) }
    static var color: Self { Self(rawValue: 2) }
    var kernelName: String? { [1: "ROUND_RADIUS", 2: "ROUND_COLOR"][rawValue] }
}

struct EntryAttribute: AttributeID {
    let rawValue: UInt16
    static var weight: Self { Self(rawValue: 1) }
    var kernelName: String? { [1: "ENTRY_WEIGHT"][rawValue] }
}

/// What a test reads and writes.
struct Item: Hashable, Sendable {
    var index: UInt32
    var value: UInt32?

    init(_ index: UInt32, value: UInt32? = nil) {
        self.index = index
        self.value = value
    }

    init(_ message: borrowing Message) throws(DecodeError) {
        index = try message.field(0)
        value = nil
        var reader = try message.attributes(of: ItemAttribute.self, after: 8)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .value: value = try attribute.integer()
            default: break
            }
        }
    }

    func encode(into writer: inout MessageWriter) {
        writer.append(index)
        writer.append(UInt32(0))
        writer.put(ItemAttribute.value, value)
    }

    var message: FakeMessage { FakeMessage(type: ItemFamily.newItem) { encode(into: &$0) } }
}

/// Adds an item.
struct AddItem: Command {
    typealias Family = ItemFamily
    var item: Item
    var blobByteCount = 0
    var isRefusing = false

    init(_ item: Item) { self.item = item }

    var messageType: UInt16 { ItemFamily.newItem }
    var flags: MessageFlags { [.create, .exclusive] }
    var operation: StaticString { "add item" }
    var object: String? { "item \(item.index)" }
    func encode(into writer: inout MessageWriter) {
        item.encode(into: &writer)
        if blobByteCount > 0 { writer.put(ItemAttribute.blob, [UInt8](repeating: 7, count: blobByteCount)) }
        if isRefusing { writer.put(ItemAttribute.name, "nul\0inside") }
    }
}

/// Removes an item.
struct RemoveItem: Command {
    typealias Family = ItemFamily
    var index: UInt32
    var messageType: UInt16 { ItemFamily.deleteItem }
    var operation: StaticString { "remove item" }
    func encode(into writer: inout MessageWriter) { Item(index).encode(into: &writer) }
}

/// Asks for one item.
struct GetItem: Query {
    typealias Family = ItemFamily
    var index: UInt32
    var messageType: UInt16 { ItemFamily.getItem }
    var operation: StaticString { "get item" }
    var object: String? { "item \(index)" }
    func encode(into writer: inout MessageWriter) { Item(index).encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> Item { try Item(message) }
}

/// Lists items; odd ones can be left out, as where the kernel does not filter.
struct ListItems: Dump {
    typealias Family = ItemFamily
    var leavesOutOdd = false
    var messageType: UInt16 { ItemFamily.getItem }
    var operation: StaticString { "list items" }
    func encode(into writer: inout MessageWriter) { Item(0).encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> Item? {
        let item = try Item(message)
        return leavesOutOdd && item.index % 2 == 1 ? nil : item
    }
}

/// Items 1 to `count`, each with a value of a hundred times its index.
func items(_ count: Int) -> [Item] { (0..<count).map { Item(UInt32($0 + 1), value: UInt32($0 + 1) * 100) } }

extension FakeKernel {
    /// A kernel that has items 1 to `count`, and answers everything about them.
    static func withItems(_ count: Int = 5, noisy: Bool = false) -> FakeKernel {
        let store = FakeStore(
            new: ItemFamily.newItem, delete: ItemFamily.deleteItem, get: ItemFamily.getItem, items(count).map(\.message)
        ) { Array($0.prefix(4)) }
        return FakeKernel { request in
            guard let answer = store.answer(request) else { return request.error(.notSupported) }
            return noisy ? answer.interspersed(with: request.noise(Item(999).message)) : answer
        }
    }
}
