// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Whether a value is as wanted, where anything is wanted.
private func fits<T: Equatable>(_ have: T?, _ want: T?) -> Bool { want == nil || want == have }

extension Route {
    /// Whether the kernel takes both for the same route, so that adding one when the other is there is an error.
    func isSameObject(as other: Route) -> Bool {
        family == other.family && table == other.table && typeOfService == other.typeOfService
            && destination?.network == other.destination?.network && rawDestination == other.rawDestination
            && (source?.isAny == false ? source?.network : nil)
                == (other.source?.isAny == false ? other.source?.network : nil)
            && effectiveMetric == other.effectiveMetric
    }

    // What the kernel makes of a metric that is left out.
    private var effectiveMetric: UInt32 { metric ?? (family == .ipv6 ? 1024 : 0) }

    /// Whether this route, as read, has all that is set in another of the same identity.
    func satisfies(_ wanted: Route) -> Bool {
        type == wanted.type && (wanted.origin == .unspecified || origin == wanted.origin)
            && (family != .ipv4 || !wanted.present.contains(.scope) || scope == wanted.scope)
            && fits(preferredSource, wanted.preferredSource) && fits(preference, wanted.preference)
            && fits(realms, wanted.realms) && fits(newDestination, wanted.newDestination)
            && fits(ttlPropagation, wanted.ttlPropagation) && wanted.expires == nil && hasMetrics(of: wanted)
            && hasNextHops(of: wanted)
    }

    private func hasMetrics(of wanted: Route) -> Bool {
        guard let wantedMetrics = wanted.metrics, !wantedMetrics.isEmpty else { return true }
        return (metrics ?? RouteMetrics()).satisfies(wantedMetrics)
    }

    private func hasNextHops(of wanted: Route) -> Bool {
        if wanted.nextHopID != nil { return nextHopID == wanted.nextHopID }
        guard nextHopID == nil else { return false }
        // One next hop is told without a list, even where it was given as one.
        let have = nextHops.isEmpty ? [onlyHop] : nextHops
        var want = wanted.nextHops.isEmpty ? [wanted.onlyHop] : wanted.nextHops
        // And one alone has no share.
        if want.count == 1 { want[0].weight = 1 }
        // Reject routes have the loopback link for a next hop, or none.
        if wanted.onlyHop == NextHop(), wanted.nextHops.isEmpty { return nextHops.isEmpty && gateway == nil }
        return have.count == want.count && want.allSatisfy { hop in have.contains { $0.satisfies(hop) } }
    }

    private var onlyHop: NextHop {
        var hop = NextHop(via: gateway, on: output)
        hop.flags = flags.intersection(.onLink)
        hop.encapsulation = encapsulation
        hop.via = via
        return hop
    }
}

extension NextHop {
    /// Whether this next hop, as read, has all that is set in another.
    func satisfies(_ wanted: NextHop) -> Bool {
        gateway == wanted.gateway && fits(output, wanted.output) && weight == wanted.weight
            && flags.intersection(.onLink) == wanted.flags.intersection(.onLink) && fits(realms, wanted.realms)
            && via == wanted.via && fits(newDestination, wanted.newDestination)
            && (wanted.encapsulation.map { encapsulation?.satisfies($0) == true } ?? (encapsulation == nil))
    }
}

extension RawEncapsulation {
    /// Whether this encapsulation, as read, has every attribute of another; the kernel adds what was left out.
    func satisfies(_ wanted: RawEncapsulation) -> Bool {
        if self == wanted { return true }
        guard type == wanted.type, let have = try? attributes, let want = try? wanted.attributes else { return false }
        return want.allSatisfy { have.contains($0) }
    }

    private var attributes: [UnknownAttribute] {
        get throws(DecodeError) {
            var all: [UnknownAttribute] = []
            var reader = AttributeReader<RawAttributeID>(data.rawSpan)
            while let attribute = try reader.next() {
                // With or without the flag that marks a nest.
                all.append(UnknownAttribute(rawType: attribute.id.rawValue, payload: attribute.payload.array))
            }
            return all
        }
    }
}

extension RouteMetrics {
    private static var numbers: [KeyPath<RouteMetrics, UInt32?>] {
        [
            \.mtu, \.window, \.roundTripTime, \.roundTripVariance, \.slowStartThreshold, \.congestionWindow,
            \.advertisedSegment, \.reordering, \.hopLimit, \.initialCongestionWindow, \.minimumRetransmission,
            \.initialReceiveWindow, \.quickAcknowledge, \.fastOpenNoCookie,
        ]
    }

    /// Whether these metrics, as read, have all that is set in others.
    func satisfies(_ wanted: RouteMetrics) -> Bool {
        // The kernel locks some metrics by itself.
        (wanted.locks.map { locks?.isSuperset(of: $0) == true } ?? true) && fits(features, wanted.features)
            && fits(congestionAlgorithm, wanted.congestionAlgorithm)
            && Self.numbers.allSatisfy { fits(self[keyPath: $0], wanted[keyPath: $0]) }
            && wanted.unknown.elements.allSatisfy { unknown.elements.contains($0) }
    }
}
