// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Something that happened, told between tasks.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}
