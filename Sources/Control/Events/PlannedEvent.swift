public import Domain

/// An event that the ledger itself is about to write. The catalogue validates it and sets its personal part apart.
public struct PlannedEvent: Sendable, Equatable {
  /// Catalogue name.
  public var type: String
  /// What the event is about.
  public var subject: String
  /// The whole data, personal members included.
  public var data: JSON
  /// What the ledger concludes; the writer adds tokens and the request's digest.
  public var derived: JSON?
  /// Who caused it: the command's principal, or the ledger itself for what fell due.
  public var bySystem: Bool
  /// Makes a planned event.
  public init(type: String, subject: String, data: JSON, derived: JSON? = nil, bySystem: Bool = false) {
    self.type = type
    self.subject = subject
    self.data = data
    self.derived = derived
    self.bySystem = bySystem
  }
}
