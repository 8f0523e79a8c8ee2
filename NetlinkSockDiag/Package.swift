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
let testSupport: Target.Dependency = .product(name: "NetlinkTestSupport", package: "NetlinkCore")

let package = Package(
    name: "NetlinkSockDiag",
    products: [.library(name: "NetlinkSockDiag", targets: ["NetlinkSockDiag"])],
    dependencies: [layer("NetlinkCore")],
    targets: [
        .target(name: "NetlinkSockDiag", dependencies: [core], swiftSettings: settings),
        .testTarget(
            name: "NetlinkSockDiagTests", dependencies: ["NetlinkSockDiag", core, testSupport], swiftSettings: settings),
        .testTarget(
            name: "NetlinkSockDiagIntegrationTests", dependencies: ["NetlinkSockDiag", core, testSupport],
            swiftSettings: settings),
    ]
)
