// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The kernel's refusals and warnings in iproute2's words.
public enum KernelAnswer {
    /// A refused change or query: the kernel's own text where it gave one, else the error number's.
    public static func refusal(_ error: NetlinkError, status: Int32 = 2) -> CommandError {
        CommandError(text(error), status: status)
    }

    /// A refused dump; `what` is the first word of the line that follows the kernel's answer.
    public static func refusedDump(_ error: NetlinkError, what: String = "Dump", status: Int32 = 2) -> CommandError {
        guard error.code.errorNumber != nil else { return refusal(error, status: status) }
        return CommandError("\(text(error))\n\(what) terminated", status: status)
    }

    /// A refused removal of what a flush has found.
    public static func refusedFlush(_ error: NetlinkError, status: Int32) -> CommandError {
        guard error.code.errorNumber != nil else { return refusal(error, status: status) }
        return CommandError("Failed to send flush request: \(error.code)", status: status)
    }

    /// The line that a refusal is told with.
    public static func text(_ error: NetlinkError) -> String {
        if let message = error.message, !message.isEmpty { return "Error: \(sentence(message))" }
        switch error.code {
        case .timedOut, .closed, .interrupted, .malformedReply, .noReply, .limitExceeded, .overrun, .forked:
            return "\(error)"
        default:
            if error.code.errorNumber != nil, error.explanation == nil { return "RTNETLINK answers: \(error.code)" }
            return "\(error)"
        }
    }

    /// Prints what the kernel said with success.
    public static func warn(_ said: ExtendedAcknowledgement?) {
        guard let message = said?.message, !message.isEmpty else { return }
        CommandError("Warning: \(sentence(message))", status: 0).report()
    }

    // The kernel's texts come with and without a full stop.
    private static func sentence(_ message: String) -> String {
        message.hasSuffix(".") || message.hasSuffix("\n") ? message : message + "."
    }
}
