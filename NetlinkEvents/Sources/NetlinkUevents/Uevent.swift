// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What happened to a kernel object.
public struct UeventAction: RawRepresentable, Hashable, Sendable {
    /// The kernel's word.
    public let rawValue: String
    /// Takes any word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The object was made.
    public static var add: Self { Self(rawValue: "add") }
    /// The object is gone.
    public static var remove: Self { Self(rawValue: "remove") }
    /// Something about the object changed.
    public static var change: Self { Self(rawValue: "change") }
    /// The object has another path, which an interface gets when it is renamed.
    public static var move: Self { Self(rawValue: "move") }
    /// The object may be used again.
    public static var online: Self { Self(rawValue: "online") }
    /// The object may not be used for now.
    public static var offline: Self { Self(rawValue: "offline") }
    /// A driver took the device.
    public static var bind: Self { Self(rawValue: "bind") }
    /// The driver let go of the device.
    public static var unbind: Self { Self(rawValue: "unbind") }
}

/// A thing that the kernel tells about an object, such as `INTERFACE=eth0`.
public struct UeventProperty: Hashable, Sendable {
    /// The name.
    public var key: String
    /// The value's bytes; nil for a word without a value.
    public var bytes: [UInt8]?

    /// A property with its value.
    public init(_ key: String, _ value: String?) {
        self.key = key
        bytes = value.map { Array($0.utf8) }
    }

    init(key: String, bytes: [UInt8]?) {
        self.key = key
        self.bytes = bytes
    }

    /// The value; invalid UTF-8 is repaired.
    public var value: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}

/// A change of an object of the kernel's device tree.
///
/// Kernel: `NETLINK_KOBJECT_UEVENT`, `ACTION@DEVPATH` and `KEY=VALUE` texts, each ended by a NUL; not a netlink message.
public struct Uevent: Hashable, Sendable {
    /// Who wrote a datagram, by its form.
    @nonexhaustive
    public enum Form: Hashable, Sendable {
        /// The kernel's form.
        case kernel
        /// The form in which udev passes events on once its rules have run; any program with the right may send it.
        case udev
    }

    /// What happened.
    public var action: UeventAction
    /// The object's path below `/sys`.
    public var devicePath: String
    /// Everything told about the object, in the kernel's order.
    public var properties: [UeventProperty]
    /// In whose form it came.
    public var form = Form.kernel
    /// The namespace in which it happened, by its id in the socket's own; nil for the socket's own.
    public var namespaceID: NamespaceID?

    /// An event.
    public init(_ action: UeventAction, at devicePath: String, properties: [UeventProperty] = []) {
        self.action = action
        self.devicePath = devicePath
        self.properties = properties
    }

    /// The value of a property, the last where there are several; nil where there is none.
    public subscript(key: String) -> String? { properties.last { $0.key == key }?.value }

    /// The kind of object, such as `net` or `block`.
    ///
    /// Kernel: `SUBSYSTEM`.
    public var subsystem: String? { self["SUBSYSTEM"] }
    /// The name of the device's node below `/dev`.
    ///
    /// Kernel: `DEVNAME`.
    public var deviceName: String? { self["DEVNAME"] }
    /// What within its subsystem the object is, such as `partition` or `bridge`.
    ///
    /// Kernel: `DEVTYPE`.
    public var deviceType: String? { self["DEVTYPE"] }
    /// The driver.
    ///
    /// Kernel: `DRIVER`.
    public var driver: String? { self["DRIVER"] }
    /// The device's numbers, where it has a node.
    ///
    /// Kernel: `MAJOR` and `MINOR`.
    public var deviceNumber: (major: UInt32, minor: UInt32)? {
        guard let major = self["MAJOR"].flatMap(UInt32.init), let minor = self["MINOR"].flatMap(UInt32.init) else {
            return nil
        }
        return (major, minor)
    }
    /// The number that the kernel gives each event of all namespaces, counted from 1.
    ///
    /// Kernel: `SEQNUM`.
    public var sequenceNumber: UInt64? { self["SEQNUM"].flatMap(UInt64.init) }
    /// The name of a network interface.
    ///
    /// Kernel: `INTERFACE`.
    public var interfaceName: String? { self["INTERFACE"] }
    /// The number of a network interface.
    ///
    /// Kernel: `IFINDEX`.
    public var interfaceIndex: InterfaceIndex? {
        self["IFINDEX"].flatMap(Int32.init).map(InterfaceIndex.init(rawValue:))
    }
    /// Whether the object was made.
    public var isAdd: Bool { action == .add }
}

