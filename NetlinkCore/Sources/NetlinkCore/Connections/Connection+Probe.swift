// SPDX-License-Identifier: Apache-2.0

// Each form is written out: an error thrown by the request itself is the answer, whichever way it was run.
extension Connection {
    /// Asks the kernel whether it takes a command, by performing it.
    ///
    /// For commands that the kernel understands but cannot carry out, such as one that names a link which no kernel has:
    /// what it refuses for what it names (not found, exists already, no device) it understood. Most commands of old
    /// families take attributes that the kernel does not know in silence; of those nothing shows.
    ///
    /// The answer is remembered as long as a connection to the namespace is open.
    ///
    /// - Parameters:
    ///   - command: What is asked about.
    ///   - again: Whether to ask although the answer is known, as after a kernel module was loaded.
    /// - Returns: whether it is taken, and why not.
    /// - Throws: ``NetlinkError`` when the kernel did not get as far as looking at the message, as when the capability is
    ///   missing (``NetlinkError/isPermission``).
    public func probe(
        _ command: some Command<Family>, again: Bool = false
    ) async throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(command, .command)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        do throws(NetlinkError) { try await perform(command) } catch {
            guard let answer = KernelSupport(error) else { throw error }
            support = answer
        }
        source.probes[key] = support
        return support
    }

    /// Asks the kernel whether it takes a query: its message, its attributes and their values.
    ///
    /// A query for something that is not there is understood all the same. The answer is remembered as long as a
    /// connection to the namespace is open.
    ///
    /// - Parameters:
    ///   - query: What is asked about.
    ///   - again: Whether to ask although the answer is known, as after a kernel module was loaded.
    /// - Returns: whether it is taken, and why not.
    /// - Throws: ``NetlinkError`` when the kernel did not get as far as looking at the message.
    public func probe(_ query: some Query<Family>, again: Bool = false) async throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(query, .query)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        do throws(NetlinkError) { try await self.query(UnreadQuery(base: query)) } catch {
            if error.code != .noReply {
                guard let answer = KernelSupport(error) else { throw error }
                support = answer
            }
        }
        source.probes[key] = support
        return support
    }

    /// Asks the kernel whether it takes a dump: its message, its filters and their values.
    ///
    /// The dump is begun on a socket of its own and given up after its first datagram. The answer is remembered as long as
    /// a connection to the namespace is open.
    ///
    /// - Parameters:
    ///   - dump: What is asked about.
    ///   - again: Whether to ask although the answer is known, as after a kernel module was loaded.
    /// - Returns: whether it is taken, and why not.
    /// - Throws: ``NetlinkError`` when the kernel did not get as far as looking at the message.
    public func probe(_ dump: some Dump<Family>, again: Bool = false) async throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(dump, .dump)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        var chunks = stream(UnreadDump(base: dump)).chunks().makeAsyncIterator()
        do throws(NetlinkError) { _ = try await chunks.next() } catch {
            if error.code != .interrupted {
                guard let answer = KernelSupport(error) else { throw error }
                support = answer
            }
        }
        source.probes[key] = support
        return support
    }
}

extension BlockingConnection {
    /// Asks the kernel whether it takes a command, by performing it.
    ///
    /// As the form for tasks; see ``Connection``.
    public func probe(_ command: some Command<Family>, again: Bool = false) throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(command, .command)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        do throws(NetlinkError) { try perform(command) } catch {
            guard let answer = KernelSupport(error) else { throw error }
            support = answer
        }
        source.probes[key] = support
        return support
    }

    /// Asks the kernel whether it takes a query: its message, its attributes and their values.
    ///
    /// As the form for tasks; see ``Connection``.
    public func probe(_ query: some Query<Family>, again: Bool = false) throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(query, .query)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        do throws(NetlinkError) { try self.query(UnreadQuery(base: query)) } catch {
            if error.code != .noReply {
                guard let answer = KernelSupport(error) else { throw error }
                support = answer
            }
        }
        source.probes[key] = support
        return support
    }

    /// Asks the kernel whether it takes a dump: its message, its filters and their values.
    ///
    /// As the form for tasks; see ``Connection``.
    public func probe(_ dump: some Dump<Family>, again: Bool = false) throws(NetlinkError) -> KernelSupport {
        let key = try ProbeCache.Key(dump, .dump)
        if !again, let known = source.probes[key] { return known }
        var support = KernelSupport(refusal: nil)
        do throws(NetlinkError) {
            // On a socket of its own, so that giving it up costs this connection nothing.
            let other = try BlockingConnection(opening: source, timeout: timeout, limits: limits, observer: observer)
            try other.dump(
                UnreadDump(base: dump),
                forEachChunk: { (_: [Void]) throws(NetlinkError) in throw NetlinkError(.interrupted) })
        } catch {
            if error.code != .interrupted {
                guard let answer = KernelSupport(error) else { throw error }
                support = answer
            }
        }
        source.probes[key] = support
        return support
    }
}
