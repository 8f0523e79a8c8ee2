// SPDX-License-Identifier: Apache-2.0

import Foundation
import NetlinkCore
import Testing

@Suite("Values as text") struct TextValueTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode([value]), as: UTF8.self)
    }

    private func value<T: Decodable>(_ json: String, as type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(json.utf8))
    }

    @Test("values are strings in JSON")
    func encodes() throws {
        #expect(try json("10.0.0.1" as IPv4Address) == #"["10.0.0.1"]"#)
        #expect(try json("fe80::1" as IPv6Address) == #"["fe80::1"]"#)
        #expect(try json("fe80::1" as IPAddress) == #"["fe80::1"]"#)
        #expect(try json("10.0.0.1/24" as IPPrefix) == #"["10.0.0.1/24"]"#)
        #expect(try json("2:0:0:0:0:1" as HardwareAddress) == #"["02:00:00:00:00:01"]"#)
        #expect(try json("eth0" as InterfaceName) == #"["eth0"]"#)
        #expect(try json(7 as InterfaceIndex) == "[7]")
        #expect(try json(AddressFamily.ipv6) == #"["inet6"]"#)
        #expect(try json([7, "eth0"] as [LinkReference]) == #"[[7,"eth0"]]"#)
    }

    @Test("values come back from JSON")
    func decodes() throws {
        #expect(try value(#"["10.0.0.1"]"#) == ["10.0.0.1" as IPv4Address])
        #expect(try value(#"["::1"]"#) == ["::1" as IPv6Address])
        #expect(try value(#"["::1", "1.1.1.1"]"#) == ["::1", "1.1.1.1"] as [IPAddress])
        #expect(try value(#"["10.0.0.1/24"]"#) == ["10.0.0.1/24" as IPPrefix])
        #expect(try value(#"["02:00:00:00:00:01"]"#) == ["02:00:00:00:00:01" as HardwareAddress])
        #expect(try value(#"["eth0"]"#) == ["eth0" as InterfaceName])
        #expect(try value("[7]") == [7 as InterfaceIndex])
        #expect(try value(#"["inet6", "99"]"#) == [.ipv6, AddressFamily(rawValue: 99)])
        #expect(try value(#"[7, "7", "eth0"]"#) == [7, "7", "eth0"] as [LinkReference])
    }

    @Test("a wrong text is corrupted data")
    func refuses() {
        #expect(throws: DecodingError.self) { try value(#"["10.1"]"#, as: [IPv4Address].self) }
        #expect(throws: DecodingError.self) { try value(#"["10.0.0.1/33"]"#, as: [IPPrefix].self) }
        #expect(throws: DecodingError.self) { try value(#"[7]"#, as: [InterfaceName].self) }
    }

    @Test("families have ip's names, others their numbers")
    func families() {
        let names = ["inet", "inet6", "link", "bridge", "mpls", "unspec", "unix"]
        #expect(names.map { AddressFamily($0)?.description } == names)
        #expect([.ipv4, .ipv6, .packet, .bridge, .mpls, .unspecified, .unix] == names.map { AddressFamily($0) })
        #expect(AddressFamily(rawValue: 99).description == "99" && AddressFamily("99")?.rawValue == 99)
        for text in ["INET", "", "256", "+2", "-1", "any", "AF_INET"] { #expect(AddressFamily(text) == nil) }
    }
}
