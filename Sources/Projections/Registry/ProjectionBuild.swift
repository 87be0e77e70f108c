/// One build of a projection: its tables, and the definition that posts and serves them.
struct ProjectionBuild: Sendable {
  enum State: String, Sendable { case building, live, retired }

  var projection: String
  /// Counts the builds of the projection, from 1.
  var build: Int
  var state: State
  var schema: String
  var definition: ProjectionDefinition

  var version: Int { definition.version }

  /// The schema of a build: `book_<name>_v<version>`, and `_b<build>` from the second one on.
  static func schemaName(_ definition: ProjectionDefinition, build: Int) -> String {
    build == 1
      ? "book_\(definition.name)_v\(definition.version)" : "book_\(definition.name)_v\(definition.version)_b\(build)"
  }
}
