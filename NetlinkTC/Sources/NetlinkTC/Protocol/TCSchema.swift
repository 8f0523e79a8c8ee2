// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Tells the connections of rtnetlink what stands in this layer's messages.
enum TCSchema {
    private static let isRegistered: Bool = {
        var schemas: [(RouteMessageType, MessageSchema)] = [
            tc(.newQdisc, "RTM_NEWQDISC"), tc(.deleteQdisc, "RTM_DELQDISC"), tc(.getQdisc, "RTM_GETQDISC"),
            tc(.newClass, "RTM_NEWTCLASS"), tc(.deleteClass, "RTM_DELTCLASS"), tc(.getClass, "RTM_GETTCLASS"),
        ]
        schemas += [
            tc(.newFilter, "RTM_NEWTFILTER"), tc(.deleteFilter, "RTM_DELTFILTER"), tc(.getFilter, "RTM_GETTFILTER"),
            tc(.newChain, "RTM_NEWCHAIN"), tc(.deleteChain, "RTM_DELCHAIN"), tc(.getChain, "RTM_GETCHAIN"),
            action(.newAction, "RTM_NEWACTION"), action(.deleteAction, "RTM_DELACTION"),
            action(.getAction, "RTM_GETACTION"),
        ]
        RouteMessageType.register(schemas)
        return true
    }()

    /// Registers them, once in a process.
    static func register() { _ = isRegistered }

    /// What stands inside the options of a kind, whatever it is a kind of: their names do not clash.
    static func options(of kind: String) -> AttributeSchema? {
        QdiscKinds.schema(of: kind) ?? ClassKinds.schema(of: kind) ?? FilterKinds.schema(of: kind)
    }

    private static func tc(_ type: RouteMessageType, _ name: String) -> (RouteMessageType, MessageSchema) {
        let schema = MessageSchema(
            name, fixedByteCount: TCHeader.byteCount, attributes: AttributeSchema(TCAttribute.self))
        return (type, schema)
    }

    private static func action(_ type: RouteMessageType, _ name: String) -> (RouteMessageType, MessageSchema) {
        let schema = MessageSchema(
            name, fixedByteCount: ActionHeader.byteCount, attributes: AttributeSchema(ActionMessageAttribute.self))
        return (type, schema)
    }
}
