/// The bounds of this module in one place; those of events are the ledger's own.
enum Limits {
  /// Events in one append (the ledger's bound).
  static let batchEvents = 10_000
  /// Bytes in one append (the ledger's bound).
  static let batchBytes = 16 << 20
  /// Bytes of one event's data (the ledger's bound).
  static let dataBytes = 48 << 10
  /// Characters of an id (the ledger's bound).
  static let idLength = 128
  /// Characters of a source or a subject (the ledger's bound).
  static let nameLength = 256
  /// Bytes of one answer that is held in memory: a page of 1,000 of the largest events fits.
  static let answerBytes = 64 << 20
  /// Nesting of an answer: a record adds a few levels to the ledger's own 16.
  static let answerDepth = 32
  /// Faults kept of one refusal.
  static let faults = 1_000
  /// Bytes of a stream that wait for a slow reader; beyond, the connection is cut and resumed later.
  static let streamBacklogBytes = 4 << 20
  /// Bytes of one server-sent event.
  static let streamEventBytes = 4 << 20
  /// A count within one event (the ledger's bound).
  static let countOfOneEvent: Int64 = 1_000_000_000_000
  /// Bytes of a provider's usage object that are read.
  static let usageBytes = 64 << 10
  /// Bytes of a provider's usage object that are recorded: its event must stay within the ledger's bound.
  static let rawUsageBytes = 8 << 10
  /// Bytes of a provider's refusal that are read.
  static let providerProblemBytes = 64 << 10
  /// Bytes of one chunk of a provider's stream.
  static let providerChunkBytes = 1 << 20
  /// Characters of the id of a call (the ledger's bound): the ids of its attempts are longer.
  static let callIDLength = 112
  /// Records in one page while reading the whole log.
  static let pageRecords = 1_000
}
