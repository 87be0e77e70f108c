// swift-tools-version: 6.1
// Daybook: an event-sourced ledger for AI operations. One target a room; imports go downward only
// (Tests/ArchitectureTests holds that).
import Foundation
import PackageDescription

/// A toolchain newer than the ones this was built with may warn about more; `DAYBOOK_WARNINGS=allow` lets it.
let warningsAllowed = ProcessInfo.processInfo.environment["DAYBOOK_WARNINGS"] == "allow"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (warningsAllowed ? [] : [.unsafeFlags(["-warnings-as-errors"])])

func room(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// A room that only computes: optimised in debug builds too, as tests, and the programs that they run, spend most of their
/// time in such rooms. Preconditions hold all the same.
func pureRoom(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  // No unsafe flag where the other one is left out: a package with any can be no dependency of another.
  let optimised: [SwiftSetting] = warningsAllowed ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))]
  return .target(name: name, dependencies: dependencies, swiftSettings: settings + optimised)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "daybook",
  products: [
    .library(name: "DaybookClient", targets: ["DaybookClient"]),
    .executable(name: "daybook", targets: ["daybook"]),
  ],
  targets: [
    // C libraries: module map and shim only.
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CMimalloc", providers: [.apt(["libmimalloc-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Pure rooms.
    pureRoom("Domain", []),
    pureRoom("Integrity", ["Domain", "Crypto"]),
    pureRoom("Control", ["Domain"]),
    room("Accounting", ["Domain"]),

    // One room for each C library.
    pureRoom("Crypto", ["CCrypto"]),
    room("Postgres", ["CPostgres"]),
    room("Compression", ["CZstd"]),
    room("HTTP", ["CMicrohttpd"]),

    // Rooms that do I/O, from the log upward.
    .target(
      name: "Schema", path: "schema", exclude: ["sql"], swiftSettings: settings, plugins: ["EmbedPlugin"]),
    .target(
      name: "ShippedProjections", path: "projections", exclude: ["books"], swiftSettings: settings,
      plugins: ["EmbedPlugin"]),
    room("Log", ["Domain", "Integrity", "Control", "Crypto", "Compression", "Postgres", "Schema"]),
    // Compression: snapshots of books are kept as zstd frames.
    room("Projections", ["Domain", "Crypto", "Compression", "Postgres", "ShippedProjections"]),
    room("Exports", ["Domain", "Integrity", "Crypto", "Compression"]),
    room("Notary", ["Domain", "Integrity", "Crypto", "Postgres", "Log"]),
    room(
      "Archive",
      ["Domain", "Integrity", "Control", "Crypto", "Compression", "Postgres", "Log", "Notary", "Exports"]),
    room(
      "Service",
      ["Domain", "Integrity", "Control", "Crypto", "Postgres", "HTTP", "Log", "Notary", "Projections"]),
    room("Lifecycle", ["CMimalloc"]),
    room("DaybookClient", ["Domain"]),
    .executableTarget(
      name: "daybook",
      dependencies: [
        "Domain", "Integrity", "Control", "Accounting", "Crypto", "Compression", "Postgres", "Log", "Notary",
        "Projections", "Exports", "Archive", "Service", "Lifecycle", "DaybookClient",
      ],
      swiftSettings: settings),

    tests("DomainTests", ["Domain"]),
    tests("ControlTests", ["Control", "Crypto", "Domain", "Compression"]),
    tests(
      "ServiceTests",
      ["Service", "Control", "Crypto", "Domain", "HTTP", "Integrity", "Log", "Postgres", "TestKit", "Projections"]),
    tests("AccountingTests", ["Accounting", "Domain"]),
    tests("ArchitectureTests", []),
    tests("CryptoTests", ["Crypto"]),
    tests("IntegrityTests", ["Integrity", "Domain", "Crypto"], resources: [.copy("Fixtures")]),
    tests("CompressionTests", ["Compression"]),
    tests("LifecycleTests", ["Lifecycle"]),
    tests(
      "CommandLineTests",
      ["daybook", "Compression", "Control", "DaybookClient", "Domain", "Log", "Postgres", "Service", "TestKit"]),
    tests("HTTPTests", ["HTTP"]),
    tests("NotaryTests", ["Notary", "Crypto", "Domain", "Integrity", "Log", "Postgres", "Service", "TestKit"]),
    tests("DaybookClientTests", ["DaybookClient", "Domain", "TestKit"]),

    // A Postgres for tests, used by the test targets of every room that needs a database.
    .target(
      name: "TestKit", dependencies: ["Crypto", "HTTP", "Integrity", "Postgres", "Log", "Schema"],
      path: "Tests/TestKit", swiftSettings: settings),
    tests("PostgresTests", ["Postgres", "TestKit"]),
    tests("SchemaTests", ["Schema", "Log", "Postgres", "TestKit"]),
    tests(
      "ArchiveTests",
      [
        "Archive", "Control", "Crypto", "Domain", "Exports", "Integrity", "Log", "Postgres", "Projections", "Service",
        "TestKit",
      ]),
    tests("ExportsTests", ["Exports", "Archive", "Compression", "Crypto", "Domain", "Integrity"]),
    // Real processes, hurt: the built `daybook` stands beside the test bundle, so it is a dependency.
    tests("FaultTests", ["daybook", "DaybookClient", "Domain", "Postgres", "Service", "TestKit"]),
    tests("ProjectionsTests", ["Projections", "Postgres", "Domain", "TestKit"]),
    // The HTTP interface, from outside: a real service on a real socket.
    tests(
      "InterfaceTests",
      [
        "daybook", "Crypto", "DaybookClient", "Domain", "Integrity", "Notary", "Postgres", "Projections", "Service",
        "TestKit",
      ], resources: [.copy("Notary/VerifyLog")]),

    // What tools/bench runs; no part of the product.
    .executableTarget(
      name: "measure",
      dependencies: [
        "Archive", "Crypto", "DaybookClient", "Domain", "Exports", "Integrity", "Lifecycle", "Log", "Postgres",
        "Projections", "Service",
      ],
      path: "tools/measure", exclude: ["append.lua", "decide.lua", "get.lua", "insert.sql"],
      swiftSettings: settings),
    // Text files compiled into the binary: see tools/embed.
    .executableTarget(name: "embed", path: "tools/embed", swiftSettings: settings),
    .plugin(
      name: "EmbedPlugin", capability: .buildTool(), dependencies: ["embed"], path: "tools/embed-plugin"),
  ]
)
