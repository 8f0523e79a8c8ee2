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
// The tests look at devices over rtnetlink too; the library itself needs only Core.
let route: Target.Dependency = .product(name: "NetlinkRoute", package: "NetlinkRoute")
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "NetlinkTunTap",
    products: [.library(name: "NetlinkTunTap", targets: ["NetlinkTunTap"])],
    dependencies: [layer("NetlinkCore"), layer("NetlinkRoute")],
    targets: [
        .target(name: "NetlinkTunTap", dependencies: [core], swiftSettings: settings),
        .testTarget(
            name: "NetlinkTunTapTests", dependencies: ["NetlinkTunTap", core, testSupport], swiftSettings: settings),
        .testTarget(
            name: "NetlinkTunTapIntegrationTests", dependencies: ["NetlinkTunTap", core, route, testSupport],
            swiftSettings: settings),
    ]
)
