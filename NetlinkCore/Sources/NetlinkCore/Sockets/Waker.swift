// SPDX-License-Identifier: Apache-2.0

/// A suspended task, to be resumed exactly once.
///
/// The one place that mentions `UnsafeContinuation`, which would taint every type around it.
@safe struct Waker<T: Sendable>: Sendable {
    private let continuation: UnsafeContinuation<T, Never>

    private init(_ continuation: UnsafeContinuation<T, Never>) { unsafe self.continuation = continuation }

    /// Resumes the task.
    func wake(_ value: T) { unsafe continuation.resume(returning: value) }

    /// Suspends the task until the waker that the closure is given wakes it.
    static func suspend(_ body: (Waker<T>) -> Void) async -> T {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<T, Never>) in
            body(unsafe Waker(continuation))
        }
    }
}
