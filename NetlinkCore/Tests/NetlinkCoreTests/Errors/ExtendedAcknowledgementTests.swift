// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

/// Acknowledgements of Linux 7.2 to requests of iproute2 6.15 and of hand-made ones.
@Suite("Extended acknowledgements") struct ExtendedAcknowledgementTests {
    private func error(_ message: [UInt8], request: [UInt8]? = nil) -> NetlinkError? {
        var exchange = Exchange(
            .command, sequence: message.rawSpan.loadChecked(8, as: UInt32.self),
            port: message.rawSpan.loadChecked(12, as: UInt32.self))
        do throws(NetlinkError) {
            var reader = MessageReader(message.rawSpan)
            _ = try exchange.next(in: &reader) != nil
            return nil
        } catch {
            return request.map { error.resolved(in: $0.rawSpan, schema: RouteLikeSchema.schema) } ?? error
        }
    }

    @Test("behind the whole request when it is echoed") func echoed() {
        // `ip link add d0 type nosuchkind`
        let error = error(
            hex(
                """
                68 00 00 00 02 00 00 02 5e 4d 01 6b 58 00 00 00 a1 ff ff ff 3c 00 00 00 10 00 05 06 5e 4d 01 6b
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 03 00 64 30 00 00 14 00 12 00
                0e 00 01 00 6e 6f 73 75 63 68 6b 69 6e 64 00 00 18 00 01 00 55 6e 6b 6e 6f 77 6e 20 64 65 76 69
                63 65 20 74 79 70 65 00
                """))
        #expect(error?.code == .notSupported)
        #expect(error?.message == "Unknown device type")
        #expect(error?.acknowledgement?.offset == nil)
    }

    @Test("without attributes nothing is read behind the request") func echoedWithoutAttributes() {
        // `ip link show nodev`
        let error = error(
            hex(
                """
                48 00 00 00 02 00 00 00 5e 4d 01 6b 3f 73 45 9b ed ff ff ff 34 00 00 00 12 00 01 00 5e 4d 01 6b
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 08 00 1d 00 09 00 00 00 0a 00 03 00
                6e 6f 64 65 76 00 00 00
                """))
        #expect(error?.code == .noDevice)
        #expect(error?.acknowledgement == nil)
    }

    @Test("directly behind the header when capped, with the range that the policy allows") func capped() {
        // RTM_SETLINK with IFLA_GSO_IPV4_MAX_SIZE 1
        let request = hex(
            """
            28 00 00 00 13 00 05 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00
            08 00 3f 00 01 00 00 00
            """)
        let error = error(
            hex(
                """
                6c 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 de ff ff ff 28 00 00 00 13 00 05 00 01 00 00 00
                00 00 00 00 19 00 01 00 69 6e 74 65 67 65 72 20 6f 75 74 20 6f 66 20 72 61 6e 67 65 00 00 00 00
                08 00 02 00 20 00 00 00 24 00 04 80 0c 00 04 00 41 01 00 00 00 00 00 00 0c 00 05 00 ff ff ff ff
                00 00 00 00 08 00 01 00 04 00 00 00
                """), request: request)
        #expect(error?.code == .outOfRange)
        #expect(error?.message == "integer out of range")
        #expect(error?.acknowledgement?.offset == 32)
        #expect(error?.acknowledgement?.policy?.type == .u32)
        #expect(error?.acknowledgement?.policy?.minimum == 321)
        #expect(error?.acknowledgement?.policy?.maximum == 0xffff_ffff)
        #expect(error?.path?.description == "63")
        #expect(error?.description.hasSuffix("integer out of range (attribute 63) (allowed 321...4294967295)") == true)
    }

