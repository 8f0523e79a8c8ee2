// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// How many sockets there are, from the kernel's counts: no socket is listed for it.
enum Summary {
    /// Counts of one protocol.
    private struct Counts {
        var ipv4: UInt32 = 0
        var ipv6: UInt32 = 0
        var total: UInt32 { ipv4 &+ ipv6 }

        static func + (a: Counts, b: Counts) -> Counts { Counts(ipv4: a.ipv4 &+ b.ipv4, ipv6: a.ipv6 &+ b.ipv6) }
    }

    static func print(isJSON: Bool, isPretty: Bool) {
        let v4 = read("/proc/net/sockstat")
        let v6 = read("/proc/net/sockstat6")
        let established = currentlyEstablished()
        let tcp4 = v4["TCP"] ?? [:]
        let timeWait = tcp4["tw"] ?? 0
        let all = (tcp4["alloc"] ?? 0) &+ timeWait
        let raw = Counts(ipv4: v4["RAW"]?["inuse"] ?? 0, ipv6: v6["RAW6"]?["inuse"] ?? 0)
        let udp = Counts(ipv4: v4["UDP"]?["inuse"] ?? 0, ipv6: v6["UDP6"]?["inuse"] ?? 0)
        let tcp = Counts(ipv4: tcp4["inuse"] ?? 0, ipv6: v6["TCP6"]?["inuse"] ?? 0)
        let fragments = Counts(ipv4: v4["FRAG"]?["inuse"] ?? 0, ipv6: v6["FRAG6"]?["inuse"] ?? 0)
        let closed = all &- (tcp.total &- timeWait)
        var output = Output(format: isPretty ? .prettyJSON : isJSON ? .json : .text)
        output.beginObject()
        output.number("total", v4["sockets"]?["used"] ?? 0, prefix: "Total: ", suffix: "\n")
        output.beginObject("tcp")
        output.number("total", all, prefix: "TCP:   ")
        output.number("established", established, prefix: " (estab ")
        output.number("closed", closed, prefix: ", closed ")
        output.number("orphaned", tcp4["orphan"] ?? 0, prefix: ", orphaned ")
        output.number("time_wait", timeWait, prefix: ", timewait ", suffix: ")\n")
        output.endObject()
        output.text("\nTransport Total     IP        IPv6\n")
        output.beginArray("transports")
        for (name, counts) in [
            ("RAW", raw), ("UDP", udp), ("TCP", tcp), ("INET", raw + udp + tcp), ("FRAG", fragments),
        ] as [(StaticString, Counts)] {
            output.beginObject()
            output.string("transport", name, suffix: "\t  ")
            output.number("total", counts.total, width: -9)
            output.number("ip", counts.ipv4, prefix: " ", width: -9)
            output.number("ip6", counts.ipv6, prefix: " ", width: -9)
            output.text("\n")
            output.endObject()
        }
        output.endArray()
        output.text("\n")
        output.endObject()
        _ = output.finish()
    }

    /// The numbers of lines such as `TCP: inuse 4 orphan 0`.
    private static func read(_ path: String) -> [String: [String: UInt32]] {
        var values: [String: [String: UInt32]] = [:]
        for line in (System.readFile(path) ?? []).split(separator: 0x0a) {
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard let name = words.first, name.hasSuffix(":") else { continue }
            var numbers: [String: UInt32] = [:]
            for index in stride(from: 1, to: words.count - 1, by: 2) {
                numbers[words[index]] = UInt32(words[index + 1])
            }
            values[String(name.dropLast())] = numbers
        }
        return values
    }

    /// A field of the table whose first line names the fields and whose second has the values.
    private static func currentlyEstablished() -> UInt32 {
        let lines = (System.readFile("/proc/net/snmp") ?? []).split(separator: 0x0a)
            .map { $0.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } }
            .filter { $0.first == "Tcp:" }
        guard lines.count > 1, let index = lines[0].firstIndex(of: "CurrEstab"), index < lines[1].count else {
            return 0
        }
        return UInt32(lines[1][index]) ?? 0
    }
}
