import Domain

/// One endpoint with who may call it: a row of `AccessTable.endpoints`.
///
/// A class, as each request is held against many rows: a value would be counted up and down with all that it holds.
final class EndpointAccess: Sendable {
  /// What a caller must have besides a role.
  enum Reach: Sendable, Equatable {
    /// Answers anybody, without a key.
    case open
    /// Concerns the deployment: a key, whatever its ledgers.
    case deployment
    /// Concerns the ledger named in the path, which the key must reach.
    case ledger
  }

  /// The media types of bodies.
  enum Media: String, Sendable, Equatable, CaseIterable {
    case json = "application/json"
    case cloudEvent = "application/cloudevents+json"
    case cloudEventBatch = "application/cloudevents-batch+json"
    case ndjson = "application/x-ndjson"
    case csv = "text/csv"
    case events = "text/event-stream"
    case metrics = "text/plain; version=0.0.4"
    case text = "text/plain"
    case note = "text/plain; charset=utf-8"
    case octets = "application/octet-stream"
  }

  /// Stable name, in OpenAPI and in recorded refusals.
  let operationID: String
  /// `GET` or `POST`.
  let method: String
  /// Path with `{name}` for parameters, each a whole segment.
  let path: String
  /// What it concerns.
  let reach: Reach
  /// Having one of these suffices; none are needed where `reach` is `open`.
  let roles: Set<Role>
  /// The key must be of one of these kinds besides.
  let kinds: Set<ActorKind>
  /// One line.
  let summary: String
  /// What a caller must know; may be empty.
  let description: String
  /// What it takes, the preferred first; empty: no body.
  let request: [Media]
  /// What it answers, the default first.
  let response: [Media]

  /// True where the last parameter stands for one segment or more, joined by slashes.
  let takesRest: Bool

  /// The path's segments.
  let segments: [Segment]

  /// One segment of a path.
  enum Segment: Sendable, Equatable {
    case literal(String)
    case parameter(String)
  }

  init(
    _ operationID: String, _ method: String, _ path: String, _ reach: Reach, roles: Set<Role>,
    kinds: Set<ActorKind> = AccessTable.anyKind, request: [Media] = [], response: [Media] = [.json],
    takesRest: Bool = false, _ summary: String, _ description: String = ""
  ) {
    self.operationID = operationID
    self.method = method
    self.path = path
    self.reach = reach
    self.roles = roles
    self.kinds = kinds
    self.request = request
    self.response = response
    self.takesRest = takesRest
    self.summary = summary
    self.description = description
    segments = path.split(separator: "/").map { segment in
      segment.first == "{" ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
  }

  /// True where every segment is spelled out or stands for a parameter that is not empty.
  func matches(_ path: [String]) -> Bool {
    guard path.count == segments.count || takesRest && path.count > segments.count else { return false }
    for (segment, text) in zip(segments, path) {
      switch segment {
      case .literal(let literal): if literal != text { return false }
      case .parameter: if text.isEmpty { return false }
      }
    }
    return true
  }
}
