// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The system calls about tun and tap devices.
@_spi(System) public enum TunTapCalls {
    /// The file that stands for a device once one is attached to it.
    public static let path = "/dev/net/tun"

    // Numbers as on x86, Arm, RISC-V; MIPS, PowerPC and SPARC have others.
    private static let setInterface: UInt = 0x4004_54ca  // TUNSETIFF
    private static let setPersistent: UInt = 0x4004_54cb  // TUNSETPERSIST
    private static let setOwner: UInt = 0x4004_54cc  // TUNSETOWNER
    private static let setLinkType: UInt = 0x4004_54cd  // TUNSETLINK
    private static let setGroup: UInt = 0x4004_54ce  // TUNSETGROUP
    private static let getFeatures: UInt = 0x8004_54cf  // TUNGETFEATURES
    private static let setOffloads: UInt = 0x4004_54d0  // TUNSETOFFLOAD
    private static let setTransmitFilter: UInt = 0x4004_54d1  // TUNSETTXFILTER
    private static let getInterface: UInt = 0x8004_54d2  // TUNGETIFF
    private static let getSendBuffer: UInt = 0x8004_54d3  // TUNGETSNDBUF
    private static let setSendBuffer: UInt = 0x4004_54d4  // TUNSETSNDBUF
    private static let getHeaderByteCount: UInt = 0x8004_54d7  // TUNGETVNETHDRSZ
    private static let setHeaderByteCount: UInt = 0x4004_54d8  // TUNSETVNETHDRSZ
    private static let setQueue: UInt = 0x4004_54d9  // TUNSETQUEUE
    private static let setIndex: UInt = 0x4004_54da  // TUNSETIFINDEX
    private static let setCarrier: UInt = 0x4004_54e2  // TUNSETCARRIER
    private static let getNamespace: UInt = 0x54e3  // TUNGETDEVNETNS

    /// Opens the file; no device is attached yet.
    public static func open() throws(SystemError) -> FileDescriptor { try openFile(path, flags: O_RDWR | O_NONBLOCK) }

    /// Attaches a device, making it where there is none, and returns the name that the kernel gave it.
    public static func attach(
        _ descriptor: Int32, name: InterfaceName?, flags: UInt16
    ) throws(SystemError) -> InterfaceName {
        var request = InterfaceRequest(name: name, flags: flags)
        try request.call(descriptor, setInterface, "TUNSETIFF")
        return request.name
    }

    /// The name and flags of the attached device.
    public static func interface(of descriptor: Int32) throws(SystemError) -> (name: InterfaceName, flags: UInt16) {
        var request = InterfaceRequest()
        try request.call(descriptor, getInterface, "TUNGETIFF")
        return (request.name, request.flags)
    }

    /// Makes this queue one that gets packets, or not.
    public static func setQueue(_ descriptor: Int32, flags: UInt16) throws(SystemError) {
        var request = InterfaceRequest(name: nil, flags: flags)
        try request.call(descriptor, setQueue, "TUNSETQUEUE")
    }

    /// The flags that the kernel knows.
    public static func features(_ descriptor: Int32) throws(SystemError) -> UInt32 {
        UInt32(bitPattern: try number(descriptor, getFeatures, "TUNGETFEATURES"))
    }

    /// Says which link number the device is to have; before it is attached.
    public static func setIndex(_ descriptor: Int32, _ index: Int32) throws(SystemError) {
        try pass(descriptor, setIndex, "TUNSETIFINDEX", number: index)
    }

    /// Says whether the device outlives its descriptors.
    public static func setPersistent(_ descriptor: Int32, _ isPersistent: Bool) throws(SystemError) {
        try pass(descriptor, setPersistent, "TUNSETPERSIST", value: isPersistent ? 1 : 0)
    }

    /// Says who may attach the device; all ones for nobody without the right to make one.
    public static func setOwner(_ descriptor: Int32, _ user: UInt32) throws(SystemError) {
        try pass(descriptor, setOwner, "TUNSETOWNER", value: UInt(user))
    }

    /// Says which group may attach the device.
    public static func setGroup(_ descriptor: Int32, _ group: UInt32) throws(SystemError) {
        try pass(descriptor, setGroup, "TUNSETGROUP", value: UInt(group))
    }

