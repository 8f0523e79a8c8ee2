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

// Only the link differs: static, so that the commands start in a fraction of a millisecond anywhere.
let linking: [LinkerSetting] = [.unsafeFlags(["-static-executable"])]

let core: Target.Dependency = .product(name: "NetlinkCore", package: "NetlinkCore")
let sockets: Target.Dependency = .product(name: "NetlinkSockDiag", package: "NetlinkSockDiag")
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "ss",
    products: [
        .executable(name: "ss", targets: ["ss"]),
        // Opens sockets for the comparison and the benchmark; not installed.
        .executable(name: "open-sockets", targets: ["open-sockets"]),
    ],
    dependencies: [
        .package(path: "../CommandKit"), .package(path: "../../NetlinkCore"), .package(path: "../../NetlinkSockDiag"),
    ],
    targets: [
        .target(
            name: "SSCommand", dependencies: ["CommandKit", core, sockets], swiftSettings: settings),
        .executableTarget(
            name: "ss", dependencies: ["SSCommand", "CommandKit"], swiftSettings: settings,
            linkerSettings: linking),
        .executableTarget(name: "open-sockets", swiftSettings: settings, linkerSettings: linking),
        .testTarget(
            name: "SSCommandTests", dependencies: ["SSCommand", "CommandKit", core, sockets, testSupport],
            exclude: ["Fixtures"], swiftSettings: settings),
    ]
)
