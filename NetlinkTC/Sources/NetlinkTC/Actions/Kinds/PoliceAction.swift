// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lets packets pass up to a rate, and gives the rest another verdict.
///
/// The verdict of what is above the rate is ``Action/control``; ``conforming`` is that of the rest.
///
/// ```swift
/// Action(PoliceAction(rate: .megabits(1), burst: 10_000), control: .drop)
/// ```
///
/// Kernel: kind `police`.
public struct PoliceAction: ActionKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "police" }

    /// The rate, with how packets are counted; nil for none.
    ///
    /// Kernel: `struct tc_police.rate`, `TCA_POLICE_RATE`, `TCA_POLICE_RATE64`.
    public var rate: RateSpecification?
    /// How many bytes may pass at once above the rate.
    ///
    /// Kernel: `struct tc_police.burst`, in ticks.
    public var burst: Burst?
    /// The rate that not even a burst may exceed; nil for none.
    ///
    /// Kernel: `struct tc_police.peakrate`, `TCA_POLICE_PEAKRATE`, `TCA_POLICE_PEAKRATE64`.
    public var peakRate: RateSpecification?
    /// The largest packet that conforms, in bytes; nil for what the rate table gives.
    ///
    /// Kernel: `struct tc_police.mtu`; all ones, which means no limit, is reported where there is no rate.
    public var mtu: UInt32?
    /// The rate above which the kernel's estimate of the traffic must not be; needs an estimator.
    ///
    /// Kernel: `TCA_POLICE_AVRATE`, `u32` bytes in a second.
    public var averageRate: Rate?
    /// How many packets may pass in a second; nil for any number.
    ///
    /// Kernel: `TCA_POLICE_PKTRATE64`, `u64`; since Linux 5.13.
    public var packetRate: UInt64?
    /// How many packets may pass at once above ``packetRate``.
    ///
    /// The kernel begins with none (Linux 7.2, other than with ``burst``): the number grows by ``packetRate`` in a second
    /// while fewer pass.
    ///
    /// Kernel: `TCA_POLICE_PKTBURST64`, `u64`, in ticks.
    public var packetBurst: UInt64?
    /// The verdict of what is below the rate; nil for ``ActionControl/pass``.
    ///
    /// Kernel: `TCA_POLICE_RESULT`, `u32`.
    public var conforming: ActionControl?
    /// Kept as it is; the kernel uses it for nothing.
    ///
    /// Kernel: `struct tc_police.limit`.
    public var limit: UInt32 = 0
    /// The logarithms of how many bytes share an entry of the rate tables; nil for what the MTU needs.
    public var cellLog: UInt8?
    /// ``cellLog`` of the peak rate's table.
    public var peakCellLog: UInt8?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// Nothing to measure yet: set an average rate, a largest packet or a rate of packets.
    public init() {}

    /// A rate of bytes.
    public init(rate: Rate, burst: ByteCount) {
        self.rate = RateSpecification(rate)
        self.burst = .bytes(burst)
    }

    /// A rate of packets in a second.
    public init(packetRate: UInt64, packetBurst: UInt64) {
        self.packetRate = packetRate
        self.packetBurst = packetBurst
    }

    static let byteCount = 56  // sizeof(struct tc_police)

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(PoliceAttribute.self) }
    /// What becomes of packets unless told otherwise.
    public var defaultControl: ActionControl { .reclassify }

    /// The same without what is computed when it is sent.
    public var settings: PoliceAction {
        var copy = self
        copy.rate?.cellLog = 0
        copy.rate?.cellAlign = 0
        copy.peakRate?.cellLog = 0
        copy.peakRate?.cellAlign = 0
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let rate, rate.rate.bytesPerSecond > 0, burst == nil { validation.add("burst", "a rate needs a burst") }
        if peakRate != nil, rate == nil { validation.add("peakRate", "a peak rate needs a rate") }
        if (packetRate == nil) != (packetBurst == nil) {
            validation.add(packetRate == nil ? "packetRate" : "packetBurst", "packets' rate and burst need each other")
        }
        if packetRate != nil, rate != nil { validation.add("packetRate", "either bytes or packets have a rate") }
        try validation.finish(operation: "police action")
    }
}

/// Attributes inside `TCA_ACT_OPTIONS` of kind `police`.
struct PoliceAttribute: AttributeID {
    let rawValue: UInt16

    static var parameters: Self { Self(rawValue: 1) }  // TCA_POLICE_TBF
    static var rateTable: Self { Self(rawValue: 2) }  // TCA_POLICE_RATE
    static var peakRateTable: Self { Self(rawValue: 3) }  // TCA_POLICE_PEAKRATE
    static var averageRate: Self { Self(rawValue: 4) }  // TCA_POLICE_AVRATE
    static var conforming: Self { Self(rawValue: 5) }  // TCA_POLICE_RESULT
    static var times: Self { Self(rawValue: 6) }  // TCA_POLICE_TM
    static var padding: Self { Self(rawValue: 7) }  // TCA_POLICE_PAD
    static var rate64: Self { Self(rawValue: 8) }  // TCA_POLICE_RATE64
    static var peakRate64: Self { Self(rawValue: 9) }  // TCA_POLICE_PEAKRATE64
    static var packetRate: Self { Self(rawValue: 10) }  // TCA_POLICE_PKTRATE64
    static var packetBurst: Self { Self(rawValue: 11) }  // TCA_POLICE_PKTBURST64
}
