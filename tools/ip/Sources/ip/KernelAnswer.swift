// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore

/// The kernel's refusals and warnings in iproute2's words.
enum KernelAnswer {
    /// A refused change or query: the kernel's own text where it gave one, else the error number's.
    static func refusal(_ error: NetlinkError) -> CommandError {
        CommandError(text(error), status: 2)
    }

    /// A refused dump.
    static func refusedDump(_ error: NetlinkError, what: String = "Dump") -> CommandError {
        if error.message != nil { return CommandError("\(text(error))\n\(what) terminated", status: 2) }
        return CommandError(text(error), status: 2)
    }

    private static func text(_ error: NetlinkError) -> String {
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
    static func warn(_ said: ExtendedAcknowledgement?) {
        guard let message = said?.message, !message.isEmpty else { return }
        CommandError("Warning: \(sentence(message))", status: 0).report()
    }

    // The kernel's texts come with and without a full stop.
    private static func sentence(_ message: String) -> String {
        message.hasSuffix(".") || message.hasSuffix("\n") ? message : message + "."
    }
}
