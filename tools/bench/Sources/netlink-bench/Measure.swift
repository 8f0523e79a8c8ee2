// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Runs variants of one task in turn, round after round, so that a noisy moment hits all of them alike.
struct Comparison {
    private struct Variant {
        var name: String
        var target: Double?
        var before: () throws -> Void
        var body: () async throws -> Void
    }
    private var variants: [Variant] = []
    private var samples: [[Double]] = []
    let title: String

    init(_ title: String) { self.title = title }

    /// Adds a variant; the first one is what the others are compared with.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - target: What its ratio should be at most.
    ///   - before: What is done each time before the clock starts.
    ///   - body: What is measured.
    mutating func add(
        _ name: String, target: Double? = nil, before: @escaping () throws -> Void = {},
        body: @escaping () async throws -> Void
    ) {
        variants.append(Variant(name: name, target: target, before: before, body: body))
        samples.append([])
    }

    /// Runs all variants and prints medians and ratios.
    mutating func run(rounds: Int, unit: String = "ms", divisor: Double = 1) async throws {
        for round in 0..<(rounds + 1) {
            for (index, variant) in variants.enumerated() {
                try variant.before()
                let clock = ContinuousClock()
                let start = clock.now
                try await variant.body()
                let time = start.duration(to: clock.now)
                // The first round warms caches and buffers.
                if round > 0 {
                    let (seconds, attoseconds) = time.components
                    samples[index].append((Double(seconds) * 1e3 + Double(attoseconds) / 1e15) / divisor)
                }
            }
        }
        defer { fflush(nil) }
        print("\n\(title) (\(rounds) rounds, medians)")
        let floor = Self.median(samples[0])
        for (index, variant) in variants.enumerated() {
            let median = Self.median(samples[index])
            let ratios = zip(samples[index], samples[0]).map { $0 / $1 }
            print(
                "  \(variant.name.padded(to: 44)) \(median.text(3).padded(left: 10)) \(unit)   ratio "
                    + "\(Self.median(ratios).text(2)) (of medians \((median / floor).text(2)))"
                    + (variant.target.map { ", target \($0.text(2))" } ?? ""))
        }
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[sorted.count / 2]
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    func padded(left width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Double {
    func text(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        let whole = Int(rounded)
        let fraction = Int(((rounded - Double(whole)) * scale).rounded())
        let text = String(fraction)
        return "\(whole)." + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
