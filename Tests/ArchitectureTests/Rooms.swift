/// The rooms and what each may import, from the bottom up.
enum Rooms {
  /// A room: its folder, the rooms of this package it may import, and the system modules it may import.
  struct Room: Sendable, CustomStringConvertible {
    var name: String
    var rooms: Set<String>
    var system: Set<String>
    var description: String { name }
  }

  /// What reads files, clocks and sockets: pure rooms have none of it.
  private static let inputOutput: Set<String> = [
    "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc", "Musl", "Darwin", "Dispatch",
    "Synchronization",
  ]
  private static let system: Set<String> = ["Glibc", "Musl", "Darwin", "Dispatch", "Synchronization"]

  /// Every room of `Sources`. A room imports only rooms that stand before it.
  static let all: [Room] = [
    Room(name: "Domain", rooms: [], system: []),
    Room(name: "Crypto", rooms: ["CCrypto"], system: []),
    Room(name: "Compression", rooms: ["CZstd"], system: []),
    Room(name: "Postgres", rooms: ["CPostgres"], system: system),
    Room(name: "HTTP", rooms: ["CMicrohttpd"], system: system),
    Room(name: "Integrity", rooms: ["Domain", "Crypto"], system: []),
    Room(name: "Control", rooms: ["Domain"], system: []),
    Room(name: "Accounting", rooms: ["Domain"], system: []),
    Room(
      name: "Log", rooms: ["Domain", "Integrity", "Control", "Crypto", "Compression", "Postgres", "Schema"],
      system: system),
    // Compression for the snapshots of books that replays start from.
    Room(
      name: "Projections", rooms: ["Domain", "Crypto", "Compression", "Postgres", "ShippedProjections"],
      system: inputOutput),
    // Verifies without a database: nothing that writes an archive is here, so that it cannot err in the same way.
    Room(name: "Exports", rooms: ["Domain", "Integrity", "Crypto", "Compression"], system: system),
    Room(
      name: "Notary", rooms: ["Domain", "Integrity", "Crypto", "Postgres", "Log"], system: inputOutput),
    Room(
      name: "Archive",
      rooms: ["Domain", "Integrity", "Control", "Crypto", "Compression", "Postgres", "Log", "Notary", "Exports"],
      system: system),
    Room(
      name: "Service",
      rooms: ["Domain", "Integrity", "Control", "Crypto", "Postgres", "HTTP", "Log", "Notary", "Projections"],
      system: inputOutput),
    Room(
      name: "Lifecycle", rooms: ["CMimalloc", "Domain", "Crypto", "Postgres", "Log", "Service", "Projections"],
      system: inputOutput),
    Room(name: "DaybookClient", rooms: ["Domain"], system: inputOutput),
    Room(
      name: "daybook",
      rooms: [
        "Domain", "Integrity", "Control", "Accounting", "Crypto", "Compression", "Postgres", "HTTP", "Log", "Notary",
        "Projections", "Exports", "Archive",
        "Service", "Lifecycle", "DaybookClient",
      ], system: inputOutput),
  ]

  /// The C modules, each with the one room that may import it.
  static let wrappers = [
    "CPostgres": "Postgres", "CMicrohttpd": "HTTP", "CZstd": "Compression", "CCrypto": "Crypto",
    "CMimalloc": "Lifecycle",
  ]
}
