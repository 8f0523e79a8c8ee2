// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// What a device is called and how it works, as its descriptor tells.
public struct TunTapStatus: Hashable, Sendable {
    /// The present name.
    public var name: InterfaceName
    /// Its flags.
    public var flags: TunTapFlags
}

extension TunTapDevice {
    /// What the kernel can do, without a device being opened.
    ///
    /// Kernel: `TUNGETFEATURES`.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` where the kernel has no tun devices.
    public static func supportedFlags() throws(NetlinkError) -> TunTapFlags {
        do throws(SystemError) {
            let file = try TunTapCalls.open()
            return TunTapFlags(rawValue: try TunTapCalls.features(file.number))
        } catch {
            throw NetlinkError(error, operation: "ask for features", object: TunTapCalls.path)
        }
    }

    /// The present name and flags.
    ///
    /// Kernel: `TUNGETIFF`, in which one bit stands for `IFF_NO_PI` and `IFF_NOFILTER`; here it tells how packets are laid
    /// out for this descriptor.
    public func status() throws(NetlinkError) -> TunTapStatus {
        try perform { (descriptor: Int32) throws(SystemError) in
            let (name, flags) = try TunTapCalls.interface(of: descriptor)
            var status = TunTapStatus(name: name, flags: TunTapFlags(bits: flags))
            if configuration.hasPacketInformation { status.flags.remove(.noPacketInformation) }
            return status
        }
    }

    /// Says whether the device outlives its descriptors; it is removed by switching that off and closing them.
    ///
    /// Kernel: `TUNSETPERSIST`.
    public func setPersistent(_ isPersistent: Bool) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in
            try TunTapCalls.setPersistent(descriptor, isPersistent)
        }
    }

    /// Says which user may open the device without the right to make one; it cannot be taken back.
    ///
    /// Kernel: `TUNSETOWNER`.
    public func setOwner(_ user: UInt32) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.setOwner(descriptor, user) }
    }

    /// Says which group may open the device without the right to make one; it cannot be taken back.
    ///
    /// Kernel: `TUNSETGROUP`.
    public func setGroup(_ group: UInt32) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.setGroup(descriptor, group) }
    }

    /// Says which unfinished packets this program takes.
    ///
    /// Kernel: `TUNSETOFFLOAD`.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument` for what the kernel does not know, or without an
    ///   offload header.
    public func setOffloads(_ offloads: TunTapOffloads) throws(NetlinkError) {
        guard configuration.hasOffloadHeader || offloads.isEmpty else {
            throw NetlinkError(
                .invalidArgument, operation: "change device", object: name.description,
                explanation: "offloads need the offload header")
        }
        try perform { (descriptor: Int32) throws(SystemError) in
            try TunTapCalls.setOffloads(descriptor, offloads.rawValue)
        }
    }

    /// Switches the link's carrier, as plugging in a cable does.
    ///
    /// Kernel: `TUNSETCARRIER`, since Linux 5.0.
    public func setCarrier(_ isOn: Bool) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.setCarrier(descriptor, isOn) }
    }

    /// Stops or resumes giving packets to this queue of several.
    ///
    /// Kernel: `TUNSETQUEUE`.
    public func setQueueEnabled(_ isEnabled: Bool) throws(NetlinkError) {
        let flags: TunTapFlags = isEnabled ? .attachedQueue : .detachedQueue
        try perform { (descriptor: Int32) throws(SystemError) in
            try TunTapCalls.setQueue(descriptor, flags: UInt16(truncatingIfNeeded: flags.rawValue))
        }
    }

    /// Changes the hardware type of a link that is down, by its `ARPHRD_*` number.
    ///
    /// Kernel: `TUNSETLINK`.
    public func setHardwareType(_ type: UInt16) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.setLinkType(descriptor, type) }
    }

    /// How many bytes of written packets the kernel holds before writing has to wait.
    ///
    /// Kernel: `TUNGETSNDBUF`.
    public func sendBufferByteCount() throws(NetlinkError) -> Int {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.sendBuffer(descriptor) }
    }

    /// Changes how many bytes of written packets the kernel holds.
    ///
    /// Kernel: `TUNSETSNDBUF`.
    public func setSendBufferByteCount(_ count: Int) throws(NetlinkError) {
        try perform { (descriptor: Int32) throws(SystemError) in try TunTapCalls.setSendBuffer(descriptor, count) }
    }

    /// Lets only frames for these addresses through to the program; of a tap device.
    ///
    /// No address lets all through.
    ///
    /// Frames for everybody count as one more address, which must be given where they are wanted.
    ///
    /// Kernel: `TUNSETTXFILTER`, `struct tun_filter`.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument` for an address that does not have six bytes.
    public func setFilter(_ addresses: [HardwareAddress], allMulticast: Bool = false) throws(NetlinkError) {
        guard addresses.allSatisfy({ $0.bytes.count == 6 }), addresses.count <= Int(UInt16.max) else {
            throw NetlinkError(
                .invalidArgument, operation: "change device", object: name.description,
                explanation: "an Ethernet address has six bytes")
        }
        var header = HeaderBuffer()
        header.store(allMulticast ? Self.allMulticast : 0, at: 0)  // struct tun_filter.flags
        header.store(UInt16(addresses.count), at: 2)  // struct tun_filter.count
        let built = header.withBytes(count: Self.filterByteCount) { $0.array } + addresses.flatMap(\.bytes)
        try perform { (descriptor: Int32) throws(SystemError) in
            try TunTapCalls.setTransmitFilter(descriptor, built)
        }
    }

    private static let filterByteCount = 4  // sizeof(struct tun_filter)
    private static let allMulticast: UInt16 = 0x0001  // TUN_FLT_ALLMULTI
}
