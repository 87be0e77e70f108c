/// A snapshot that cannot be read.
public struct SnapshotFault: Error, Sendable, Equatable {
  /// What is wrong, for operators; holds no data of the snapshot.
  public var detail: String
  /// Makes a fault.
  public init(detail: String) { self.detail = detail }
}
