import Control
import Log

/// A command with what tells it from others.
struct CommandRequest: Sendable {
  var command: Command
  /// The idempotency key: the events get the ids `<key>#1…`. Of a decision, its id.
  var key: String
  /// Hex SHA-256 of what was asked, so that the same key with another request is a conflict.
  var digest: String
  /// Randomness for ids that the command makes.
  var freshID: String
  /// What an erasure was found to select, before the lock was taken.
  var scan: SelectorScan?
}