extension Uevent {
    /// Reads a datagram of either form.
    ///
    /// Words without `=` are kept; an empty one is passed over.
    ///
    /// - Throws: `DecodeError` when it has neither form.
    public init(decoding datagram: RawSpan) throws(DecodeError) {
        if datagram.byteCount >= UdevHeader.prefix.count,
            datagram.bytes(from: 0, count: UdevHeader.prefix.count).isEqual(to: UdevHeader.prefix.rawSpan)
        {
            try self.init(udev: datagram)
        } else {
            try self.init(kernel: datagram)
        }
    }

    private init(kernel datagram: RawSpan) throws(DecodeError) {
        let title = datagram.textBytes
        // The path is empty for no object, and an at sign may stand in it: the first one parts.
        guard let at = title.firstIndex(of: UInt8(ascii: "@")), at > 0 else {
            throw DecodeError(.invalidValue, expected: 1, actual: datagram.byteCount)
        }
        self.init(
            UeventAction(rawValue: String(decoding: title[..<at], as: UTF8.self)),
            at: String(decoding: title[(at + 1)...], as: UTF8.self),
            properties: Self.properties(datagram.bytes(from: title.count + 1)))
    }

    private init(udev datagram: RawSpan) throws(DecodeError) {
        let magic = UInt32(bigEndian: try datagram.load(at: UdevHeader.magicOffset, as: UInt32.self))
        guard magic == UdevHeader.magic else { throw DecodeError(.invalidValue) }
        let offset = Int(try datagram.load(at: UdevHeader.propertiesOffset, as: UInt32.self))
        let length = Int(try datagram.load(at: UdevHeader.propertiesLengthOffset, as: UInt32.self))
        guard offset >= UdevHeader.byteCount, offset <= datagram.byteCount, length <= datagram.byteCount - offset
        else { throw DecodeError(.invalidLength, expected: length, actual: max(0, datagram.byteCount - offset)) }
        let properties = Self.properties(datagram.bytes(from: offset, count: length))
        self.init(.change, at: "", properties: properties)
        guard let action = self["ACTION"], let path = self["DEVPATH"] else { throw DecodeError(.invalidValue) }
        self.action = UeventAction(rawValue: action)
        devicePath = path
        form = .udev
    }

    private static func properties(_ span: RawSpan) -> [UeventProperty] {
        var found: [UeventProperty] = []
        var start = 0
        while start < span.byteCount {
            let word = span.bytes(from: start).textBytes
            start += word.count + 1
            if word.isEmpty { continue }
            let equals = word.firstIndex(of: UInt8(ascii: "="))
            found.append(
                UeventProperty(
                    key: String(decoding: word[..<(equals ?? word.endIndex)], as: UTF8.self),
                    bytes: equals.map { Array(word[($0 + 1)...]) }))
        }
        return found
    }
}

/// The header in front of udev's form.
private enum UdevHeader {
    static let prefix: [UInt8] = Array("libudev\0".utf8)
    static let magic: UInt32 = 0xfeed_cafe
    // Behind the prefix: magic, big-endian; header size; where the properties begin; their length; hashes for filters.
    static let magicOffset = 8
    static let propertiesOffset = 16
    static let propertiesLengthOffset = 20
    static let byteCount = 40
}
