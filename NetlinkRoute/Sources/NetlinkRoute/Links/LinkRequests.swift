// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What the kernel is to add to, or leave out of, the links it reports.
///
/// Kernel: `IFLA_EXT_MASK`, `u32`.
public struct LinkDetail: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Virtual functions; a reply with many may be too long, and is then asked for again without them.
    public static var virtualFunctions: Self { Self(rawValue: 1) }  // RTEXT_FILTER_VF
    /// Bridge VLANs, one by one.
    public static var bridgeVLANs: Self { Self(rawValue: 2) }  // RTEXT_FILTER_BRVLAN
    /// Bridge VLANs, in ranges.
    public static var bridgeVLANRanges: Self { Self(rawValue: 4) }  // RTEXT_FILTER_BRVLAN_COMPRESSED
    /// No statistics.
    public static var withoutStatistics: Self { Self(rawValue: 8) }  // RTEXT_FILTER_SKIP_STATS
}

/// Lists links.
///
/// Kernel: `RTM_GETLINK` with `NLM_F_DUMP`; the filter goes to the kernel and is checked again here.
public struct LinkDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only ports of this master.
    public var master: InterfaceIndex?
    /// Only links of this kind.
    public var kind: String?
    /// What is added or left out.
    public var detail: LinkDetail = []
    /// The namespace, by its id in this one, whose links are listed.
    public var namespaceID: Int32?

    /// All links.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getLink.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list links" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        LinkHeader().encode(into: &writer)
        if !detail.isEmpty { writer.put(LinkAttribute.extensionMask, detail.rawValue) }
        writer.put(LinkAttribute.targetNamespaceID, namespaceID)
        writer.put(LinkAttribute.master, master)
        if let kind {
            writer.nest(LinkAttribute.information) { $0.put(LinkInformationAttribute.kind, unterminated: kind) }
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Link? {
        guard message.header.type == RouteMessageType.newLink.rawValue else { return nil }
        let link = try Link(decoding: message)
        if let master, link.master != master { return nil }
        if let kind, link.kind?.name != kind { return nil }
        return link
    }
}

extension Dump where Self == LinkDump {
    /// All links.
    public static var links: LinkDump { LinkDump() }
    /// The links that are ports of a master or of a kind.
    public static func links(
        master: InterfaceIndex? = nil, kind: String? = nil, detail: LinkDetail = []
    ) -> LinkDump {
        var dump = LinkDump()
        dump.master = master
        dump.kind = kind
        dump.detail = detail
        return dump
    }
}

/// Gets one link.
///
/// Kernel: `RTM_GETLINK` with the number, the name or the alternative name.
public struct LinkQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Which link.
    public var reference: LinkReference
    /// What is added or left out.
    public var detail: LinkDetail
    /// The namespace, by its id in this one, in which the link is.
    public var namespaceID: Int32?

    /// Asks for one link.
    public init(_ reference: LinkReference, detail: LinkDetail = []) {
        self.reference = reference
        self.detail = detail
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getLink.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "get link" }
    /// What it is done to, for errors.
    public var object: String? { reference.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        reference.encode(into: &writer)
        if !detail.isEmpty { writer.put(LinkAttribute.extensionMask, detail.rawValue) }
        writer.put(LinkAttribute.targetNamespaceID, namespaceID)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Link { try Link(decoding: message) }
}

