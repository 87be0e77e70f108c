/// A message of `LISTEN`.
public struct Notification: Sendable, Equatable {
  /// The channel it came through.
  public var channel: String
  /// What the sender said; at most 8,000 bytes.
  public var payload: String
  /// Makes a notification.
  public init(channel: String, payload: String) {
    self.channel = channel
    self.payload = payload
  }
}
