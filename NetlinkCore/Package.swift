// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let settings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (Context.environment["NETLINK_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "NetlinkCore",
    products: [
        .library(name: "NetlinkCore", targets: ["NetlinkCore"]),
        .library(name: "NetlinkTestSupport", targets: ["NetlinkTestSupport"]),
    ],
    targets: [
        .target(name: "CNetlink"),
        .target(name: "NetlinkCore", dependencies: ["CNetlink"], swiftSettings: settings),
        .target(name: "NetlinkTestSupport", dependencies: ["NetlinkCore"], swiftSettings: settings),
        .testTarget(
            name: "NetlinkCoreTests", dependencies: ["NetlinkCore", "NetlinkTestSupport"], swiftSettings: settings),
        .testTarget(
            name: "NetlinkCoreIntegrationTests", dependencies: ["NetlinkCore", "NetlinkTestSupport"],
            swiftSettings: settings),
    ]
)
