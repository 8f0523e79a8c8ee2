// SPDX-License-Identifier: Apache-2.0

/// A process that this one started.
///
/// When the last reference goes before the process has ended, a thread waits for it, so that none stays behind as a
/// zombie; the process is not stopped.
public final class ChildProcess: Sendable {
    /// How a process ended.
    public enum Status: Hashable, Sendable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal.
        case signaled(Int32)

        /// Whether it ended by itself with status 0.
        public var isSuccess: Bool { self == .exited(0) }
    }

    /// Its number.
    public let pid: Int32
    /// The files of `/etc/netns/NAME` that could not be shown to it.
    public let mountFailures: [NamespaceMountFailure]
    private let descriptor: OwnedDescriptor?
    private let status = Lock<Status?>(nil)

    init(_ pid: Int32, mountFailures: [NamespaceMountFailure]) {
        self.pid = pid
        self.mountFailures = mountFailures
        descriptor = ProcessCalls.open(pid)
    }

    deinit {
        let pid = pid
        do throws(NetlinkError) { if try ended() == nil { try? Thread.start { ProcessCalls.discard(pid) } } } catch {}
    }

    /// The status, once it has ended; nil while it runs.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/code`` 10 (ECHILD)`` when something else in this process took the status.
    public func ended() throws(NetlinkError) -> Status? {
        do throws(SystemError) {
            return try status.withLock { (status) throws(SystemError) in
                if status == nil { status = try ProcessCalls.reap(pid) }
                return status
            }
        } catch {
            throw NetlinkError(error, operation: "wait for process", object: "\(pid)")
        }
    }

    /// Waits until it has ended; the calling thread waits.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/timedOut`` when it still runs after that time; it goes on.
    public func wait(timeout: Duration? = nil) throws(NetlinkError) -> Status {
        let deadline = timeout.map { Instant.now + $0 }
        while true {
            if let status = try ended() { return status }
            if let deadline, deadline <= .now { throw timedOut }
            try sleep(until: deadline)
        }
    }

    /// Waits until it has ended; the task waits, and no thread of the task pool does.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/timedOut`` when it still runs after that time, with
    ///   ``NetlinkError/Code/cancelled`` when the task was cancelled; the process goes on.
    public func wait(timeout: Duration? = nil) async throws(NetlinkError) -> Status {
        let deadline = timeout.map { Instant.now + $0 }
        // One of its own: the poller takes one wait for each descriptor.
        let own = ProcessCalls.open(pid)
        while true {
            if let status = try ended() { return status }
            if let deadline, deadline <= .now { throw timedOut }
            if Task.isCancelled { throw cancelled }
            do throws(SystemError) {
                if let own {
                    _ = try await Poller.shared.wait(own.number, until: deadline)
                } else {
                    _ = try await Thread.run { ProcessCalls.pause() }
                }
            } catch {
                throw NetlinkError(error, operation: "wait for process", object: "\(pid)")
            }
        }
    }

    private var cancelled: NetlinkError { NetlinkError(.cancelled, operation: "wait for process", object: "\(pid)") }
    private var timedOut: NetlinkError { NetlinkError(.timedOut, operation: "wait for process", object: "\(pid)") }

    private func sleep(until deadline: Instant?) throws(NetlinkError) {
        guard let descriptor else { return ProcessCalls.pause() }
        do throws(SystemError) { _ = try waitReadable(descriptor.number, until: deadline) } catch {
            throw NetlinkError(error, operation: "wait for process", object: "\(pid)")
        }
    }

    /// Sends it a signal, and no other process that has its number later.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/noSuchEntry`` when it has ended.
    public func send(signal: Int32) throws(NetlinkError) {
        do throws(SystemError) {
            // Under the lock its number is not given to another meanwhile.
            try status.withLock { (status) throws(SystemError) in
                guard status == nil else { throw SystemError(NetlinkError.Code.noSuchEntry.rawValue, call: "kill") }
                try ProcessCalls.send(signal, to: pid, descriptor?.number)
            }
        } catch {
            throw NetlinkError(error, operation: "signal process", object: "\(pid)")
        }
    }
}
