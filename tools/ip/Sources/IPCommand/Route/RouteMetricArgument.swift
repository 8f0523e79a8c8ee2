// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// Reads the words that set a route's metrics.
enum RouteMetricArgument {
    /// Takes a metric and its value; false when the word is none.
    static func take(_ word: Word, _ words: inout Words, _ metrics: inout RouteMetrics) throws(CommandError) -> Bool {
        switch word {
        case "mtu": metrics.mtu = try lockable("mtu", 2, &words, &metrics)
        case "hoplimit":
            let limit = try lockable("hoplimit", 10, &words, &metrics)
            guard limit <= 255 else { throw .invalid(words.last ?? Word(""), "\"hoplimit\" value is invalid\n") }
            metrics.hopLimit = limit
        case "advmss": metrics.advertisedSegment = try lockable("mss", 8, &words, &metrics)
        case prefix("reordering"): metrics.reordering = try lockable("reordering", 9, &words, &metrics)
        case "rtt": metrics.roundTripTime = try time("rtt", 4, 8, &words, &metrics)
        case "rto_min":
            metrics.minimumRetransmission = try time("rto_min", try words.required(), 1)
            metrics.locks = (metrics.locks ?? []).union(.metric(13))
        case prefix("window"): metrics.window = try lockable("window", 3, &words, &metrics)
        case prefix("cwnd"): metrics.congestionWindow = try lockable("cwnd", 7, &words, &metrics)
        case prefix("initcwnd"): metrics.initialCongestionWindow = try lockable("initcwnd", 11, &words, &metrics)
        case prefix("initrwnd"): metrics.initialReceiveWindow = try lockable("initrwnd", 14, &words, &metrics)
        case prefix("features"): try takeFeatures(&words, &metrics)
        case prefix("quickack"): metrics.quickAcknowledge = try flag("quickack", &words)
        case prefix("congctl"):
            let name = try lock(16, &words, &metrics)
            metrics.congestionAlgorithm = name.string
        case prefix("rttvar"): metrics.roundTripVariance = try time("rttvar", 5, 4, &words, &metrics)
        case prefix("ssthresh"): metrics.slowStartThreshold = try lockable("ssthresh", 6, &words, &metrics)
        case prefix("fastopen_no_cookie"): metrics.fastOpenNoCookie = try flag("fastopen_no_cookie", &words)
        default: return false
        }
        return true
    }

    /// The next word, behind `lock` where it stands there.
    private static func lock(
        _ number: UInt16, _ words: inout Words, _ metrics: inout RouteMetrics
    ) throws(CommandError) -> Word {
        let word = try words.required()
        guard word == "lock" else { return word }
        metrics.locks = (metrics.locks ?? []).union(.metric(number))
        return try words.required()
    }

    private static func lockable(
        _ name: String, _ number: UInt16, _ words: inout Words, _ metrics: inout RouteMetrics
    ) throws(CommandError) -> UInt32 {
        let word = try lock(number, &words, &metrics)
        guard let value = word.number(UInt32.self) else { throw .invalid(word, "\"\(name)\" value is invalid\n") }
        return value
    }

    /// A time: with a unit in the kernel's measure of `scale` parts of a millisecond, without one in that measure itself.
    private static func time(
        _ name: String, _ number: UInt16, _ scale: UInt32, _ words: inout Words, _ metrics: inout RouteMetrics
    ) throws(CommandError) -> UInt32 {
        try time(name, try lock(number, &words, &metrics), scale)
    }

    private static func time(_ name: String, _ word: Word, _ scale: UInt32) throws(CommandError) -> UInt32 {
        guard let time = word.metricTime else { throw .invalid(word, "\"\(name)\" value is invalid\n") }
        return time.isRaw ? time.value : time.value.multipliedReportingOverflow(by: scale).partialValue
    }

    private static func flag(_ name: String, _ words: inout Words) throws(CommandError) -> UInt32 {
        let word = try words.required()
        guard let value = word.number(UInt32.self) else { throw .invalid(word, "\"\(name)\" value is invalid\n") }
        guard value <= 1 else { throw .invalid(word, "\"\(name)\" value should be 0 or 1\n") }
        return value
    }

    // Like iproute2, one word behind the keyword, and the last keyword counts.
    private static func takeFeatures(_ words: inout Words, _ metrics: inout RouteMetrics) throws(CommandError) {
        let word = try words.required()
        switch word {
        case "ecn": metrics.features = .ecn
        case "tcp_usec_ts": metrics.features = .microsecondTimestamps
        default: throw .invalid(word, "\"features\" value not valid\n")
        }
    }
}
