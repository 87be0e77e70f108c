import Domain
import Foundation
import Log
public import Postgres

/// Learns how far each ledger's log has come, whichever process wrote it: by notification at once, by asking in any case.
///
/// A notification only wakes; what counts is what the log says. Writers are told so that their memory keeps up.
public actor LogFollower {
  /// Between two questions when nobody notifies.
  static let interval = Duration.milliseconds(200)

  private let settings: ConnectionSettings
  private let heads: HeadBoard
  private let moved: @Sendable (String, Int64) -> Void
  private let executor = QueueExecutor(label: "daybook.follower")
  private var connection: Connection?

  /// Runs on its own queue, where it may wait for notifications.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Makes a follower.
  ///
  /// - Parameter moved: Called for each ledger on each round, with the head read.
  public init(_ settings: ConnectionSettings, heads: HeadBoard, moved: @escaping @Sendable (String, Int64) -> Void) {
    var own = settings
    own.role = "daybook_writer"
    own.applicationName = "daybook follower"
    self.settings = own
    self.heads = heads
    self.moved = moved
  }

  /// Follows until cancelled.
  public func run() async {
    while !Task.isCancelled {
      do {
        try round()
      } catch {
        connection = nil
        try? await Task.sleep(for: Self.interval)
      }
      await Task.yield()
    }
    connection?.close()
  }

  private func round() throws {
    let connection: Connection
    if let open = self.connection, open.isOpen {
      connection = open
    } else {
      connection = try Connection(settings)
      connection.callTimeout = .seconds(2)
      try connection.listen(Self.channel)
      self.connection = connection
    }
    let asked = ContinuousClock.now
    let rows = try connection.execute(
      """
      SELECT l.ledger_id, coalesce(
        (SELECT e.position FROM daybook.events e WHERE e.ledger_id = l.ledger_id ORDER BY e.position DESC LIMIT 1), 0)
      FROM daybook.ledgers l
      """)
    var positions: [String: Int64] = [:]
    for row in 0..<rows.count { positions[rows.string(row, 0)] = rows.int64(row, 1) }
    heads.note(positions, readAt: asked)
    for (ledger, position) in positions { moved(ledger, position) }
    let notified = try connection.notifications(within: Self.interval)
    // Under load every commit notifies; a pause bounds the questions without delaying anybody noticeably.
    if !notified.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
  }

  /// The channel on which writers say that a log has grown.
  public static let channel = "daybook_log"
}
