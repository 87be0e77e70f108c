extension DaybookError {
  /// The kinds of errors; more may come, so a `switch` needs a default.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, Sendable {
      case configuration, insecure, invalidEvent, batchTooLarge
      case connection, timeout, overloaded, unavailable, server, malformedAnswer
      case unauthorised, forbidden, notFound, conflict, invalid, tooLarge, refused
      case gap, queueFull, spoolFull, spoolInUse, spoolCorrupt, spoolFailed, closed, undelivered
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// A setting is missing or senseless.
    public static let configuration = Self(.configuration)
    /// The address is unencrypted and not of this machine, and was not allowed explicitly.
    public static let insecure = Self(.insecure)
    /// An event that no ledger would take; found before it was sent.
    public static let invalidEvent = Self(.invalidEvent)
    /// More than 10,000 events or 16 MiB in one all-or-nothing append.
    public static let batchTooLarge = Self(.batchTooLarge)
    /// The connection could not be made or was lost.
    public static let connection = Self(.connection)
    /// No answer within the bound.
    public static let timeout = Self(.timeout)
    /// 429: the ledger's queues are full; nothing was written.
    public static let overloaded = Self(.overloaded)
    /// 503: the ledger or its database is away; nothing is known to be written.
    public static let unavailable = Self(.unavailable)
    /// Another 5xx.
    public static let server = Self(.server)
    /// The answer was not what the protocol says.
    public static let malformedAnswer = Self(.malformedAnswer)
    /// 401: the key is missing, unknown, revoked or expired.
    public static let unauthorised = Self(.unauthorised)
    /// 403: the key may not do this.
    public static let forbidden = Self(.forbidden)
    /// 404.
    public static let notFound = Self(.notFound)
    /// 409: identity, sequence, or the state of what the command is about.
    public static let conflict = Self(.conflict)
    /// 400 or 422: validation failed; see `faults`.
    public static let invalid = Self(.invalid)
    /// 413 or 414.
    public static let tooLarge = Self(.tooLarge)
    /// Any other answer that is no success.
    public static let refused = Self(.refused)
    /// A live feed skipped a position.
    public static let gap = Self(.gap)
    /// The buffer in memory is full.
    public static let queueFull = Self(.queueFull)
    /// The spool has reached its bound on disk, or the disk is full.
    public static let spoolFull = Self(.spoolFull)
    /// Another process, or another appender of this one, holds the spool.
    public static let spoolInUse = Self(.spoolInUse)
    /// The spool holds bytes that it did not write; the message names file and offset.
    public static let spoolCorrupt = Self(.spoolCorrupt)
    /// Reading or writing the spool failed; the message names the system's error.
    public static let spoolFailed = Self(.spoolFailed)
    /// The appender or client was closed.
    public static let closed = Self(.closed)
    /// Events that were only in memory could not be delivered before the deadline of `close`.
    public static let undelivered = Self(.undelivered)

    /// The code's name.
    public var description: String { kind.rawValue }
  }
}
