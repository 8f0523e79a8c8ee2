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
let generic: Target.Dependency = .product(name: "NetlinkGeneric", package: "NetlinkGeneric")
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "GenericPublicAPI",
    dependencies: [.package(path: "../../../NetlinkCore"), .package(path: "../..")],
    targets: [
        .target(name: "ClientFamily", dependencies: [core, generic], swiftSettings: settings),
        .testTarget(
            name: "PublicAPITests", dependencies: ["ClientFamily", core, generic, testSupport],
            swiftSettings: settings),
        .testTarget(
            name: "PublicAPIIntegrationTests", dependencies: ["ClientFamily", core, generic, testSupport],
            swiftSettings: settings),
    ]
)