    /// Changes the hardware type of a device that is down.
    public static func setLinkType(_ descriptor: Int32, _ type: UInt16) throws(SystemError) {
        try pass(descriptor, setLinkType, "TUNSETLINK", value: UInt(type))
    }

    /// Says which unfinished packets the program takes.
    public static func setOffloads(_ descriptor: Int32, _ offloads: UInt32) throws(SystemError) {
        try pass(descriptor, setOffloads, "TUNSETOFFLOAD", value: UInt(offloads))
    }

    /// The size of the offload header.
    public static func headerByteCount(_ descriptor: Int32) throws(SystemError) -> Int {
        Int(try number(descriptor, getHeaderByteCount, "TUNGETVNETHDRSZ"))
    }

    /// Changes the size of the offload header.
    public static func setHeaderByteCount(_ descriptor: Int32, _ count: Int) throws(SystemError) {
        try pass(descriptor, setHeaderByteCount, "TUNSETVNETHDRSZ", number: Int32(clamping: count))
    }

    /// How many bytes of written packets the kernel holds before it makes writers wait.
    public static func sendBuffer(_ descriptor: Int32) throws(SystemError) -> Int {
        Int(try number(descriptor, getSendBuffer, "TUNGETSNDBUF"))
    }

    /// Changes how many bytes of written packets the kernel holds.
    public static func setSendBuffer(_ descriptor: Int32, _ count: Int) throws(SystemError) {
        try pass(descriptor, setSendBuffer, "TUNSETSNDBUF", number: Int32(clamping: count))
    }

    /// Switches the carrier on or off.
    public static func setCarrier(_ descriptor: Int32, _ isOn: Bool) throws(SystemError) {
        try pass(descriptor, setCarrier, "TUNSETCARRIER", number: isOn ? 1 : 0)
    }

    /// Opens the network namespace in which the device is.
    public static func namespace(of descriptor: Int32) throws(SystemError) -> FileDescriptor {
        let number = cnetlink_ioctl(descriptor, getNamespace, nil)
        guard number >= 0 else { throw .last("TUNGETDEVNETNS") }
        return FileDescriptor(owning: number)
    }

    /// Sets the filter of a tap device: `struct tun_filter` with its addresses.
    public static func setTransmitFilter(_ descriptor: Int32, _ filter: [UInt8]) throws(SystemError) {
        var filter = filter
        let result = unsafe filter.withUnsafeMutableBytes { bytes in
            unsafe cnetlink_ioctl(descriptor, setTransmitFilter, bytes.baseAddress)
        }
        guard result >= 0 else { throw .last("TUNSETTXFILTER") }
    }

    private static func pass(
        _ descriptor: Int32, _ request: UInt, _ name: String, value: UInt
    ) throws(SystemError) {
        guard unsafe cnetlink_ioctl(descriptor, request, UnsafeMutableRawPointer(bitPattern: value)) >= 0 else {
            throw .last(name)
        }
    }

    private static func pass(
        _ descriptor: Int32, _ request: UInt, _ name: String, number: Int32
    ) throws(SystemError) {
        var number = number
        guard unsafe cnetlink_ioctl(descriptor, request, &number) >= 0 else { throw .last(name) }
    }

    private static func number(_ descriptor: Int32, _ request: UInt, _ name: String) throws(SystemError) -> Int32 {
        var number: Int32 = 0
        guard unsafe cnetlink_ioctl(descriptor, request, &number) >= 0 else { throw .last(name) }
        return number
    }

    /// The name and flags of a device, as the calls take them.
    private struct InterfaceRequest {
        private var words: [5 of UInt64] = [0, 0, 0, 0, 0]
        private static let byteCount = 40  // sizeof(struct ifreq)
        private static let nameByteCount = 16  // IFNAMSIZ
        private static let flagsOffset = 16  // struct ifreq.ifr_ifru

        init() {}

        init(name: InterfaceName?, flags: UInt16) {
            unsafe withUnsafeMutableBytes(of: &words) { bytes in
                for (index, byte) in (name?.bytes ?? []).prefix(Self.nameByteCount - 1).enumerated() {
                    unsafe bytes[index] = byte
                }
                unsafe bytes.storeBytes(of: flags, toByteOffset: Self.flagsOffset, as: UInt16.self)
            }
        }

