// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Gives a link further names, or takes them away.
///
/// Kernel: `RTM_NEWLINKPROP`, `RTM_DELLINKPROP` with `IFLA_PROP_LIST`; since Linux 5.5.
public struct AlternativeNames: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which link.
    public var reference: LinkReference
    /// The names, 1 to 127 bytes each, without slash, white space and NUL.
    public var names: [String]
    /// Whether the names are taken away.
    public var removes: Bool
    /// Whether a name that no link could have is refused before anything is sent; the kernel would take some of them.
    public var isChecked = true

    /// Adds names.
    public static func adding(_ names: [String], to reference: LinkReference) -> AlternativeNames {
        AlternativeNames(reference: reference, names: names, removes: false)
    }

    /// Takes names away.
    public static func removing(_ names: [String], from reference: LinkReference) -> AlternativeNames {
        AlternativeNames(reference: reference, names: names, removes: true)
    }

    /// The message's type.
    public var messageType: UInt16 {
        (removes ? RouteMessageType.deleteLinkProperty : .newLinkProperty).rawValue
    }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { removes ? [] : [.exclusive, .create, .append] }
    /// What is done, for errors.
    public var operation: StaticString { removes ? "remove alternative names" : "add alternative names" }
    /// What it is done to, for errors.
    public var object: String? { reference.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked, !removes {
            for name in names {
                do throws(NetlinkError) { try LinkReference.name(name).validate() } catch { writer.fail(error) }
            }
        }
        reference.encode(into: &writer)
        writer.nest(LinkAttribute.properties) { writer in
            for name in names { writer.put(LinkAttribute.alternativeName, name) }
        }
    }
}