/// Makes a link, by one request.
///
/// Of what is set the kernel leaves some aside in a new link, such as an alias, and refuses some, such as families:
/// `add` of a connection gives it those by a second request; ``Link/initialSettings`` leaves them out.
///
/// Kernel: `RTM_NEWLINK` with `NLM_F_CREATE | NLM_F_EXCL`.
public struct AddLink: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The link, of which everything set is sent.
    public var link: Link
    /// The namespace in which it is made.
    public var target: LinkTarget
    /// Whether a link of the name is changed instead of being an error.
    public var replaces: Bool
    /// Whether ``Link/validate()`` decides before anything is sent; without, the kernel alone judges.
    public var isChecked = true

    /// Makes a link.
    public init(_ link: Link, in target: LinkTarget = LinkTarget(), replaces: Bool = false) {
        self.link = link
        self.target = target
        self.replaces = replaces
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newLink.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { replaces ? [.create, .replace] : [.create, .exclusive] }
    /// What is done, for errors.
    public var operation: StaticString { replaces ? "replace link" : "add link" }
    /// What it is done to, for errors.
    public var object: String? { link.name?.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked, let problem = link.problem { writer.fail(problem) }
        link.encode(into: &writer, changing: nil, moving: target)
    }
}

/// Changes a link that exists, or all links of a group.
///
/// Kernel: `RTM_NEWLINK` without creation flags.
public struct UpdateLink: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The link, by its number, or by its name when the number is 0; what is set and differs from ``base`` is sent.
    ///
    /// With neither number nor name, all links of its ``Link/group`` are changed.
    public var link: Link
    /// What the link was when it was read; nil sends everything that is set.
    public var base: Link?
    /// Where it is moved to.
    public var target: LinkTarget
    /// Whether ``Link/validate()`` decides before anything is sent; without, the kernel alone judges.
    public var isChecked = true

    /// Changes a link.
    public init(_ link: Link, from base: Link? = nil, to target: LinkTarget = LinkTarget()) {
        self.link = link
        self.base = base
        self.target = target
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newLink.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "change link" }
    /// What it is done to, for errors.
    public var object: String? { base?.name?.description ?? link.name?.description ?? "\(link.index)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked, let problem = link.problem { writer.fail(problem) }
        var change = link
        if base != nil, change.changedFlags.isEmpty, let before = base?.flags {
            change.changedFlags = link.flags.symmetricDifference(before).subtracting(.reported)
        }
        // The kernel takes flags without any that are meant for all flags, also those that others changed meanwhile.
        change.flags.formIntersection(change.changedFlags)
        change.encode(into: &writer, changing: base, moving: target, keepingUnknown: false)
    }
}

/// Removes a link, or all links of a group.
///
/// Kernel: `RTM_DELLINK`.
public struct RemoveLink: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What is removed.
    public enum Selection: Hashable, Sendable {
        /// One link.
        case link(LinkReference)
        /// All links of a group.
        case group(UInt32)
    }

    /// What is removed.
    public var selection: Selection
    /// The kind with which the request is checked, as `ip link delete type` does.
    public var kind: String?

    /// Removes one link.
    public init(_ reference: LinkReference) { selection = .link(reference) }
    /// Removes all links of a group.
    public init(group: UInt32) { selection = .group(group) }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteLink.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove link" }
    /// What it is done to, for errors.
    public var object: String? {
        switch selection {
        case .link(let reference): reference.description
        case .group(let group): "group \(group)"
        }
    }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        switch selection {
        case .link(let reference): reference.encode(into: &writer)
        case .group(let group):
            LinkHeader().encode(into: &writer)
            writer.put(LinkAttribute.group, group)
        }
        if let kind {
            writer.nest(LinkAttribute.information, marked: false) {
                $0.put(LinkInformationAttribute.kind, unterminated: kind)
            }
        }
    }
}

extension Link {
    var problem: NetlinkError? {
        do throws(NetlinkError) { try validate() } catch { return error }
        return nil
    }
}

extension LinkReference {
    /// Writes a link header that names this link, and its name where it has no number.
    func encode(into writer: inout MessageWriter) {
        var header = LinkHeader()
        if case .index(let index) = self { header.index = index.rawValue }
        header.encode(into: &writer)
        guard case .name(let name) = self else { return }
        // The kernel looks for both kinds of name under either attribute; the shorter one has room for 15 bytes.
        if name.utf8.count <= 15 {
            writer.put(LinkAttribute.name, name)
        } else {
            writer.put(LinkAttribute.alternativeName, name)
        }
    }
}