    @Test("an offset inside nests names every nest around it") func nestedOffset() {
        // RTM_NEWLINK, kind vlan, with IFLA_VLAN_ID of one byte
        let request = hex(
            """
            4c 00 00 00 10 00 05 06 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            07 00 03 00 76 30 00 00 08 00 05 00 01 00 00 00 1c 00 12 80 09 00 01 00 76 6c 61 6e 00 00 00 00
            0c 00 02 80 05 00 01 00 01 00 00 00
            """)
        let error = error(
            hex(
                """
                78 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 de ff ff ff 4c 00 00 00 10 00 05 06 01 00 00 00
                00 00 00 00 27 00 01 00 41 74 74 72 69 62 75 74 65 20 66 61 69 6c 65 64 20 70 6f 6c 69 63 79 20
                76 61 6c 69 64 61 74 69 6f 6e 00 00 08 00 02 00 44 00 00 00 24 00 04 80 0c 00 04 00 00 00 00 00
                00 00 00 00 0c 00 05 00 ff ff 00 00 00 00 00 00 08 00 01 00 03 00 00 00
                """), request: request)
        #expect(error?.path?.description == "IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VLAN_ID")
        #expect(error?.path?.elements.map(\.number) == [18, 2, 1])
        #expect(error?.acknowledgement?.policy?.type == .u16)
        #expect(error?.acknowledgement?.policy?.maximum == 65_535)
    }

    @Test("a length that the policy demands") func length() {
        // RTM_NEWLINK, kind vxlan, with IFLA_VXLAN_LABEL_POLICY's neighbour of four bytes where eight belong
        let error = error(
            hex(
                """
                70 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 de ff ff ff 4c 00 00 00 10 00 05 06 01 00 00 00
                00 00 00 00 27 00 01 00 62 69 6e 61 72 79 20 61 74 74 72 69 62 75 74 65 20 73 69 7a 65 20 6f 75
                74 20 6f 66 20 72 61 6e 67 65 00 00 08 00 02 00 44 00 00 00 1c 00 04 80 08 00 06 00 08 00 00 00
                08 00 07 00 08 00 00 00 08 00 01 00 0a 00 00 00
                """))
        #expect(error?.acknowledgement?.policy?.type == .binary)
        #expect(error?.acknowledgement?.policy?.minimumLength == 8)
        #expect(error?.acknowledgement?.policy?.maximumLength == 8)
    }

    @Test("a missing attribute of the message itself") func missing() {
        // ETHTOOL_MSG_STRSET_GET without its header, over generic netlink
        let error = error(
            hex(
                """
                2c 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 ea ff ff ff 14 00 00 00 14 00 05 00 01 00 00 00
                00 00 00 00 08 00 05 00 01 00 00 00
                """),
            request: hex("14 00 00 00 10 00 05 00 01 00 00 00 00 00 00 00 03 01 00 00"))
        #expect(error?.code == .invalidArgument)
        #expect(error?.acknowledgement?.missingType == 1)
        #expect(error?.acknowledgement?.missing?.elements.map(\.number) == [1])
        #expect(error?.path == nil)
    }

    @Test("a warning and a cookie come with success") func success() {
        let request = FakeRequestMaker.request(flags: [.request, .acknowledge])
        var report = FaultReport(.init(rawValue: 0))
        report.message = "careful"
        report.cookie = [1, 2, 3]
        let outcome = ExchangeOutcome(.command, [report.message(about: request).bytes(sequence: 7, port: 9)])
        #expect(outcome.error == nil)
        #expect(outcome.exchange.acknowledgement?.message == "careful")
        #expect(outcome.exchange.acknowledgement?.cookie == [1, 2, 3])
        #expect(outcome.exchange.acknowledgement?.isEmpty == false)
    }

    @Test("behind a success only the header comes back, whether it says so or not") func successWithoutMark() {
        // An older kernel's: the header tells of 40 bytes, of which 24 did not come.
        let outcome = ExchangeOutcome(
            .command,
            [
                FakeMessage(
                    type: 2, flags: .acknowledgementAttributes,
                    payload: hex(
                        """
                        00 00 00 00 28 00 00 00 10 00 05 00 07 00 00 00 00 00 00 00 08 00 01 00 61 62 63 00
                        """)
                ).bytes(sequence: 7, port: 9)
            ])
        #expect(outcome.error == nil)
        #expect(outcome.exchange.acknowledgement?.message == "abc")
    }

