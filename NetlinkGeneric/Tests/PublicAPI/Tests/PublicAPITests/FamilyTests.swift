// SPDX-License-Identifier: Apache-2.0

import ClientFamily
import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Testing

@Suite("A family of generic netlink defined with public API only") struct FamilyTests {
    static let kernel = FakeKernel { request in
        // The controller's number is fixed; the family has 30 here.
        if request.type == GenericController.messageType {
            return request.object(
                FakeMessage(type: request.type) { writer in
                    GenericHeader(command: 1, version: 2).encode(into: &writer)
                    writer.put(RawAttributeID(rawValue: 1), UInt16(30))
                })
        }
        guard request.type == 30 else { return request.error(.notFound) }
        if request.isDump {
            return request.dump([
                FakeMessage(
                    type: 30,
                    payload: [1, 1, 0, 0, 8, 0, 1, 0, 10, 0, 0, 1, 12, 0, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 4, 0, 9, 0])
            ])
        }
        return request.error(.noSuchEntry, offset: 20)
    }

    @Test("is found, listed and changed on both connections") func works() async throws {
        let connection = try Connection<TCPMetrics>(opening: Self.kernel.source)
        let metrics = try await connection.dump(.metrics)
        #expect(metrics.map(\.address) == ["10.0.0.1"])
        #expect(metrics[0].age == 7)
        #expect(metrics[0].unknown.elements.map(\.number) == [9])
        #expect(try BlockingConnection<TCPMetrics>(opening: Self.kernel.source).dump(.metrics) == metrics)
        do throws(NetlinkError) {
            try await connection.perform(ForgetTCPMetric("10.0.0.9"))
            Issue.record("no error")
        } catch {
            #expect(error.isNotFound)
            #expect(error.object == "10.0.0.9")
            #expect(error.path?.description == "TCP_METRICS_ATTR_ADDR_IPV4")
        }
        #expect(ForgetTCPMetric("10.0.0.9").description.hasPrefix("tcp_metrics request|ack"))
    }
}
