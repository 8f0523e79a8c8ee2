// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The parts of a route that few routes have.
enum RouteExtras {
    static func print(_ preference: RouterPreference, _ session: inout Session) {
        let name: StaticString
        switch preference {
        case .low: name = "low"
        case .medium: name = "medium"
        case .high: name = "high"
        default: return session.output.number("pref", preference.rawValue, prefix: "pref ")
        }
        session.output.string("pref", name, prefix: "pref ")
    }

    static func print(_ via: RawVia, _ session: inout Session) {
        session.output.beginObject("via")
        session.output.string("family", via.family.description, prefix: "via ", suffix: " ")
        if via.family == .mpls {
            session.output.string("host", LabelStack(via.address), suffix: " ")
        } else {
            session.output.string("host", ColonHex(via.address), suffix: " ")
        }
        session.output.endObject()
    }

    /// Shows an encapsulation, whose layer is not there yet, raw.
    static func print(_ encapsulation: RawEncapsulation, _ session: inout Session) {
        session.output.string("encap", "type \(encapsulation.type)", prefix: "encap ", suffix: " ")
        session.output.string("encap_data", ColonHex(encapsulation.data), prefix: "data ", suffix: " ")
    }

    static func printNextHops(_ route: Route, _ session: inout Session) {
        let hops = route.nextHops
        if hops.isEmpty { return }
        session.output.beginArray("nexthops")
        for hop in hops {
            session.output.beginObject()
            session.output.newline()
            session.output.text("\tnexthop ")
            if let encapsulation = hop.encapsulation { print(encapsulation, &session) }
            if let labels = hop.newDestination {
                session.output.string("to", LabelStack(labels), prefix: "as to ", suffix: " ")
            }
            RoutePrinter.print(gateway: hop.gateway, of: route.family, &session)
            if let via = hop.via { print(via, &session) }
            if let realms = hop.realms { RoutePrinter.print(realms, &session) }
            if let output = hop.output {
                session.output.string("dev", session.links.name(of: output), prefix: "dev ", suffix: " ")
            }
            // MPLS shares traffic evenly.
            if !route.flags.contains(.cloned), route.family != .mpls {
                session.output.number("weight", hop.weight, prefix: "weight ", suffix: " ")
            }
            RoutePrinter.printFlags(hop.flags, &session)
            session.output.endObject()
        }
        session.output.endArray()
    }

    // MARK: Cache

    private static let cacheFlags: [(UInt32, StaticString)] = [
        (0x8000_0000, "local"),  // RTCF_LOCAL
        (0x4000_0000, "reject"),  // RTCF_REJECT
        (0x2000_0000, "mc"),  // RTCF_MULTICAST
        (0x1000_0000, "brd"),  // RTCF_BROADCAST
        (0x0800_0000, "dst-nat"),  // RTCF_DNAT
        (0x0080_0000, "src-nat"),  // RTCF_SNAT
        (0x0040_0000, "masq"),  // RTCF_MASQ
        (0x0002_0000, "dst-direct"),  // RTCF_DIRECTDST
        (0x0400_0000, "src-direct"),  // RTCF_DIRECTSRC
        (0x0004_0000, "redirected"),  // RTCF_REDIRECTED
        (0x0100_0000, "redirect"),  // RTCF_DOREDIRECT
        (0x0020_0000, "fastroute"),  // RTCF_FAST
        (0x0001_0000, "notify"),  // RTCF_NOTIFY
        (0x0008_0000, "proxy"),  // RTCF_TPROXY
    ]

    static func printCache(_ route: Route, _ session: inout Session) {
        if route.family == .ipv6 || route.family == .unspecified {
            if let cache = route.cache { print(cache, &session) }
        } else if route.flags.contains(.cloned) {
            session.output.newline()
            session.output.text("    cache ")
            session.output.beginArray("cache")
            var isFirst = true
            for (bit, name) in cacheFlags where route.flags.rawValue & bit != 0 {
                session.output.string(nil, name, prefix: isFirst ? "<" : ",")
                isFirst = false
            }
            if !isFirst { session.output.text("> ") }
            session.output.endArray()
            if let cache = route.cache { print(cache, &session) }
        }
    }

    private static func print(_ cache: RouteCacheInformation, _ session: inout Session) {
        let ticks: Int32 = 100
        if cache.expires != 0 {
            session.output.number("expires", cache.expires / ticks, prefix: "expires ", suffix: "sec ")
        }
        if cache.error != 0 {
            session.output.number("error", Int32(truncatingIfNeeded: cache.error), prefix: "error ", suffix: " ")
        }
        guard session.options.statistics > 0 else { return }
        if cache.references != 0 { session.output.number("users", cache.references, prefix: "users ", suffix: " ") }
        if cache.used != 0 { session.output.number("used", cache.used, prefix: "used ", suffix: " ") }
        if cache.lastUse != 0 {
            session.output.number("age", cache.lastUse / UInt32(ticks), prefix: "age ", suffix: "sec ")
        }
    }

    // MARK: Metrics

    static func print(_ metrics: RouteMetrics, _ session: inout Session) {
        session.output.beginArray("metrics")
        session.output.beginObject()
        for metric in RouteMetricWord.all {
            let isLocked = metrics.locks?.contains(.metric(metric.number)) ?? false
            switch metric.kind {
            case .features:
                if let features = metrics.features { print(features, &session) }
            case .algorithm:
                guard let algorithm = metrics.congestionAlgorithm else { continue }
                session.output.text(isLocked ? "congctl lock " : "congctl ")
                session.output.string("congestion", algorithm, suffix: " ")
            case .number(let path, let divisor):
                // The kernel leaves out what is zero, but tells that it is locked.
                guard let value = metrics[keyPath: path] ?? (isLocked ? 0 : nil) else { continue }
                session.output.text(metric.name)
                session.output.text(isLocked ? " lock " : " ")
                if divisor.isTime {
                    session.output.jsonNumber(metric.name, value / divisor.value)
                    session.output.text(MetricDuration(milliseconds: value / divisor.value))
                } else {
                    session.output.number(metric.name, value)
                }
                session.output.text(" ")
            }
        }
        session.output.endObject()
        session.output.endArray()
    }

    private static func print(_ features: RouteMetrics.Features, _ session: inout Session) {
        session.output.text("features ")
        var rest = features
        if rest.contains(.ecn) {
            session.output.null("ecn", text: "ecn ")
            rest.remove(.ecn)
        }
        if rest.contains(.microsecondTimestamps) {
            session.output.null("tcp_usec_ts", text: "tcp_usec_ts ")
            rest.remove(.microsecondTimestamps)
        }
        if !rest.isEmpty { session.output.hex("features", rest.rawValue, suffix: " ") }
    }
}

/// Bytes in hexadecimal with colons between them.
struct ColonHex: TextWritable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func write(to text: inout [UInt8]) {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        for (index, byte) in bytes.enumerated() {
            if index > 0 { text.append(0x3a) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
