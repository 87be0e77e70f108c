extension FieldKind {
  /// The kind in JSON Schema 2020-12, as OpenAPI 3.1 uses it.
  ///
  /// As strict as JSON Schema allows: it cannot say that a date exists or that a text's bytes are canonical.
  public var jsonSchema: JSON {
    switch self {
    case .text(let range):
      return Self.text([
        "minLength": .integer(Int64(range.lowerBound)), "maxLength": .integer(Int64(range.upperBound)),
      ])
    case .token(let most): return Self.text(["pattern": .text("^[!-~]{1,\(most)}$")])
    case .hexadecimal(let digits): return Self.text(["pattern": .text("^[0-9a-f]{\(digits)}$")])
    case .integer(let range):
      return .object([
        "type": .text("integer"), "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
      ])
    case .boolean: return .object(["type": .text("boolean")])
    case .decimal(let digits, let allowsNegative): return Self.decimal(digits, allowsNegative)
    case .fraction: return Self.text(["pattern": .text("^(0|1|0\\.[0-9]{0,11}[1-9])$")])
    case .money(let digits, let allowsNegative):
      return FieldKind.object([
        EventField("amount", .decimal(wholeDigits: digits, allowsNegative: allowsNegative), "How much."),
        EventField("currency", .currency, "Of what."),
      ]).jsonSchema
    case .currency: return Self.text(["pattern": .text("^[A-Z]{3}$")])
    case .timestamp: return Self.text(["format": .text("date-time")])
    case .choice(let names): return Self.text(["enum": .array(names.map(JSON.text))])
    case .object(let fields): return Self.object(fields)
    case .array(let element, let count):
      return .object([
        "type": .text("array"), "items": element.jsonSchema, "minItems": .integer(Int64(count.lowerBound)),
        "maxItems": .integer(Int64(count.upperBound)),
      ])
    case .openObject: return .object(["type": .text("object")])
    case .textMap(let count, let key, let value):
      return .object([
        "type": .text("object"), "maxProperties": .integer(Int64(count)),
        "propertyNames": .object(["minLength": .integer(1), "maxLength": .integer(Int64(key))]),
        "additionalProperties": .object(["type": .text("string"), "maxLength": .integer(Int64(value))]),
      ])
    case .any: return .boolean(true)
    }
  }

  private static func text(_ members: [ExactText: JSON]) -> JSON {
    .object(members.merging(["type": .text("string")]) { first, _ in first })
  }

  private static func decimal(_ digits: Int, _ allowsNegative: Bool) -> JSON {
    let magnitude = "(0|[1-9][0-9]{0,\(digits - 1)})(\\.[0-9]{0,11}[1-9])?"
    // "-0" is no number of the ledger.
    return text(["pattern": .text(allowsNegative ? "^(?!-0$)-?\(magnitude)$" : "^\(magnitude)$")])
  }

  private static func object(_ fields: [EventField]) -> JSON {
    var properties: [ExactText: JSON] = [:]
    for field in fields { properties[ExactText(field.name)] = field.jsonSchema }
    let required = fields.filter(\.isRequired).map { JSON.text($0.name) }
    return .object([
      "type": .text("object"), "properties": .object(properties),
      "required": required.isEmpty ? nil : .array(required), "additionalProperties": .boolean(false),
    ])
  }
}

extension EventField {
  /// The field's kind with its description; `x-personal` marks what can be erased.
  public var jsonSchema: JSON {
    guard case .object(var members) = kind.jsonSchema else { return .object(["description": .text(description)]) }
    members["description"] = .text(description)
    if privacy != .plain { members["x-personal"] = .boolean(true) }
    return .object(members)
  }
}

extension EventType {
  /// `data` in JSON Schema 2020-12.
  public var jsonSchema: JSON {
    var schema = (fields.map { FieldKind.object($0) } ?? .openObject).jsonSchema
    schema["description"] = .text(description)
    return schema
  }
}
