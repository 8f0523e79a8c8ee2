// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkUevents

// The examples of the documentation, so that they compile; `SnippetTests` compares them word by word.
private enum Snippets {
    static func watching() async throws {
        for try await element in try Uevents(UeventSubscription(subsystems: ["net"])) {
            guard case .notification(let event) = element else { continue }
            print(event.action.rawValue, event.interfaceName ?? event.devicePath)
        }
    }
}
