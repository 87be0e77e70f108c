import Domain

/// Small schemas that recur in what the catalogue does not describe.
enum SchemaParts {
  /// A text that a pattern describes.
  static func string(pattern: String) -> JSON {
    .object(["type": .text("string"), "pattern": .text(pattern)])
  }

  /// A whole number between bounds, both included.
  static func integer(_ low: Int64?, _ high: Int64?) -> JSON {
    .object(["type": .text("integer"), "minimum": low.map(JSON.integer), "maximum": high.map(JSON.integer)])
  }
}
