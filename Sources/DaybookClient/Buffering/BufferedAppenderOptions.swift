/// Settings of a ``BufferedAppender``: where events wait, how many may, and how they are sent.
public struct BufferedAppenderOptions: Sendable {
  /// What `add` promises when it returns.
  public enum Durability: Sendable, Hashable {
    /// The event is in memory; it is lost when the process ends before it is delivered.
    case memory
    /// The event is in a file of this folder; it survives the process, and nearly always the machine's crash.
    case file(folder: String)
    /// The event is on the disk (fsync) in this folder; it survives power loss. Adds that wait together share one fsync.
    case disk(folder: String)
  }

  /// What `add` does where there is no room.
  public enum WhenFull: Sendable, Hashable {
    /// Throws `queueFull` or `spoolFull`.
    case refuse
    /// Waits for room.
    case wait
  }

  /// Where events wait.
  public var durability: Durability
  /// What happens where there is no room.
  public var whenFull: WhenFull
  /// Bytes that may wait: in memory, or on disk with segments that are partly delivered and the file of refused events.
  public var maximumBytes: Int
  /// Events in memory that may wait for delivery (`memory`) or for the disk (`file`, `disk`).
  public var maximumQueuedEvents: Int
  /// Events in one request, 1 to 10,000.
  public var batchEvents: Int
  /// Bytes of events in one request, at most 15 MiB; one event may be larger.
  public var batchBytes: Int
  /// How long a batch that is not full waits for more; zero suits most: while one request is under way, the next fills.
  public var linger: Duration
  /// How patiently to repeat; its number of attempts and its deadline do not count, as an appender never gives up.
  public var retry: RetryPolicy
  /// Bytes after which the spool begins another file.
  var segmentBytes: Int { min(8 << 20, max(64 << 10, maximumBytes / 8)) }

  /// Makes settings.
  public init(
    durability: Durability, whenFull: WhenFull = .refuse, maximumBytes: Int = 1 << 30,
    maximumQueuedEvents: Int = 50_000, batchEvents: Int = 500, batchBytes: Int = 1 << 20,
    linger: Duration = .zero, retry: RetryPolicy = RetryPolicy(longestDelay: .seconds(10))
  ) {
    self.durability = durability
    self.whenFull = whenFull
    self.maximumBytes = max(1 << 20, maximumBytes)
    self.maximumQueuedEvents = max(1, maximumQueuedEvents)
    self.batchEvents = min(max(1, batchEvents), Limits.batchEvents)
    self.batchBytes = min(max(1, batchBytes), 15 << 20)
    self.linger = max(.zero, min(linger, .seconds(1)))
    self.retry = retry
  }
}
