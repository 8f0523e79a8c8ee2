// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Bands of which a later one sends only while the earlier ones are empty.
///
/// Each band is a class: `1:1`, `1:2`, and so on.
///
/// Kernel: kind `prio`, `struct tc_prio_qopt`. A change rewrites all of it.
public struct PrioQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "prio" }

    /// The bands.
    public var bands: PriorityBands

    /// Three bands with the usual map, or others.
    public init(bands: PriorityBands = PriorityBands()) { self.bands = bands }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) { bands = try PriorityBands(decoding: options) }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: PrioQdisc?) { bands.encode(into: &writer) }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        bands.validate(into: &validation)
        try validation.finish(object: "prio")
    }
}

/// Three bands without classes, which most links have unless told otherwise; it has nothing to set.
///
/// Kernel: kind `pfifo_fast`, which tells `struct tc_prio_qopt`.
public struct PFIFOFastQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "pfifo_fast" }

    /// The bands, which the kernel tells; never sent.
    public var bands: PriorityBands?

    /// What the kernel makes of it.
    public init() {}

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        if options.byteCount > 0 { bands = try PriorityBands(decoding: options) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: PFIFOFastQdisc?) {}

    /// The same without what the kernel only reports.
    public var settings: PFIFOFastQdisc { PFIFOFastQdisc() }
}

/// How many bands there are, and which priority goes into which.
///
/// Kernel: `struct tc_prio_qopt`.
public struct PriorityBands: Hashable, Sendable {
    /// How many bands there are, 2...16.
    ///
    /// Kernel: `bands`, `int`.
    public var count: Int32
    /// The band of each of the 16 priorities; 0 is the first to send.
    ///
    /// Kernel: `priomap`; what is beyond 16 is not sent, what is missing is 0.
    public var map: [UInt8]

    /// Three bands, interactive traffic first and bulk last, or others.
    public init(count: Int32 = 3, map: [UInt8] = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]) {
        self.count = count
        self.map = map
    }

    /// How many priorities there are.
    public static var priorityCount: Int { largestPriority + 1 }
    private static var largestPriority: Int { 15 }  // TC_PRIO_MAX

    static let byteCount = 20  // sizeof(struct tc_prio_qopt)

    init(decoding options: RawSpan) throws(DecodeError) {
        count = try options.load(at: 0)  // struct tc_prio_qopt.bands
        let offset = 4  // struct tc_prio_qopt.priomap
        guard options.byteCount >= Self.byteCount else {
            throw DecodeError(.truncated, expected: Self.byteCount, actual: options.byteCount)
        }
        map = options.bytes(from: offset, count: Self.priorityCount).array
    }

    func encode(into writer: inout MessageWriter) {
        let count = count
        let bytes = Array(map.prefix(Self.priorityCount))
        writer.structure(Self.byteCount) { structure in
            structure.store(count, at: 0)  // struct tc_prio_qopt.bands
            structure.store(bytes.rawSpan, at: 4)  // struct tc_prio_qopt.priomap
        }
    }

    func validate(into validation: inout Validation) {
        if !(2...16).contains(count) { validation.add("bands.count", "there are 2 to 16 bands, not \(count)") }
        if map.contains(where: { Int32($0) >= count }) {
            validation.add("bands.map", "a priority goes into a band that there is not")
        }
        if map.count != Self.priorityCount {
            validation.add("bands.map", "a map has 16 priorities, not \(map.count)")
        }
    }
}