    @Test("behind an echoed request of odd length its padding is skipped") func oddLength() {
        // A request of 17 bytes, padded to 20.
        let outcome = ExchangeOutcome(
            .command,
            [
                FakeMessage(
                    type: 2, flags: .acknowledgementAttributes,
                    payload: hex(
                        """
                        ea ff ff ff 11 00 00 00 10 00 05 00 07 00 00 00 00 00 00 00 55 00 00 00 08 00 01 00 61 62 63 00
                        """)
                ).bytes(sequence: 7, port: 9)
            ])
        #expect(outcome.error?.message == "abc")
    }

    @Test("a header that tells of less than itself is taken for one header") func shortEcho() {
        let outcome = ExchangeOutcome(
            .command,
            [
                FakeMessage(
                    type: 2, flags: .acknowledgementAttributes,
                    payload: hex(
                        """
                        ea ff ff ff 00 00 00 00 10 00 05 00 07 00 00 00 00 00 00 00 08 00 01 00 61 62 63 00
                        """)
                ).bytes(sequence: 7, port: 9)
            ])
        #expect(outcome.error?.message == "abc")
    }

    @Test("a malformed attribute is skipped, and those behind it are read") func malformedAttribute() {
        let said = ExtendedAcknowledgement(
            attributes: hex("06 00 02 00 01 02 00 00 08 00 01 00 61 62 63 00").rawSpan)
        #expect(said.offset == nil)
        #expect(said.message == "abc")
    }

    @Test("every truncation of an acknowledgement is an error or an explanation, never a trap", arguments: 0..<108)
    func truncation(count: Int) {
        let whole = hex(
            """
            6c 00 00 00 02 00 00 03 01 00 00 00 48 00 00 00 de ff ff ff 28 00 00 00 13 00 05 00 01 00 00 00
            00 00 00 00 19 00 01 00 69 6e 74 65 67 65 72 20 6f 75 74 20 6f 66 20 72 61 6e 67 65 00 00 00 00
            08 00 02 00 20 00 00 00 24 00 04 80 0c 00 04 00 41 01 00 00 00 00 00 00 0c 00 05 00 ff ff ff ff
            00 00 00 00 08 00 01 00 04 00 00 00
            """)
        // Cut, and the length made to fit.
        guard count >= 16 else { return }
        var bytes = Array(whole.prefix(count))
        bytes[0] = UInt8(count)
        let error = error(bytes)
        #expect(error?.code == (count < 36 ? .malformedReply : .outOfRange))
    }
}

/// The part of rtnetlink's names that the captures above need.
enum RouteLikeSchema {
    struct LinkAttribute: AttributeID {
        let rawValue: UInt16
        var kernelName: String? { [3: "IFLA_IFNAME", 5: "IFLA_LINK", 18: "IFLA_LINKINFO"][rawValue] }
        static func nest(in id: UInt16) -> AttributeSchema? { id == 18 ? AttributeSchema(LinkInfo.self) : nil }
    }
    struct LinkInfo: AttributeID {
        let rawValue: UInt16
        var kernelName: String? { [1: "IFLA_INFO_KIND", 2: "IFLA_INFO_DATA"][rawValue] }
        static var kindID: UInt16? { 1 }
        static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
            id == 2 && kind == "vlan" ? AttributeSchema(VLAN.self) : nil
        }
    }
    struct VLAN: AttributeID {
        let rawValue: UInt16
        var kernelName: String? { [1: "IFLA_VLAN_ID"][rawValue] }
    }

    static func schema(of type: UInt16) -> MessageSchema? {
        switch type {
        case 16...19: MessageSchema("RTM_LINK", fixedByteCount: 16, attributes: AttributeSchema(LinkAttribute.self))
        default: nil
        }
    }
}
