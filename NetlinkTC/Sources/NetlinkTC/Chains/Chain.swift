// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// A list of filters at a place, which an action can go to by its number.
///
/// A chain comes with its first filter and goes with its last. One that was added by itself stays, and may have a template:
/// what all its filters compare, so that hardware can prepare for it.
///
/// Kernel: `RTM_NEWCHAIN`, `struct tcmsg` and `TCA_CHAIN`.
public struct Chain: Hashable, Sendable {
    /// Where it is.
    public var place: FilterPlace
    /// Its number; 0 is the one with which filtering begins.
    ///
    /// Kernel: `TCA_CHAIN`, `u32`.
    public var index: UInt32
    /// The kind and the form of its filters; nil for any.
    ///
    /// Only kind `flower` has templates.
    ///
    /// Kernel: `TCA_KIND`, `TCA_OPTIONS`.
    public var template: AnyFilterKind?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A chain at a place.
    public init(at place: FilterPlace, index: UInt32 = 0, template: AnyFilterKind? = nil) {
        self.place = place
        self.index = index
        self.template = template
    }

    /// Reads a chain message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        self.init(at: FilterPlace(try TCHeader(message)))
        var name: String?
        var options: [UInt8]?
        var reader = try message.attributes(of: TCAttribute.self, after: TCHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .chain: index = try attribute.integer()
            case .kind: name = attribute.string()
            case .options: options = attribute.payload.array
            case .padding: break
            default: unknown.keep(attribute)
            }
        }
        // A template's options are not those of a filter of the kind: masks alone.
        if let name { template = AnyFilterKind(name: name, data: options) }
    }

    func encode(into writer: inout MessageWriter) {
        place.header.encode(into: &writer)
        writer.put(TCAttribute.chain, index)
        writer.put(TCAttribute.kind, template?.name)
        template?.encodeOptions(into: &writer, changing: nil)
    }
}

/// Adds a chain.
///
/// Kernel: `RTM_NEWCHAIN` with `NLM_F_CREATE | NLM_F_EXCL`.
public struct AddChain: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The chain.
    public var chain: Chain

    /// Adds a chain.
    public init(_ chain: Chain) { self.chain = chain }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newChain.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { [.create, .exclusive] }
    /// What is done, for errors.
    public var operation: StaticString { "add chain" }
    /// What it is done to, for errors.
    public var object: String? { "\(chain.index) at \(chain.place)" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { chain.encode(into: &writer) }
}

/// Removes a chain that was added, with its filters.
///
/// Kernel: `RTM_DELCHAIN`.
public struct RemoveChain: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The chain, by place and number.
    public var chain: Chain

    /// Removes a chain.
    public init(_ chain: Chain) { self.chain = chain }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteChain.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove chain" }
    /// What it is done to, for errors.
    public var object: String? { "\(chain.index) at \(chain.place)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        chain.place.header.encode(into: &writer)
        writer.put(TCAttribute.chain, chain.index)
    }
}

/// Gets one chain.
///
/// Kernel: `RTM_GETCHAIN`.
public struct ChainQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Where it is.
    public var place: FilterPlace
    /// Its number.
    public var index: UInt32

    /// Asks for one chain.
    public init(at place: FilterPlace, index: UInt32) {
        self.place = place
        self.index = index
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getChain.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get chain" }
    /// What it is done to, for errors.
    public var object: String? { "\(index) at \(place)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        place.header.encode(into: &writer)
        writer.put(TCAttribute.chain, index)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Chain { try Chain(decoding: message) }
}

/// Lists the chains of a place.
///
/// Kernel: `RTM_GETCHAIN` with `NLM_F_DUMP`; the number goes to the kernel and is checked again here.
public struct ChainDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Where they are.
    public var place: FilterPlace
    /// Only the one of this number; nil for all.
    public var index: UInt32?

    /// The chains of a place.
    public init(at place: FilterPlace, index: UInt32? = nil) {
        self.place = place
        self.index = index
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getChain.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list chains" }
    /// What it is done to, for errors.
    public var object: String? { "\(place)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        place.header.encode(into: &writer)
        writer.put(TCAttribute.chain, index)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Chain? {
        guard message.header.type == RouteMessageType.newChain.rawValue else { return nil }
        let chain = try Chain(decoding: message)
        return index == nil || chain.index == index ? chain : nil
    }
}

extension Dump where Self == ChainDump {
    /// The chains of a place.
    public static func chains(at place: FilterPlace) -> ChainDump { ChainDump(at: place) }
}
