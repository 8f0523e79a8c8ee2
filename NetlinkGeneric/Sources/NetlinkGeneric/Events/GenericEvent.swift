// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What a family tells its multicast groups.
public protocol GenericEvent: Sendable {
    /// The family.
    associatedtype Family: GenericFamily
    /// The groups that tell it, by name.
    static var groups: [String] { get }
    /// Reads a notification; nil leaves it out.
    init?(decoding message: borrowing Message) throws(DecodeError)
}

/// An element of a stream of events.
@nonexhaustive
public enum GenericEventElement<Event: GenericEvent>: Sendable {
    /// Something happened, in the namespace of the id where it is not the socket's own.
    case event(Event, in: NamespaceID?)
    /// A notification is not what the family says it is; the stream goes on.
    case malformed(DecodeError)
    /// Notifications were lost: what is known from earlier ones may be wrong, read it anew.
    case overflow
}

extension GenericEventElement: Equatable where Event: Equatable {}
extension GenericEventElement: Hashable where Event: Hashable {}

/// What happens to families: they come and go with their modules.
///
/// Kernel: `nlctrl`'s group `notify`.
@nonexhaustive
public enum FamilyEvent: GenericEvent, Hashable {
    /// A family registered.
    case registered(FamilyDescription)
    /// A family is gone.
    case unregistered(FamilyDescription)
    /// A family got multicast groups.
    case groupsAdded(FamilyDescription)
    /// A family lost multicast groups.
    case groupsRemoved(FamilyDescription)
    /// Another message, as its command and the kernel's bytes behind the generic header.
    case other(UInt8, [UInt8])

    /// The controller.
    public typealias Family = GenericController
    /// `notify`.
    public static var groups: [String] { ["notify"] }

    /// Reads a notification.
    public init?(decoding message: borrowing Message) throws(DecodeError) {
        let command = try message.genericCommand
        self =
            switch ControllerCommand(rawValue: command) {
            case .newFamily: .registered(try FamilyDescription(decoding: message))
            case .deleteFamily: .unregistered(try FamilyDescription(decoding: message))
            case .newGroup: .groupsAdded(try FamilyDescription(decoding: message))
            case .deleteGroup: .groupsRemoved(try FamilyDescription(decoding: message))
            default: .other(command, message.payload.bytes(from: GenericHeader.byteCount).array)
            }
    }
}
