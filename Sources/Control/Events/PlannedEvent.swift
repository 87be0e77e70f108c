public import Domain

/// An event that the ledger itself is about to write. The catalogue validates it and sets its personal part apart.
public struct PlannedEvent: Sendable, Equatable {
  /// Catalogue name.
  public var type: String
  /// Version of the type, from 1.
  public var typeVersion: Int
  /// What the event is about.
  public var subject: String
  /// The whole data, personal members included.
  public var data: JSON
  /// What the ledger concludes; the writer adds tokens and the request's digest.
  public var derived: JSON?
  /// Who caused it: the command's principal, or the ledger itself for what fell due.
  public var bySystem: Bool
  /// The subject's last sequence (0: it has no event yet), where the state knows it; nil lets the writer look it up, which
  /// what falls due or follows from a fact must not need: it would cost a round trip under the ledger's lock.
  public var lastSequence: Int64?
  /// Makes a planned event.
  public init(
    type: String, typeVersion: Int = 1, subject: String, data: JSON, derived: JSON? = nil, bySystem: Bool = false,
    lastSequence: Int64? = nil
  ) {
    self.type = type
    self.typeVersion = typeVersion
    self.subject = subject
    self.data = data
    self.derived = derived
    self.bySystem = bySystem
    self.lastSequence = lastSequence
  }

  /// Adds a text to what the ledger concludes.
  public mutating func conclude(_ text: String, as member: String) {
    // Taken out, so that it changes in place.
    var derived = self.derived.take() ?? .object(JSONObject())
    derived[member] = .text(text)
    self.derived = derived
  }
}
