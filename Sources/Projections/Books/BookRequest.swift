public import Domain

/// A question to a book.
public struct BookRequest: Sendable {
  /// Which ledger's book.
  public var ledger: String
  /// The projection's name.
  public var projection: String
  /// The query's name; nil for the projection's first.
  public var query: String?
  /// Parameters as texts, in the order given; a name may repeat for lists.
  public var parameters: [(name: String, value: String)]
  /// Waits until the book reflects this position, within ``BookLimits/minPositionWait``.
  public var minPosition: Int64?
  /// Answers from a replay of the log up to here instead of the live book.
  public var asOf: ReplayPoint?

  /// Makes a question.
  public init(
    ledger: String, projection: String, query: String? = nil, parameters: [(name: String, value: String)] = [],
    minPosition: Int64? = nil, asOf: ReplayPoint? = nil
  ) {
    self.ledger = ledger
    self.projection = projection
    self.query = query
    self.parameters = parameters
    self.minPosition = minPosition
    self.asOf = asOf
  }
}

/// How far a replay goes.
public enum ReplayPoint: Sendable, Hashable {
  /// Up to and with this position.
  case position(Int64)
  /// Up to the last event recorded at or before this moment.
  case time(Timestamp)
}

/// How the rows of an answer are written.
public enum BookFormat: Sendable {
  /// `{"projection", "version", "query", "ledger", "position", "recordedtime", "rows": [{…}]}`
  case json
  /// RFC 4180 with a header line and CRLF; empty for NULL, `""` for an empty text.
  case csv
  /// One object a line: the rows alone.
  case ndjson
}

/// Bounds of questions, with the reason for each.
public struct BookLimits: Sendable {
  /// One query's time in Postgres: a reader must not hold back vacuum for long.
  public var statementTimeout: Duration
  /// How long `min_position` waits: shorter than the usual HTTP client's patience.
  public var minPositionWait: Duration
  /// Replays at once: each holds a connection and a core.
  public var replays: Int
  /// One replay's time, posting and answering.
  public var replayTimeout: Duration
  /// Connections for questions.
  public var connections: Int

  /// Makes limits.
  public init(
    statementTimeout: Duration = .seconds(15), minPositionWait: Duration = .seconds(10), replays: Int = 2,
    replayTimeout: Duration = .seconds(120), connections: Int = 4
  ) {
    self.statementTimeout = statementTimeout
    self.minPositionWait = minPositionWait
    self.replays = replays
    self.replayTimeout = replayTimeout
    self.connections = connections
  }
}
