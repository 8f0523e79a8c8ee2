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

// libsodium where `./sodium` put it, else the system's; where there is nothing the compiler looks further.
let cache = Context.environment["XDG_CACHE_HOME"] ?? (Context.environment["HOME"] ?? "") + "/.cache"
let sodium = cache + "/swift-netlink/libsodium/root"
let headers = ["-Xcc", "-I\(sodium)/include"]

let package = Package(
    name: "wg",
    products: [.executable(name: "wg", targets: ["wg"])],
    dependencies: [
        .package(path: "../CommandKit"), .package(path: "../../NetlinkCore"), .package(path: "../../NetlinkGeneric"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
        .target(
            name: "WGCommand",
            dependencies: [
                "CSodium", "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkGeneric", package: "NetlinkGeneric"),
                .product(name: "NetlinkWireGuard", package: "NetlinkGeneric"),
            ],
            swiftSettings: settings + [.unsafeFlags(headers)]),
        .executableTarget(
            name: "wg", dependencies: ["WGCommand", "CommandKit"], swiftSettings: settings + [.unsafeFlags(headers)],
            // Only the link differs: static, so that the command starts in a fraction of a millisecond anywhere.
            linkerSettings: [.unsafeFlags(["-static-executable", "-L\(sodium)/lib"])]),
        .testTarget(
            name: "WGCommandTests",
            dependencies: [
                "WGCommand", "CommandKit", .product(name: "NetlinkCore", package: "NetlinkCore"),
                .product(name: "NetlinkWireGuard", package: "NetlinkGeneric"),
                .product(name: "NetlinkTestSupport", package: "NetlinkCore"),
            ],
            swiftSettings: settings + [.unsafeFlags(headers)],
            linkerSettings: [.unsafeFlags(["-L\(sodium)/lib"])]),
    ]
)
