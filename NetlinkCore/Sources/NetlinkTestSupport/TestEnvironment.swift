// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore

/// What the kernel and the rights of this process allow integration tests to do.
///
/// A test names what it needs, `@Test(.enabled(if: TestEnvironment.has(.linkKind("bond")), "bond"))`, and is skipped by
/// name where it is not there. With `NETLINK_NO_SKIPS=1` everything counts as there, so that a test that would be
/// skipped runs, and fails.
public enum TestEnvironment {
    /// Something that a kernel may lack or a process may not be allowed.
    public struct Feature: Sendable {
        /// What is missing, in words, for the list of what was not tested.
        public let name: String
        let probe: @Sendable () -> Bool

        /// Names a feature and how to find out whether it is there; the closure runs once in a process.
        public init(_ name: String, probe: @escaping @Sendable () -> Bool) {
            self.name = name
            self.probe = probe
        }

        /// Network namespaces can be made, which takes `CAP_SYS_ADMIN` and `CAP_NET_ADMIN`.
        public static let namespaces = Feature("network namespaces") { NamespaceFixture.isAvailable }
        /// Namespaces can be mounted under names below `/tmp`.
        public static let namespaceMounts = Feature("mounting namespaces") { NamespaceFixture.canMount }
        /// Links of a kind can be made.
        public static func linkKind(_ kind: String) -> Feature {
            Feature("links of kind \(kind)") { NamespaceFixture.canMake(kind) }
        }
    }

    /// Whether a test may not be skipped.
    public static let forbidsSkips = !["", "0"].contains(environmentVariable("NETLINK_NO_SKIPS") ?? "")

    private static let known = Lock<[String: Bool]>([:])

    /// Whether a test that needs the feature is to run.
    public static func has(_ feature: Feature) -> Bool {
        if forbidsSkips { return true }
        if let found = known.withLock({ $0[feature.name] }) { return found }
        let found = feature.probe()
        known.withLock { $0[feature.name] = found }
        return found
    }
}
