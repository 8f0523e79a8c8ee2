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
    name: "bench",
    products: [.executable(name: "netlink-bench", targets: ["netlink-bench"])],
    dependencies: [
        .package(path: "../../NetlinkCore"), .package(path: "../../NetlinkRoute"),
        .package(path: "../../NetlinkTunTap"),
        .package(path: "../../NetlinkEvents"),
    ],
    targets: [
        .executableTarget(
            name: "netlink-bench",
            dependencies: [
                .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkRoute", package: "NetlinkRoute"),
                .product(name: "NetlinkTunTap", package: "NetlinkTunTap"),
                .product(name: "NetlinkEvents", package: "NetlinkEvents"),
            ],
            swiftSettings: settings)
    ]
)
