// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

extension TunTapDevice {
    /// What stands in front of this device's packets.
    public var layout: PacketLayout { configuration.layout }

    /// Sets memory aside for packets of this device.
    ///
    /// - Parameters:
    ///   - capacity: how many packets fit.
    ///   - packetByteCount: how many bytes a packet may have; unless told, what offloads or a usual MTU ask for.
    /// - Returns: an empty batch.
    public func makeBatch(capacity: Int = 64, packetByteCount: Int? = nil) -> PacketBatch {
        let usual = configuration.offloads.subtracting(.checksum).isEmpty ? 2048 : 65_600
        return PacketBatch(capacity: capacity, packetByteCount: packetByteCount ?? usual, layout: layout)
    }

    // MARK: Without waiting

    /// Reads the packets that are there, and none where there is none.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.noDevice` when the device was removed.
    public func receiveAvailable(into batch: inout PacketBatch) throws(NetlinkError) {
        try check(batch.layout)
        do throws(SystemError) { try batch.fill(from: descriptor) } catch { throw failure(error, "receive") }
    }

    /// Writes one packet if the kernel has room for it now.
    ///
    /// - Parameters:
    ///   - packet: the packet, which is not copied here.
    ///   - information: its protocol, where the device wants it; nil finds out what an IP packet is.
    ///   - offload: what is left to do to it, where the device wants that; nil for nothing.
    /// - Returns: whether there was room.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.inputOutput` while the link is down, with `invalidArgument` for
    ///   what is no packet, with `noDevice` when the device was removed.
    public func trySend(
        _ packet: RawSpan, information: PacketInformation? = nil, offload: OffloadHeader? = nil
    ) throws(NetlinkError) -> Bool {
        do throws(SystemError) {
            guard layout.headerByteCount > 0 else { return try TunTapCalls.transmit(descriptor, packet) }
            let headers = HeaderBuffer(layout, information, offload, of: packet)
            return try headers.withBytes(count: layout.headerByteCount) { (headers: RawSpan) throws(SystemError) in
                try TunTapCalls.transmit(descriptor, headers: headers, packet)
            }
        } catch {
            throw failure(error, "send")
        }
    }

    /// Writes packets of a batch from `index` on, as far as the kernel has room; returns the index of the first that is
    /// left.
    private func trySend(_ batch: borrowing PacketBatch, from index: Int) throws(NetlinkError) -> Int {
        var index = index
        let isAlike = batch.layout == layout
        while index < batch.count {
            let isSent: Bool
            if isAlike {
                do throws(SystemError) {
                    isSent = try TunTapCalls.transmit(descriptor, batch.whole(at: index))
                } catch {
                    throw failure(error, "send")
                }
            } else {
                let packet = batch.packet(at: index)
                isSent = try trySend(packet.bytes, information: packet.information, offload: packet.offload)
            }
            guard isSent else { break }
            index += 1
        }
        return index
    }

    private func check(_ layout: PacketLayout) throws(NetlinkError) {
        guard layout == self.layout else {
            throw NetlinkError(
                .invalidArgument, operation: "receive", object: name.description,
                explanation: "the batch was made for packets with other headers")
        }
    }

    private func timedOut(_ operation: String) -> NetlinkError {
        NetlinkError(.timedOut, operation: operation, object: name.description)
    }

    // MARK: For threads

    /// Reads the packets that are there, waiting for the first; the calling thread waits.
    ///
    /// - Returns: how many there are in the batch, at least one unless all that came were too long for it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.timedOut` when none came in time, with `noDevice` when the device
    ///   was removed.
    @discardableResult
    public func receive(into batch: inout PacketBatch, timeout: Duration? = nil) throws(NetlinkError) -> Int {
        let deadline = timeout.map { Instant.now + $0 }
        while true {
            try receiveAvailable(into: &batch)
            if batch.count > 0 || batch.droppedCount > 0 { return batch.count }
            do throws(SystemError) {
                if try waitReadable(descriptor, until: deadline) { continue }
            } catch {
                throw failure(error, "receive")
            }
            throw timedOut("receive")
        }
    }

    /// Writes one packet, waiting for room; the calling thread waits.
    ///
    /// See ``trySend(_:information:offload:)``.
    public func send(
        _ packet: RawSpan, information: PacketInformation? = nil, offload: OffloadHeader? = nil,
        timeout: Duration? = nil
    ) throws(NetlinkError) {
        let deadline = timeout.map { Instant.now + $0 }
        while try !trySend(packet, information: information, offload: offload) { try waitForRoom(deadline) }
    }

    /// Writes the packets of a batch, which may be of another device, waiting for room; the calling thread waits.
    public func send(_ batch: borrowing PacketBatch, timeout: Duration? = nil) throws(NetlinkError) {
        let deadline = timeout.map { Instant.now + $0 }
        var index = 0
        while true {
            index = try trySend(batch, from: index)
            if index == batch.count { return }
            try waitForRoom(deadline)
        }
    }

    private func waitForRoom(_ deadline: Instant?) throws(NetlinkError) {
        do throws(SystemError) {
            if try TunTapCalls.waitWritable(descriptor, until: deadline) { return }
        } catch {
            throw failure(error, "send")
        }
        throw timedOut("send")
    }

    // MARK: For tasks

    /// Reads the packets that are there, waiting for the first; the task waits, and no thread does.
    ///
    /// - Returns: how many there are in the batch, at least one unless all that came were too long for it.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.timedOut` when none came in time, with `cancelled` when the task was
    ///   cancelled, with `noDevice` when the device was removed.
    @discardableResult
    public func receive(into batch: inout PacketBatch, timeout: Duration? = nil) async throws(NetlinkError) -> Int {
        let deadline = timeout.map { Instant.now + $0 }
        while true {
            if Task.isCancelled {
                throw NetlinkError(.cancelled, operation: "receive", object: name.description)
            }
            try receiveAvailable(into: &batch)
            if batch.count > 0 || batch.droppedCount > 0 {
                // A device that always has packets must not hold its thread.
                if batch.isFull { await Task.yield() }
                return batch.count
            }
            let isReady: Bool
            do throws(SystemError) {
                isReady = try await TunTapCalls.waitReadable(descriptor, until: deadline)
            } catch {
                throw failure(error, "receive")
            }
            if !isReady { throw timedOut("receive") }
        }
    }

    /// Writes the packets of a batch, which may be of another device, waiting for room; the task waits, and no thread
    /// does.
    public func send(_ batch: borrowing PacketBatch, timeout: Duration? = nil) async throws(NetlinkError) {
        let deadline = timeout.map { Instant.now + $0 }
        var index = 0
        while true {
            index = try trySend(batch, from: index)
            if index == batch.count { return }
            let isReady: Bool
            do throws(SystemError) {
                isReady = try await TunTapCalls.waitWritable(descriptor, until: deadline)
            } catch {
                throw failure(error, "send")
            }
            if !isReady { throw timedOut("send") }
        }
    }
}
