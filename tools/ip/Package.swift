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
    name: "ip",
    products: [.executable(name: "ip", targets: ["ip"])],
    dependencies: [
        .package(path: "../CommandKit"), .package(path: "../../NetlinkCore"), .package(path: "../../NetlinkRoute"),
        .package(path: "../../NetlinkEvents"), .package(path: "../../NetlinkTunTap"),
    ],
    targets: [
        .target(
            name: "IPCommand",
            dependencies: [
                "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkRoute", package: "NetlinkRoute"),
                .product(name: "NetlinkEvents", package: "NetlinkEvents"),
                .product(name: "NetlinkTunTap", package: "NetlinkTunTap"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "ip", dependencies: ["IPCommand", "CommandKit"], swiftSettings: settings,
            // Only the link differs: static, so that the command starts in a fraction of a millisecond anywhere.
            linkerSettings: [.unsafeFlags(["-static-executable"])]),
        .testTarget(
            name: "IPCommandTests",
            dependencies: [
                "IPCommand", "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkRoute", package: "NetlinkRoute"),
                .product(name: "NetlinkTestSupport", package: "NetlinkCore"),
            ],
            swiftSettings: settings),
    ]
)
