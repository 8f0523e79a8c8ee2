// SPDX-License-Identifier: Apache-2.0

/// Where commands and batches, which may sleep in the kernel's locks, are sent from.
public enum CommandSending: Sendable {
    /// Commands from the calling task as long as they keep no more than half the task pool's threads, else from a thread
    /// of the connection's own, as batches always: nearly as quick as ``inline``, and slow ones (deleting many links)
    /// never hold up all other tasks.
    case automatic
    /// From a thread of the connection's own, so that slow ones (deleting many links) never hold up other tasks. Costs
    /// two thread switches a command.
    case ownThread
    /// From the calling task; for programs bound by latency.
    case inline
}
