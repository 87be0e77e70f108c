import Domain
import Postgres

/// The builds that the database knows, with their definitions.
///
/// What is live is decided here and nowhere else: a newer binary registers a newer version, and until that is built the
/// old definition, kept in the database, goes on being posted and served, by old and new binaries alike.
final class ProjectionRegistry {
  private var parsed: [String: ProjectionDefinition] = [:]

  /// The builds that are live or being built, by projection and build.
  func builds(on connection: Connection) throws -> [ProjectionBuild] {
    let rows = try connection.execute(
      """
      SELECT projection, build::bigint, state, schema_name, md5(definition::text)
      FROM daybook.projections
      WHERE state <> 'retired'
      ORDER BY projection, build
      """)
    return try (0..<rows.count).map { row in
      let projection = rows.string(row, 0)
      let build = Int(rows.int64(row, 1))
      return ProjectionBuild(
        projection: projection, build: build, state: .init(rawValue: rows.string(row, 2)) ?? .retired,
        schema: rows.string(row, 3),
        definition: try definition(projection, build, hash: rows.string(row, 4), on: connection))
    }
  }

  /// The live build of a projection.
  func live(_ projection: String, on connection: Connection) throws -> ProjectionBuild? {
    try builds(on: connection).first { $0.projection == projection && $0.state == .live }
  }

  private func definition(
    _ projection: String, _ build: Int, hash: String, on connection: Connection
  ) throws -> ProjectionDefinition {
    let key = "\(projection)/\(build)/\(hash)"
    if let known = parsed[key] { return known }
    let rows = try connection.execute(
      """
      SELECT f.key, f.value
      FROM daybook.projections AS p
      CROSS JOIN LATERAL jsonb_each_text(p.definition) AS f
      WHERE p.projection = $1 AND p.build = $2::bigint
      """, [.text(projection), .int64(Int64(build))])
    var files: [String: String] = [:]
    for row in 0..<rows.count { files[rows.string(row, 0)] = rows.string(row, 1) }
    let definition = try DefinitionReader.read(folder: projection, origin: projection, files: files)
    parsed[key] = definition
    return definition
  }

  /// Makes the catalogue known: new projections become live at once, newer versions are laid out to be built.
  ///
  /// - Returns: What an operator should hear.
  /// - Throws: ``ProjectionError`` `definitionChanged` where tables or fold changed and the version did not.
  func register(_ catalogue: ProjectionCatalogue, on connection: Connection) throws -> [String] {
    try connection.transaction {
      try connection.lockUntilCommit(.registry)
      let known = try builds(on: connection)
      return try catalogue.definitions.compactMap { definition in
        try register(definition, known.filter { $0.projection == definition.name }, on: connection)
      }
    }
  }

  private func register(
    _ definition: ProjectionDefinition, _ known: [ProjectionBuild], on connection: Connection
  ) throws -> String? {
    guard let live = known.first(where: { $0.state == .live }) else {
      try insert(definition, state: .live, on: connection)
      return nil
    }
    if live.version > definition.version {
      return
        "\(definition.name): version \(live.version) is live; the older version \(definition.version) is not used"
    }
    if let same = known.first(where: {
      $0.version == definition.version && $0.definition.checksum != definition.checksum
    }) {
      if same.state == .live {
        throw ProjectionError(
          .definitionChanged,
          """
          \(definition.name): tables.sql or fold.sql changed and the version is still \(definition.version); raise the \
          version in projection.json
          """)
      }
      // A version that never went live may still change: its half-made build is thrown away.
      try retire(same, on: connection)
    }
    if live.version == definition.version {
      if live.definition.files != definition.files { try update(live, definition, on: connection) }
      return nil
    }
    for stale in known where stale.state == .building && stale.version < definition.version {
      try retire(stale, on: connection)
    }
    let isLaidOut = known.contains {
      $0.state == .building && $0.version == definition.version && $0.definition.checksum == definition.checksum
    }
    if !isLaidOut { try insert(definition, state: .building, on: connection) }
    return "\(definition.name): version \(definition.version) is built beside version \(live.version)"
  }

  /// Makes tables and row of a new build, inside the caller's transaction.
  @discardableResult
  func insert(
    _ definition: ProjectionDefinition, state: ProjectionBuild.State, on connection: Connection
  ) throws -> ProjectionBuild {
    let rows = try connection.execute(
      "SELECT coalesce(max(build), 0)::bigint + 1 FROM daybook.projections WHERE projection = $1",
      [.text(definition.name)])
    let build = Int(rows.int64(0, 0))
    let schema = ProjectionBuild.schemaName(definition, build: build)
    try BookSchema.create(schema, definition, on: connection)
    try connection.execute(
      """
      INSERT INTO daybook.projections
        (projection, build, version, state, definition, definition_checksum, schema_name, live_at)
      VALUES ($1, $2::bigint, $3::bigint, $4, $5, $6, $7, CASE WHEN $4 = 'live' THEN clock_timestamp() END)
      """,
      [
        .text(definition.name), .int64(Int64(build)), .int64(Int64(definition.version)), .text(state.rawValue),
        .json(Self.json(definition.files)), .text(definition.checksum), .text(schema),
      ])
    if state == .live { try BookSchema.publish(schema, definition, previous: nil, on: connection) }
    return ProjectionBuild(
      projection: definition.name, build: build, state: state, schema: schema, definition: definition)
  }

  /// Takes over new queries and words of the same version.
  private func update(
    _ live: ProjectionBuild, _ definition: ProjectionDefinition, on connection: Connection
  ) throws {
    try connection.execute(
      "UPDATE daybook.projections SET definition = $3 WHERE projection = $1 AND build = $2::bigint",
      [.text(live.projection), .int64(Int64(live.build)), .json(Self.json(definition.files))])
  }

  /// Ends a build inside the caller's transaction: without its cursors nobody can post into it any more.
  func retire(_ build: ProjectionBuild, on connection: Connection) throws {
    let key: [Parameter] = [.text(build.projection), .int64(Int64(build.build))]
    try connection.execute("DELETE FROM daybook.cursors WHERE projection = $1 AND build = $2::bigint", key)
    try connection.execute("DELETE FROM daybook.projection_faults WHERE projection = $1 AND build = $2::bigint", key)
    try connection.execute(
      """
      UPDATE daybook.projections
      SET state = 'retired', retired_at = clock_timestamp()
      WHERE projection = $1 AND build = $2::bigint
      """, key)
    // Its snapshots start no replay any more: of a new definition they say nothing, of the same one the new build has its own.
    try BookSnapshot.remove(build, on: connection)
  }

  /// Drops the schemas of retired builds; those that are still read stay for the next time.
  static func sweep(on connection: Connection) throws {
    let rows = try connection.execute(
      """
      SELECT p.schema_name
      FROM daybook.projections AS p
      JOIN pg_namespace AS n ON n.nspname = p.schema_name
      WHERE p.state = 'retired'
      """)
    for row in 0..<rows.count { _ = try BookSchema.drop(rows.string(row, 0), on: connection) }
  }

  private static func json(_ files: [String: String]) -> [UInt8] {
    JSON.object(Dictionary(uniqueKeysWithValues: files.map { (ExactText($0.key), JSON.text($0.value)) })).canonical
  }
}
