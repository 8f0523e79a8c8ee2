// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What the commands of a family accept, as the kernel itself says.
///
/// Kernel: `CTRL_ATTR_OP_POLICY` and `CTRL_ATTR_POLICY` of a dump of `CTRL_CMD_GETPOLICY`.
public struct FamilyPolicy: Hashable, Sendable {
    /// Which policies check a command.
    public struct Operation: Hashable, Sendable {
        /// The policy of the command or query, by its number in ``FamilyPolicy/policies``.
        public var single: UInt32?
        /// The policy of the dump.
        public var dump: UInt32?

        /// None, or these.
        public init(single: UInt32? = nil, dump: UInt32? = nil) {
            self.single = single
            self.dump = dump
        }
    }

    /// The family's number.
    public var familyID: UInt16?
    /// The policies that check each command that checks anything.
    public var operations: [UInt32: Operation] = [:]
    /// The policies: what may stand in a message or nest, by attribute number.
    public var policies: [UInt32: [UInt16: AttributePolicy]] = [:]
    /// What this type does not model.
    public var unknown = UnknownAttributes()

    /// Nothing is said of any command.
    public init() {}

    /// What a command accepts, by attribute number; nil where the kernel checks nothing or does not have the command.
    public func attributes(of command: UInt8, isDump: Bool = false) -> [UInt16: AttributePolicy]? {
        guard let operation = operations[UInt32(command)] else { return nil }
        return (isDump ? operation.dump : operation.single).flatMap { policies[$0] }
    }

    /// What a command accepts as one attribute, which is named by the numbers of the nests around it and its own.
    ///
    /// The numbers of the elements of an array of nests are left out. Nil where the kernel does not accept it.
    public func policy(of path: [UInt16], in command: UInt8, isDump: Bool = false) -> AttributePolicy? {
        var level = attributes(of: command, isDump: isDump)
        var found: AttributePolicy?
        for number in path.prefix(PolicyCheck.depthLimit) {
            guard let policy = level?[number] else { return nil }
            found = policy
            level = policy.nestedPolicy.flatMap { policies[$0] }
        }
        return path.count > PolicyCheck.depthLimit ? nil : found
    }

    /// Takes in one message of the dump.
    mutating func take(_ message: borrowing Message) throws(DecodeError) {
        var reader = try message.attributes(in: GenericController.self, of: ControllerAttribute.self)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .familyID: familyID = try attribute.integer()
            case .operationPolicy:
                var list = attribute.nested(RawAttributeID.self)
                while let element = try list.next() {
                    let command = UInt32(element.id.rawValue)
                    operations[command, default: Operation()] = try operation(element.nested())
                }
            case .policy:
                // Numbered by policy, inside numbered by attribute.
                var list = attribute.nested(RawAttributeID.self)
                while let element = try list.next() {
                    let number = UInt32(element.id.rawValue)
                    var attributes = element.nested(RawAttributeID.self)
                    while let inner = try attributes.next() {
                        policies[number, default: [:]][inner.id.rawValue] = try AttributePolicy(decoding: inner.payload)
                    }
                }
            default: unknown.keep(attribute)
            }
        }
    }

    private func operation(_ nest: consuming AttributeReader<OperationPolicyAttribute>) throws(DecodeError) -> Operation
    {
        var operation = Operation()
        while let attribute = try nest.next() {
            switch attribute.id {
            case .single: operation.single = try attribute.integer()
            case .dump: operation.dump = try attribute.integer()
            default: break
            }
        }
        return operation
    }
}

/// Asks what the commands of a family accept.
///
/// The kernel answers in pieces, of which an array makes one element. It runs on the connections of every family.
///
/// Kernel: `CTRL_CMD_GETPOLICY`, since Linux 5.7; by command since 5.10.
public struct PolicyDump<Family: GenericFamily>: PiecewiseDump {
    /// All policies of the family.
    public typealias Element = FamilyPolicy

    /// Which family.
    public var family: FamilyReference
    /// Only what this command accepts.
    public var commandNumber: UInt8?

    /// Asks about a family or one of its commands.
    public init(_ family: FamilyReference, command: UInt8? = nil) {
        self.family = family
        commandNumber = command
    }

    /// The message's type.
    public var messageType: UInt16 { GenericController.messageType }
    /// What is done, for errors.
    public var operation: StaticString { "list policies" }
    /// What it is done to, for errors.
    public var object: String? { family.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        GenericHeader(command: ControllerCommand.getPolicy.rawValue, version: GenericController.version)
            .encode(into: &writer)
        family.encode(into: &writer)
        if let commandNumber { writer.put(ControllerAttribute.operation, UInt32(commandNumber)) }
    }

    /// Adds a piece to the one element.
    public func merge(_ message: borrowing Message, into elements: inout [FamilyPolicy]) throws(DecodeError) {
        if elements.isEmpty { elements.append(FamilyPolicy()) }
        try elements[0].take(message)
    }
}
