/// How long to keep asking, and how patiently: full jitter under an exponential ceiling.
///
/// Jitter keeps a thousand clients that lost the same server from coming back at the same moment.
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all, the first included; 1 never tries again.
  public var attempts: Int
  /// The ceiling of the first wait; it doubles from attempt to attempt.
  public var firstDelay: Duration
  /// The ceiling of all later waits.
  public var longestDelay: Duration
  /// No new attempt begins later than this after the first.
  public var deadline: Duration

  /// Makes a policy.
  public init(
    attempts: Int = 8, firstDelay: Duration = .milliseconds(50), longestDelay: Duration = .seconds(5),
    deadline: Duration = .seconds(30)
  ) {
    self.attempts = max(1, attempts)
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.deadline = deadline
  }

  /// One attempt.
  public static let never = RetryPolicy(attempts: 1)

  /// The wait before attempt `attempt` (from 2), between half and all of the ceiling, and never less than the server asked.
  ///
  /// - Parameter fraction: A random number in 0..<1.
  func delay(before attempt: Int, retryAfter: Duration?, fraction: Double) -> Duration {
    let doublings = min(max(attempt - 2, 0), 20)
    let ceiling = min(firstDelay * (1 << doublings), longestDelay)
    let jittered = ceiling * (0.5 + fraction / 2)
    // A crowd that was told the same second should not return in the same instant.
    guard let retryAfter else { return jittered }
    return max(jittered, retryAfter + firstDelay * fraction)
  }
}
