// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What the running kernel's family can do and accepts: ask it instead of comparing kernel versions.
public struct FamilyCapabilities: Hashable, Sendable {
    /// The family.
    public var family: FamilyDescription
    /// What its commands accept; nil where the kernel cannot say (before Linux 5.7).
    public var policy: FamilyPolicy?

    /// Puts together what was read.
    public init(family: FamilyDescription, policy: FamilyPolicy?) {
        self.family = family
        self.policy = policy
    }

    init(_ family: FamilyDescription, _ policy: Result<FamilyPolicy, NetlinkError>) throws(NetlinkError) {
        self.family = family
        switch policy {
        case .success(let policy): self.policy = policy
        case .failure(let error):
            // The controller of an old kernel does not know the command; a family may check nothing.
            guard error.isNotSupported || error.code == .noData || error.isInvalid else { throw error }
            self.policy = error.code == .noData ? FamilyPolicy() : nil
        }
    }

    /// Whether the family has a command, as a single request or as a dump.
    public func has(command: UInt8, isDump: Bool = false) -> Bool {
        family.flags(of: command)?.contains(isDump ? .dump : .single) ?? false
    }

    /// Whether a command accepts an attribute, which is named by the numbers of the nests around it and its own.
    ///
    /// - Returns: nil where the kernel cannot say or checks nothing.
    public func accepts(_ path: [UInt16], in command: UInt8, isDump: Bool = false) -> Bool? {
        guard let policy, policy.attributes(of: command, isDump: isDump) != nil else { return nil }
        guard let found = policy.policy(of: path, in: command, isDump: isDump) else { return false }
        return found.type != .invalid
    }
}

extension NetlinkError {
    /// The same error with what the kernel's policy says about the request, where the kernel itself only refused it.
    ///
    /// - Parameter problem: what `FamilyPolicy.problem(in:)` found in the request.
    /// - Returns: the error, explained where there is something to explain.
    public func explained(by problem: NetlinkError?) -> NetlinkError {
        guard let problem, path == nil, message == nil, isInvalid || isNotSupported else { return self }
        return explained(problem.explanation, path: problem.path)
    }
}
