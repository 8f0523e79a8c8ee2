// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTC

// The examples of the documentation, so that they compile; `SnippetTests` compares them word by word.
private enum Snippets {
    static func following() async throws {
        for try await event in try NetworkEvents(of: .everywhere) {
            switch event.kind {
            case .route(let notification): print(event.namespace, notification.event)
            case .trafficControl(let notification): print(event.namespace, notification.event)
            case .overflow: print(event.namespace, "changed more than could be told")
            default: break
            }
        }
    }

    static func streaming() async throws {
        for try await event in try NetworkEvents(of: .everywhere) {
            if case .route(let notification) = event.kind { print(event.namespace, notification.event) }
        }
    }

    static func mirroring() async throws {
        let store = try NetworkStore()
        for try await event in store {
            switch event.kind {
            case .change(.route(.removed(let route)), let cause): print("gone", route, cause)
            case .synchronized: print(store.state().links.count, "links")
            default: break
            }
        }
    }

    static func listing() async throws {
        let store = try NetworkStore()
        for try await event in store {
            switch event.kind {
            case .change(.link(.added(let link)), _): print("link", link.name ?? "?")
            case .change(.route(.removed(let route)), .inferred): print("gone without a word", route)
            case .synchronized: print(store.state().routeCount, "routes")
            case .overflow: print("some notifications were lost; what changed follows")
            default: break
            }
        }
    }

    static func gathering() throws {
        var options = NetworkStoreOptions()
        options.neighborDelay = .seconds(1)
        options.filter.links = [2]
        let store = try NetworkStore(options: options)
        store.close()
    }
}
