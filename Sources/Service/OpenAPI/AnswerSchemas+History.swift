import Domain

extension AnswerSchemas {
  private static let text: JSON = .object(["type": .text("string")])
  private static let integer: JSON = .object(["type": .text("integer")])
  private static let boolean: JSON = .object(["type": .text("boolean")])
  private static let row: JSON = .object(["type": .text("object")])
  private static let moment: JSON = .object([
    "type": .array([.text("string"), .text("null")]), "format": .text("date-time"),
  ])

  private static func object(_ properties: JSON, _ required: [String]) -> JSON {
    .object([
      "type": .text("object"), "properties": properties, "required": .array(required.map(JSON.text)),
    ])
  }

  private static func list(_ items: JSON) -> JSON { .object(["type": .text("array"), "items": items]) }

  private static let point = object(.object(["position": integer, "recordedtime": moment]), ["position"])

  /// What the rules know at a position.
  static let control = object(
    .object([
      "ledger": text, "position": integer, "recordedtime": moment, "rules_version": integer, "form": integer,
      "sha256": text, "state": row,
    ]), ["ledger", "position", "rules_version", "form", "sha256", "state"])

  /// How two points of a book's history differ.
  static let diff = object(
    .object([
      "projection": text, "version": integer, "ledger": text, "from": point, "to": point, "next": integer,
      "tables": list(
        object(
          .object(["table": text, "added": integer, "removed": integer, "changed": integer]),
          ["table", "added", "removed", "changed"])),
      "rows": list(
        object(
          .object([
            "table": text, "key": row,
            "change": .object(["enum": .array(["added", "removed", "changed"].map(JSON.text))]),
            "columns": .object([
              "type": .text("object"), "description": .text("Columns that differ: what it was, what it is."),
              "additionalProperties": .object([
                "type": .text("array"), "minItems": .integer(2), "maxItems": .integer(2),
              ]),
            ]),
            "events": list(integer), "has_all_events": boolean,
          ]), ["table", "key", "change", "columns", "events", "has_all_events"])),
    ]), ["projection", "version", "ledger", "from", "to", "tables", "rows"])

  /// The events behind rows.
  static let explanation = object(
    .object([
      "projection": text, "version": integer, "table": text, "key_columns": list(text), "ledger": text,
      "position": integer, "recordedtime": moment,
      "found_by": .object(["enum": .array(["declaration", "folding"].map(JSON.text))]),
      "rows": list(row), "next": integer,
      "events": list(
        object(
          .object([
            "position": integer, "id": text, "type": text, "subject": text, "recordedtime": moment, "key": row,
            "receipt": .object(["type": .text("string"), "description": .text("Path of what proves the event.")]),
            "contribution": row, "before": .object(["type": .array([.text("object"), .text("null")])]),
            "after": .object(["type": .array([.text("object"), .text("null")])]),
          ]), ["position", "id", "type", "subject", "recordedtime", "key", "receipt"])),
    ]), ["projection", "version", "table", "ledger", "position", "found_by", "rows", "events"])
}
