// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
internal import NetlinkGeneric

/// What the article shows of the family's use.
public enum Use {
    /// Lists what this machine's kernel remembers.
    public static func metrics() async throws(NetlinkError) -> [TCPMetric] {
        let metrics = try await Connection<TCPMetrics>().dump(TCPMetricDump())
        return metrics
    }
}
