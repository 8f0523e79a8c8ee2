// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// A package like a client's: what it does, anybody can do with the public interface alone.
let settings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (Context.environment["NETLINK_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

let core: Target.Dependency = .product(name: "NetlinkCore", package: "NetlinkCore")
let route: Target.Dependency = .product(name: "NetlinkRoute", package: "NetlinkRoute")
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "PublicAPI",
    dependencies: [.package(path: "../.."), .package(path: "../../../NetlinkRoute")],
    targets: [
        .target(name: "ClientFamily", dependencies: [core], swiftSettings: settings),
        .target(name: "ClientKind", dependencies: [core, route], swiftSettings: settings),
        .testTarget(
            name: "PublicAPITests", dependencies: ["ClientFamily", "ClientKind", core, route, testSupport],
            swiftSettings: settings),
    ]
)
