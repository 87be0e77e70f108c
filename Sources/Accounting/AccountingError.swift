/// A record that cannot be booked.
public struct AccountingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which kind.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String { case unreadable, overflow }
    private let kind: Kind
    /// The record lacks a member that its type has, or has one of another form.
    public static let unreadable = Code(kind: .unreadable)
    /// A sum has more than 26 digits before its point.
    public static let overflow = Code(kind: .overflow)
    /// A stable name.
    public var description: String { kind.rawValue }
  }

  /// Which kind.
  public let code: Code
  /// Where in the log; 0 where it is no one record.
  public let position: Int64
  /// For people; holds no values of the record.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, at position: Int64, _ message: String) {
    self.code = code
    self.position = position
    self.message = message
  }

  /// Where and what.
  public var description: String { position > 0 ? "the event at position \(position): \(message)" : message }
}
