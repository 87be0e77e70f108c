/// One thing that is wrong with a file of a projection.
public struct DefinitionFault: Sendable, Equatable, CustomStringConvertible {
  /// Path of the file, below the folder of all projections.
  public var file: String
  /// From 1; 0 where the file as a whole is meant.
  public var line: Int
  /// RFC 6901 pointer into `projection.json`, empty elsewhere.
  public var pointer: String
  /// What to do about it.
  public var detail: String

  /// `file:line: pointer: detail`.
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    return pointer.isEmpty ? "\(place): \(detail)" : "\(place): \(pointer): \(detail)"
  }
}
