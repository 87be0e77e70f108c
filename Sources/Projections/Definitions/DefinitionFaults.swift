/// Everything that is wrong with the folders of projections, at once.
public struct DefinitionFaults: Error, Sendable, CustomStringConvertible {
  /// In the order of files and lines; at least one.
  public var faults: [DefinitionFault]
  /// One a line.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
