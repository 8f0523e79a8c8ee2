// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The words for metrics, in the order of their numbers, in which they are printed.
struct RouteMetricWord: Sendable {
    /// In which unit the kernel keeps a metric.
    struct Measure: Sendable {
        var value: UInt32
        var isTime = true
        static var plain: Measure { Measure(value: 1, isTime: false) }
    }

    /// What a metric holds.
    enum Kind: Sendable {
        case number(any WritableKeyPath<RouteMetrics, UInt32?> & Sendable, Measure)
        case features
        case algorithm
    }

    let name: StaticString
    let number: UInt16
    let kind: Kind

    private init(
        _ name: StaticString, _ number: UInt16, _ path: any WritableKeyPath<RouteMetrics, UInt32?> & Sendable,
        _ measure: Measure = .plain
    ) {
        self.name = name
        self.number = number
        kind = .number(path, measure)
    }

    private init(_ name: StaticString, _ number: UInt16, _ kind: Kind) {
        self.name = name
        self.number = number
        self.kind = kind
    }

    static let all: [RouteMetricWord] = [
        RouteMetricWord("mtu", 2, \.mtu),
        RouteMetricWord("window", 3, \.window),
        RouteMetricWord("rtt", 4, \.roundTripTime, Measure(value: 8)),
        RouteMetricWord("rttvar", 5, \.roundTripVariance, Measure(value: 4)),
        RouteMetricWord("ssthresh", 6, \.slowStartThreshold),
        RouteMetricWord("cwnd", 7, \.congestionWindow),
        RouteMetricWord("advmss", 8, \.advertisedSegment),
        RouteMetricWord("reordering", 9, \.reordering),
        RouteMetricWord("hoplimit", 10, \.hopLimit),
        RouteMetricWord("initcwnd", 11, \.initialCongestionWindow),
        RouteMetricWord("features", 12, .features),
        RouteMetricWord("rto_min", 13, \.minimumRetransmission, Measure(value: 1)),
        RouteMetricWord("initrwnd", 14, \.initialReceiveWindow),
        RouteMetricWord("quickack", 15, \.quickAcknowledge),
        RouteMetricWord("congctl", 16, .algorithm),
        RouteMetricWord("fastopen_no_cookie", 17, \.fastOpenNoCookie),
    ]
}

/// A time of a metric: in seconds from a second on, else in milliseconds.
struct MetricDuration: TextWritable {
    let milliseconds: UInt32

    func write(to bytes: inout [UInt8]) {
        if milliseconds >= 1000 {
            SixDigits(Double(milliseconds) / 1000).write(to: &bytes)
            bytes.append(0x73)
        } else {
            "\(milliseconds)ms".write(to: &bytes)
        }
    }
}
