/// Positions that are read at once.
public struct LogRange: Sendable, Equatable {
  /// Behind this position.
  public var after: Int64
  /// Up to this one.
  public var upTo: Int64

  /// Makes a range.
  public init(after: Int64, upTo: Int64) { (self.after, self.upTo) = (after, upTo) }
}
