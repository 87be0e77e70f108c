import Control
import Domain

/// What endpoints take besides their path and body, by `operationID`.
///
/// Handlers read their parameters themselves; a test holds that no operation is named here that the access table lacks.
enum EndpointParameters {
  /// A query item or header field.
  struct Parameter: Sendable {
    enum Place: String, Sendable { case query, header }

    let name: String
    var place = Place.query
    let schema: JSON
    let description: String
  }

  static let all: [String: [Parameter]] = [
    "readEvents": [
      after,
      .init(
        name: "limit", schema: SchemaParts.integer(1, nil),
        description:
          "Most records of one answer: \(API.pageDefault) where it is missing and \(API.pageLimit) at most, "
          + "fewer where they are large (next says whether there are more), but for application/x-ndjson, which has no bound of its own."
      ),
      type, subject,
      .init(name: "from", schema: time, description: "Only events recorded at or after this moment."),
      .init(name: "to", schema: time, description: "Only events recorded before this moment."),
      asOf,
      .init(
        name: "form", schema: .object(["enum": .array([.text("event"), .text("export")])]),
        description:
          "export: a line an event (application/x-ndjson) with everything that its hashes are made of, salts and personal "
          + "hashes included, as `daybook verify-export` checks it."),
    ],
    "followEvents": [after, type, subject, lastEventID],
    "listApprovals": [
      .init(
        name: "status",
        schema: .object(["enum": .array(Approval.State.allCases.map { .text($0.rawValue) })]),
        description: "Only approvals in this state.")
    ],
    "listErasures": [
      .init(name: "before", schema: SchemaParts.integer(1, nil), description: "Only erasures before this position."),
      .init(
        name: "limit", schema: SchemaParts.integer(1, API.erasuresListed.most),
        description: "Most erasures of the answer; \(API.erasuresListed.usual) where it is missing."),
    ],
    "listPrices": prices,
    "listModels": [
      .init(name: "model", schema: text, description: "Only the model that this name or alias leads to.")
    ],
    "listEvaluations": [.init(name: "operation", schema: text, description: "Only evaluations for this operation.")],
    "readBudget": [
      .init(
        name: "key", schema: text, description: "Only this counter: a user by name, a team, a model, a tier, …"),
      .init(
        name: "limit", schema: SchemaParts.integer(1, API.mostCounters),
        description: "Most counters of the answer; \(API.usualCounters) where it is missing."),
    ],
    "readCheckpoint": [cosignatures],
    "readReceipt": [cosignatures],
    "proveInclusion": [
      .init(name: "position", schema: SchemaParts.integer(1, nil), description: "The event's position."),
      .init(
        name: "size", schema: SchemaParts.integer(1, nil),
        description: "The tree's size: so many events; the newest checkpoint's where it is missing."),
    ],
    "proveConsistency": [
      .init(name: "from", schema: SchemaParts.integer(0, nil), description: "The older tree's size."),
      .init(
        name: "to", schema: SchemaParts.integer(0, nil),
        description: "The newer tree's size; the newest checkpoint's where it is missing."),
    ],
    "diffBook": diff,
    "explainBook": explain,
    "readControl": [controlAsOf],
    "readBook": bookParameters,
    "queryBook": bookParameters,
  ]

  /// Books take these besides the parameters of the query.
  static let bookParameters: [Parameter] = [
    .init(
      name: "as_of", schema: text,
      description: "Answer from a replay up to this position (digits) or moment (RFC 3339) instead of the live book."),
    .init(
      name: "min_position", schema: SchemaParts.integer(0, nil),
      description: "Wait until the book reflects this position; 503 not-yet-posted when it takes too long."),
  ]

  private static let cosignatures = Parameter(
    name: "cosignatures", schema: SchemaParts.integer(0, API.cosignaturesAtMost),
    description: "The newest checkpoint with at least so many cosignatures.")

  /// Every command takes it.
  static let idempotencyKey = Parameter(
    name: "Idempotency-Key", place: .header, schema: SchemaParts.string(pattern: "^[!\"$-~]{1,112}$"),
    description: "Names the command: the same key with the same body answers with the first result.")

  static let text: JSON = .object(["type": .text("string")])
  static let time: JSON = .object(["type": .text("string"), "format": .text("date-time")])
  private static let type = Parameter(
    name: "type", schema: .object(["type": .text("array"), "items": text]),
    description: "Only events of this type; repeated, of any of these types.")
  private static let subject = Parameter(
    name: "subject", schema: text, description: "Only events about this subject.")
  private static let after = Parameter(
    name: "after", schema: SchemaParts.integer(0, nil), description: "Only events after this position.")
  private static let lastEventID = Parameter(
    name: "Last-Event-ID", place: .header, schema: SchemaParts.string(pattern: "^[0-9]+$"),
    description: "The last position that was seen; sent by clients that resume.")
}

extension EndpointParameters.Parameter {
  /// As OpenAPI wants it.
  var json: JSON {
    .object([
      "name": .text(name), "in": .text(place.rawValue), "required": .boolean(false), "schema": schema,
      "description": .text(description),
    ])
  }
}
