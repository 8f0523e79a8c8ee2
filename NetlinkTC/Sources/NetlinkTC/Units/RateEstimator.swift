// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Asks the kernel to measure the rate of a queueing discipline, class, filter or action.
///
/// It is written only; what is measured is in ``TCStatistics/rate``.
///
/// Kernel: `TCA_RATE`, `struct tc_estimator`.
public struct RateEstimator: Hashable, Sendable {
    /// How often is looked: -2 for each quarter of a second, each step doubling up to 3 for 8 seconds.
    public var interval: Int8
    /// The logarithm of the weight of what was before.
    public var logarithm: UInt8

    /// The kernel's numbers.
    public init(interval: Int8, logarithm: UInt8) {
        self.interval = interval
        self.logarithm = logarithm
    }

    /// An estimator that looks each `interval`, rounded up to one that the kernel has, and whose average follows within
    /// `timeConstant`; nil where the kernel has none like it.
    public init?(interval: Duration, timeConstant: Duration) {
        let microseconds = Double(interval.wholeMicroseconds)
        let constant = Double(timeConstant.wholeMicroseconds)
        guard let step = (0...5).first(where: { microseconds <= Double(250_000 << $0) }) else { return nil }
        var log: UInt8 = 1
        while log < 32 {
            // The logarithm of 1 - 2^-log, as a series.
            let part = 1 / Double(UInt64(1) << UInt64(log))
            var term = part
            var sum = 0.0
            for index in 1...60 {
                sum += term / Double(index)
                term *= part
            }
            if microseconds / sum > constant { break }
            log += 1
        }
        log -= 1
        guard log > 0, log < 31 else { return nil }
        self.init(interval: Int8(step - 2), logarithm: log)
    }

    /// Writes it as an attribute.
    func encode<ID: AttributeID>(_ id: ID, into writer: inout MessageWriter) {
        let value = self
        writer.put(id, structure: 2) { structure in  // sizeof(struct tc_estimator)
            structure.store(value.interval, at: 0)  // struct tc_estimator.interval
            structure.store(value.logarithm, at: 1)  // struct tc_estimator.ewma_log
        }
    }

    /// Reads the structure.
    init(_ span: RawSpan) throws(DecodeError) {
        interval = try span.load(at: 0)  // struct tc_estimator.interval
        logarithm = try span.load(at: 1)  // struct tc_estimator.ewma_log
    }
}
