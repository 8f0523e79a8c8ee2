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
    name: "tc",
    products: [.executable(name: "tc", targets: ["tc"])],
    dependencies: [
        .package(path: "../CommandKit"), .package(path: "../../NetlinkCore"), .package(path: "../../NetlinkRoute"),
        .package(path: "../../NetlinkTC"),
    ],
    targets: [
        .target(
            name: "TCCommand",
            dependencies: [
                "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkRoute", package: "NetlinkRoute"),
                .product(name: "NetlinkTC", package: "NetlinkTC"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "tc", dependencies: ["TCCommand", "CommandKit"], swiftSettings: settings,
            // Only the link differs: static, so that the command starts in a fraction of a millisecond anywhere.
            linkerSettings: [.unsafeFlags(["-static-executable"])]),
        .testTarget(
            name: "TCCommandTests",
            dependencies: [
                "TCCommand", "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkRoute", package: "NetlinkRoute"),
                .product(name: "NetlinkTC", package: "NetlinkTC"),
                .product(name: "NetlinkTestSupport", package: "NetlinkCore"),
            ],
            swiftSettings: settings),
    ]
)
