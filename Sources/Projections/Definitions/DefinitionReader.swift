import Domain

/// Reads a projection from the texts of its files, strictly and with all faults at once.
struct DefinitionReader {
  static func read(folder: String, origin: String, files: [String: String]) throws -> ProjectionDefinition {
    fatalError("contract")
  }
}
