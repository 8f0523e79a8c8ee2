// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@Suite("Documentation") struct SnippetTests {
    @Test("every example of the documentation is compiled") func examples() throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let examples = try DocumentationExamples(
            below: "/\(folder)/../../Sources/NetlinkEvents", in: "/\(folder)/Snippets.swift")
        #expect(examples.missing == [] && examples.count >= 5)
    }
}
