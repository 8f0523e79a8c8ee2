// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

extension Action {
    /// Reads one action.
    init(decoding span: RawSpan) throws(DecodeError) {
        self.init(AnyActionKind(name: ""))
        var name = ""
        var parameters = ActionParameters()
        var hasParameters = false
        // The kind's name may come behind its options.
        var first = AttributeReader<ActionAttribute>(span)
        while let attribute = try first.next() {
            if attribute.id == .kind { name = attribute.string() }
        }
        var reader = AttributeReader<ActionAttribute>(span)
        kind = AnyActionKind(name: name)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .kind, .padding: break
            case .options:
                kind = try ActionKinds.decode(name, attribute.payload, parameters: &parameters)
                hasParameters = kind.value != nil
            case .index: index = try attribute.integer()
            case .cookie: cookie = attribute.payload.array
            case .flags:
                let bits = try attribute.bitfield()
                flags = ActionFlags(
                    ActionFlags.FlagSet(rawValue: bits.value), among: ActionFlags.FlagSet(rawValue: bits.selector))
            case .hardwareStatistics:
                let bits = try attribute.bitfield()
                hardwareStatistics = HardwareStatistics(rawValue: bits.value & bits.selector)
            case .usedHardwareStatistics:
                let bits = try attribute.bitfield()
                state.usedHardwareStatistics = HardwareStatistics(rawValue: bits.value & bits.selector)
            case .hardwareCount: state.hardwareCount = try attribute.integer()
            case .statistics: state.statistics = try TCStatistics(decoding: attribute.payload)
            default: unknown.keep(attribute)
            }
        }
        guard hasParameters else { return }
        index = parameters.index
        control = parameters.control
        state.references = parameters.references
        state.bindings = parameters.bindings
        state.times = parameters.times
    }

    /// Writes the action's attributes.
    func encode(into writer: inout MessageWriter) {
        writer.put(ActionAttribute.kind, kind.name)
        let parameters = ActionParameters(
            index: index ?? 0, control: control ?? kind.value?.defaultControl ?? .pipe)
        kind.encode(parameters, into: &writer)
        writer.put(ActionAttribute.cookie, cookie)
        if let hardwareStatistics {
            writer.put(
                ActionAttribute.hardwareStatistics,
                Bitfield32(value: hardwareStatistics.rawValue, selector: hardwareStatistics.rawValue))
        }
        if let flags {
            writer.put(
                ActionAttribute.flags, Bitfield32(value: flags.value.rawValue, selector: flags.selector.rawValue))
        }
        writer.put(unknown)
    }
}

extension [Action] {
    /// Reads the numbered actions of a list, in their order.
    init(decodingActions span: RawSpan) throws(DecodeError) {
        self = []
        var reader = AttributeReader<RawAttributeID>(span)
        while let attribute = try reader.next() { append(try Action(decoding: attribute.payload)) }
    }

    /// Writes the actions numbered from 1 on, and nothing where there are none.
    func encodeActions<ID: AttributeID>(_ id: ID, into writer: inout MessageWriter) {
        guard !isEmpty else { return }
        guard count <= Action.listLimit else {
            return writer.fail(
                NetlinkError(
                    .invalidArgument, explanation: "\(count) actions in a list; \(Action.listLimit) are the most"))
        }
        writer.nest(id, marked: false) { writer in
            for (number, action) in zip(UInt16(1)..., self) {
                writer.nest(rawType: number) { action.encode(into: &$0) }
            }
        }
    }
}

extension [Action] {
    /// Notes what the kernel would refuse of them.
    func validate(into validation: inout Validation) {
        for (index, action) in enumerated() {
            validation.include("actions[\(index)]") { () throws(NetlinkError) in try action.validate() }
        }
    }
}
