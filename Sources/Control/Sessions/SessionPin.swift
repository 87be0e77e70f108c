import Domain

/// The model that a session stays with.
struct SessionPin: Sendable, Equatable {
  /// The session's token.
  var session: String
  /// The first model that the session was allowed.
  var model: String
  /// When the session was last allowed anything, by recorded time.
  var lastAllowedAt: Timestamp
}
