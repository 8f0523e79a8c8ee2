// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The system calls about child processes.
enum ProcessCalls {
    /// Starts a program from the calling thread, in whose namespaces it then runs.
    ///
    /// The program is looked for in this process's PATH when there is no slash in it, and the arguments begin with the
    /// name by which it is called. The environment is `NAME=value` texts; nil gives it this process's. The descriptors,
    /// which are 3 or above, become its descriptors 0, 1 and so on; nil leaves one as it is here.
    static func spawn(
        _ program: String, arguments: [String], environment: [String]?, descriptors: [Int32?]
    ) throws(SystemError) -> Int32 {
        for text in [program] + arguments + (environment ?? []) { try checkPath(text, call: "posix_spawn") }
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        try checked(unsafe posix_spawn_file_actions_init(&actions))
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        try checked(unsafe posix_spawnattr_init(&attributes))
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        for (target, source) in descriptors.enumerated() {
            guard let source else { continue }
            try checked(unsafe posix_spawn_file_actions_adddup2(&actions, source, Int32(target)))
        }
        // Threads of task pools block signals, as the calling one does; a program expects none to be blocked.
        var set = sigset_t()
        unsafe sigemptyset(&set)
        try checked(unsafe posix_spawnattr_setsigmask(&attributes, &set))
        try checked(unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK)))
        let words = CStringArray(arguments)
        defer { words.deallocate() }
        let variables = environment.map { CStringArray($0) }
        defer { variables?.deallocate() }
        var child: pid_t = 0
        try checked(
            unsafe posix_spawnp(
                &child, program, &actions, &attributes, words.base, variables?.base ?? cnetlink_environment()))
        return child
    }

    private static func checked(_ status: Int32) throws(SystemError) {
        if status != 0 { throw SystemError(status, call: "posix_spawn") }
    }

    /// Replaces this process's program; returns only to throw.
    static func execute(_ program: String, arguments: [String]) throws(SystemError) -> Never {
        for text in [program] + arguments { try checkPath(text, call: "execvp") }
        let words = CStringArray(arguments)
        unsafe execvp(program, words.base)
        let error = SystemError.last("execvp")
        words.deallocate()
        throw error
    }

    /// A descriptor that polls readable when the process has ended; nil where the kernel has none.
    static func open(_ process: Int32) -> OwnedDescriptor? {
        let number = cnetlink_open_process(process)
        return number >= 0 ? OwnedDescriptor(owning: number) : nil
    }

    static func send(_ signal: Int32, to process: Int32, _ descriptor: Int32?) throws(SystemError) {
        let status = descriptor.map { cnetlink_signal_process($0, signal) } ?? kill(process, signal)
        guard status == 0 else { throw .last("kill") }
    }

    /// Takes a child's exit status; nil while it runs.
    static func reap(_ process: Int32) throws(SystemError) -> ChildProcess.Status? {
        var status: Int32 = 0
        while true {
            let ended = unsafe waitpid(process, &status, WNOHANG)
            if ended == process { break }
            if ended == 0 { return nil }
            if errno != EINTR { throw .last("waitpid") }
        }
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
    }

    /// Waits for a child and forgets its exit status.
    static func discard(_ process: Int32) {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// Lets ten milliseconds pass.
    static func pause() { _ = poll(nil, 0, 10) }

    /// The two ends of a new pipe, to read from and to write to.
    static func makePipe() throws(SystemError) -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe cnetlink_pipe(&ends, O_CLOEXEC) == 0 else { throw .last("pipe2") }
        return (ends[0], ends[1])
    }
}

/// A terminated array of C strings.
@safe private struct CStringArray {
    let base: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        unsafe base = .allocate(capacity: count + 1)
        for (index, text) in texts.enumerated() { unsafe (base + index).initialize(to: strdup(text)) }
        unsafe (base + count).initialize(to: nil)
    }

    func deallocate() {
        for index in 0..<count { unsafe free(base[index]) }
        unsafe base.deallocate()
    }
}
