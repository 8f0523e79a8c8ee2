// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `type vrf`.
enum VRFOptions: KindOptions {
    static let name: StaticString = "vrf"

    static let help: StaticString = """
        Usage: ... vrf table TABLE
               TABLE: the number or name of a routing table, from 1 on
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> VRFLink {
        var vrf = VRFLink(table: 0)
        vrf.table = nil
        while let word = words.next() {
            guard word.isPrefix(of: "table") else { throw unknown(word, "option") }
            let name = try words.required()
            guard let table = session.names.tables.number(name) else { throw .invalid(name, "invalid table ID\n") }
            vrf.table = table
        }
        return vrf
    }

    static func print(_ vrf: VRFLink, in session: inout Session) { session.output.option("table", vrf.table) }
}
