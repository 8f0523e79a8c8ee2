// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkGeneric

@Suite("Events of families") struct EventTests {
    private func elements(_ payloads: [(UInt16, [UInt8])]) -> [GenericEventElement<FamilyEvent>] {
        var writer = MessageWriter()
        for (type, payload) in payloads {
            writer.beginMessage(type: type, flags: [], sequence: 0)
            writer.append(payload.rawSpan)
            writer.endMessage()
        }
        return GenericEventReader<FamilyEvent>.elements(of: writer.bytes, 16, from: NamespaceID(rawValue: 3))
    }

    private func with(command: UInt8) -> [UInt8] { [command] + Capture.family.dropFirst() }

    @Test("are told apart by command, and a malformed one hides none") func commands() throws {
        let found = elements([
            (16, with(command: 1)), (16, [1]), (16, with(command: 2)), (99, with(command: 1)), (3, [0, 0, 0, 0]),
            (16, with(command: 7)), (16, with(command: 8)), (16, [33, 0, 0, 0, 1, 2, 3, 4]),
        ])
        #expect(found.count == 6)
        guard case .event(.registered(let family), in: let namespace) = found[0] else {
            Issue.record("\(found[0])")
            return
        }
        #expect(family.name == "wireguard")
        #expect(namespace == NamespaceID(rawValue: 3))
        if case .malformed = found[1] {} else { Issue.record("\(found[1])") }
        if case .event(.unregistered, in: _) = found[2] {} else { Issue.record("\(found[2])") }
        if case .event(.groupsAdded, in: _) = found[3] {} else { Issue.record("\(found[3])") }
        if case .event(.groupsRemoved, in: _) = found[4] {} else { Issue.record("\(found[4])") }
        #expect(found[5] == .event(.other(33, [1, 2, 3, 4]), in: NamespaceID(rawValue: 3)))
    }

    @Test("of bytes that are no message end the datagram") func malformed() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(GenericEventReader<FamilyEvent>.elements(of: bytes.rawSpan, 16, from: nil).count == 1)
    }
}