        var name: InterfaceName {
            unsafe withUnsafeBytes(of: words) { unsafe InterfaceName(kernelBytes: $0.prefix(Self.nameByteCount)) }
        }

        var flags: UInt16 {
            unsafe withUnsafeBytes(of: words) { unsafe $0.load(fromByteOffset: Self.flagsOffset, as: UInt16.self) }
        }

        mutating func call(_ descriptor: Int32, _ request: UInt, _ name: String) throws(SystemError) {
            let result = unsafe withUnsafeMutableBytes(of: &words) { bytes in
                unsafe cnetlink_ioctl(descriptor, request, bytes.baseAddress)
            }
            guard result >= 0 else { throw .last(name) }
        }
    }
}

// Reading and writing, each one packet.
extension TunTapCalls {
    /// The error of a descriptor whose device is gone.
    public static var deviceGone: Int32 { EBADFD }

    /// Reads one packet with the headers in front of it; nil when none is there.
    @inline(__always)
    public static func receive(_ descriptor: Int32, into bytes: inout MutableRawSpan) throws(SystemError) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno == EAGAIN { return nil }
            if errno != EINTR { throw .last("read") }
        }
    }

    /// Writes one packet with the headers in front of it; false when the kernel has no room for it now.
    @inline(__always)
    public static func transmit(_ descriptor: Int32, _ bytes: RawSpan) throws(SystemError) -> Bool {
        while true {
            let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return true }
            if errno == EAGAIN { return false }
            if errno != EINTR { throw .last("write") }
        }
    }

    /// Writes one packet whose headers stand elsewhere; false when the kernel has no room for it now.
    @inline(__always)
    public static func transmit(
        _ descriptor: Int32, headers: RawSpan, _ bytes: RawSpan
    ) throws(SystemError) -> Bool {
        while true {
            let count = unsafe headers.withUnsafeBytes { headers in
                unsafe bytes.withUnsafeBytes { bytes in
                    var parts: [2 of iovec] = unsafe [
                        iovec(iov_base: .init(mutating: headers.baseAddress), iov_len: headers.count),
                        iovec(iov_base: .init(mutating: bytes.baseAddress), iov_len: bytes.count),
                    ]
                    return unsafe withUnsafeBytes(of: &parts) { parts in
                        unsafe writev(descriptor, parts.baseAddress?.assumingMemoryBound(to: iovec.self), 2)
                    }
                }
            }
            if count >= 0 { return true }
            if errno == EAGAIN { return false }
            if errno != EINTR { throw .last("writev") }
        }
    }

    /// Waits until packets can be written, or the deadline passes; true when they can.
    public static func waitWritable(_ descriptor: Int32, until deadline: Instant?) throws(SystemError) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = unsafe poll(&entry, 1, deadline.map { $0.millisecondsLeft() } ?? -1)
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { throw .last("poll") }
            if let deadline, deadline <= .now { return false }
        }
    }

    /// Suspends the task until packets can be read, or the deadline passes; true when they can.
    ///
    /// - Throws: ECANCELED when the task is cancelled.
    public static func waitReadable(_ descriptor: Int32, until deadline: Instant?) async throws(SystemError) -> Bool {
        try answer(try await Poller.shared.wait(descriptor, until: deadline))
    }

    /// Suspends the task until packets can be written, or the deadline passes; true when they can.
    ///
    /// - Throws: ECANCELED when the task is cancelled.
    public static func waitWritable(_ descriptor: Int32, until deadline: Instant?) async throws(SystemError) -> Bool {
        // Others may wait to read from the descriptor, which is watched for one purpose at a time.
        let copy = try duplicate(descriptor)
        return try answer(try await Poller.shared.wait(copy.number, for: .writable, until: deadline))
    }

    private static func answer(_ outcome: Poller.Outcome) throws(SystemError) -> Bool {
        switch outcome {
        case .ready: return true
        case .timedOut: return false
        case .cancelled: throw SystemError(ECANCELED, call: "wait")
        }
    }
}
