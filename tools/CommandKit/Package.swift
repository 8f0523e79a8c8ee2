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
    name: "CommandKit",
    products: [
        .library(name: "CommandKit", targets: ["CommandKit"]),
        // A name server for the comparison; not installed.
        .executable(name: "answer-names", targets: ["answer-names"]),
    ],
    dependencies: [.package(path: "../../NetlinkCore")],
    targets: [
        .target(
            name: "CommandKit", dependencies: [.product(name: "NetlinkCore", package: "NetlinkCore")],
            swiftSettings: settings),
        .executableTarget(
            name: "answer-names", swiftSettings: settings, linkerSettings: [.unsafeFlags(["-static-executable"])]),
        .testTarget(
            name: "CommandKitTests",
            dependencies: ["CommandKit", .product(name: "NetlinkTestSupport", package: "NetlinkCore")],
            exclude: ["Fixtures"], swiftSettings: settings),
    ]
)
