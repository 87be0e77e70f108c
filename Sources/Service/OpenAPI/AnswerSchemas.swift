import Domain

/// Schemas of problems and of the answers that are the same for every deployment.
enum AnswerSchemas {
  /// By their names under `components/schemas`.
  static let components: [ExactText: JSON] = [
    "Problem": problem, "AppendAnswer": appendAnswer, "RecordPage": recordPage, "Head": head,
    "Decision": decision,
  ]

  /// The schema of an operation's JSON answer where it is fixed.
  static func answer(of endpoint: EndpointAccess) -> JSON? {
    switch endpoint.operationID {
    case "readEvents": EventSchemas.reference("RecordPage")
    case "readEvent": EventSchemas.reference("Record")
    case "decideRoute", "readDecision": EventSchemas.reference("Decision")
    case "diffBook": diff
    case "explainBook": explanation
    case "readControl": control
    // Commands answer as appends do, some with members of their own besides.
    default: endpoint.method != "GET" ? EventSchemas.reference("AppendAnswer") : nil
    }
  }

  private static let problem: JSON = .object([
    "type": .text("object"), "description": .text("What went wrong, after RFC 9457."),
    "properties": .object([
      "type": .object([
        "type": .text("string"),
        "description": .text("Stable; the last part names the kind. Refusals of the ledger have kinds of their own."),
        "examples": .array(ProblemKind.allCases.map { .text("/problems/\($0.rawValue)") }),
      ]),
      "title": .object(["type": .text("string")]),
      "status": SchemaParts.integer(400, 599),
      "detail": .object(["type": .text("string")]),
      "errors": .object([
        "type": .text("array"), "description": .text("Every error of validation, with its place."),
        "items": .object([
          "type": .text("object"),
          "properties": .object([
            "index": SchemaParts.integer(0, nil), "pointer": .object(["type": .text("string")]),
            "code": .object(["type": .text("string")]), "detail": .object(["type": .text("string")]),
          ]),
          "required": .array(["pointer", "code", "detail"].map(JSON.text)),
        ]),
      ]),
    ]),
    "required": .array(["type", "title", "status"].map(JSON.text)),
  ])

  private static let head: JSON = .object([
    "type": .text("object"), "description": .text("Where the log stands, and the root of its Merkle tree there."),
    "properties": .object([
      "position": SchemaParts.integer(0, nil), "root": .object(["type": .text("string")]),
    ]),
    "required": .array([.text("position"), .text("root")]),
  ])

  private static let appendAnswer: JSON = .object([
    "type": .text("object"),
    "properties": .object([
      "ledger": .object(["type": .text("string")]),
      "events": .object([
        "type": .text("array"), "description": .text("One for each event, in the order they were given."),
        "items": .object([
          "type": .text("object"),
          "properties": .object([
            "id": .object(["type": .text("string")]), "position": SchemaParts.integer(1, nil),
            "sequence": SchemaParts.integer(1, nil),
            "recordedtime": .object(["type": .text("string"), "format": .text("date-time")]),
            "duplicate": .object([
              "type": .text("boolean"), "description": .text("The same event had been appended before."),
            ]),
          ]),
          "required": .array(["id", "position", "sequence", "recordedtime", "duplicate"].map(JSON.text)),
        ]),
      ]),
      "head": EventSchemas.reference("Head"),
    ]),
    "required": .array(["ledger", "events", "head"].map(JSON.text)),
  ])

  private static let recordPage: JSON = .object([
    "type": .text("object"),
    "properties": .object([
      "records": .object(["type": .text("array"), "items": EventSchemas.reference("Record")]),
      "next": .object([
        "type": .text("integer"),
        "description": .text("The value of after for the next page; missing where there is none yet."),
      ]),
      "position": .object([
        "type": .text("integer"),
        "description": .text("Where the log ends for this answer; there where as_of was asked for."),
      ]),
    ]),
    "required": .array([.text("records")]),
  ])
}
