import Control
import Domain

extension AnswerSchemas {
  private static let text: JSON = .object(["type": .text("string")])
  private static let integer: JSON = .object(["type": .text("integer")])

  private static func object(_ properties: JSON, required: [String] = []) -> JSON {
    .object([
      "type": .text("object"), "properties": properties,
      "required": required.isEmpty ? nil : .array(required.map(JSON.text)),
    ])
  }

  private static func list(_ items: JSON) -> JSON { .object(["type": .text("array"), "items": items]) }

  private static let money = object(.object(["amount": text, "currency": text]), required: ["amount", "currency"])

  /// What a caller is told about a call.
  static let decision: JSON = object(
    .object([
      "ledger": text, "id": text, "operation": text,
      "outcome": .object(["enum": .array(["allowed", "denied", "needs_approval"].map(JSON.text))]),
      "model": text, "provider": text,
      "fallbacks": list(object(.object(["model": text, "provider": text]), required: ["model", "provider"])),
      "reasons": list(text),
      "candidates": list(
        object(
          .object([
            "model": text, "provider": text,
            "origin": .object([
              "enum": .array(
                ["requested", "tier", "session", "primary", "fallback", "ledger_default"].map(JSON.text))
            ]),
            "fate": .object([
              "enum": .array((["chosen", "fallback"] + DecisionCode.allCases.map(\.rawValue)).map(JSON.text))
            ]),
            "detail": text,
          ]), required: ["model", "origin", "fate"])),
      "rationale": text,
      "estimate": object(.object(["cost": money, "usage": .object(["type": .text("object")])]), required: ["usage"]),
      "reservations": list(
        object(
          .object([
            "budget": text, "key": text, "window": text, "amount": money, "tokens": integer, "expires_at": text,
          ]), required: ["budget", "key", "window", "expires_at"])),
      "approval": text, "retry_after_ms": integer, "price_ids": list(integer),
      "relied_on": .object(["type": .text("object")]), "rules_version": integer, "position": integer,
      "recordedtime": text, "duplicate": .object(["type": .text("boolean")]),
    ]),
    required: [
      "ledger", "id", "operation", "outcome", "fallbacks", "reasons", "candidates", "rationale", "reservations",
      "price_ids", "relied_on", "rules_version", "position", "recordedtime", "duplicate",
    ])
}
