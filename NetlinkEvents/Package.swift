// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

let repository = "https://github.com/swift-netlink"
let version: Version = "0.1.0"

// In the repository the lower layers lie beside this one; a consumer's checkout has the marker nowhere.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
let isMonorepo = access(root + "/.netlink-monorepo", F_OK) == 0

func layer(_ name: String) -> Package.Dependency {
    isMonorepo ? .package(path: "../\(name)") : .package(url: "\(repository)/\(name).git", exact: version)
}

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
let tc: Target.Dependency = .product(name: "NetlinkTC", package: "NetlinkTC")
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "NetlinkEvents",
    products: [
        .library(name: "NetlinkEvents", targets: ["NetlinkEvents"]),
        .library(name: "NetlinkUevents", targets: ["NetlinkUevents"]),
    ],
    dependencies: [layer("NetlinkCore"), layer("NetlinkRoute"), layer("NetlinkTC")],
    targets: [
        .target(name: "NetlinkEvents", dependencies: [core, route, tc], swiftSettings: settings),
        .target(name: "NetlinkUevents", dependencies: [core], swiftSettings: settings),
        .testTarget(
            name: "NetlinkEventsTests", dependencies: ["NetlinkEvents", core, route, tc, testSupport],
            swiftSettings: settings),
        .testTarget(
            name: "NetlinkUeventsTests", dependencies: ["NetlinkUevents", core, testSupport],
            swiftSettings: settings),
        .testTarget(
            name: "NetlinkEventsIntegrationTests",
            dependencies: ["NetlinkEvents", "NetlinkUevents", core, route, tc, testSupport], swiftSettings: settings),
    ]
)
