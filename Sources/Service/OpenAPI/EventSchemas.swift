import Domain

/// Schemas of events: CloudEvents with the data of each type that the catalogue knows.
struct EventSchemas {
  let catalogue: Catalogue

  /// By their names under `components/schemas`.
  var components: [ExactText: JSON] {
    var all: [ExactText: JSON] = ["CloudEvent": cloudEvent, "RecordedCloudEvent": recorded, "Record": Self.record]
    for type in catalogue.types { all[ExactText(Self.dataName(type))] = data(type) }
    all["EventToAppend"] = .object([
      "description": .text("An event of a type that may be appended; the ledger writes the other types itself."),
      "oneOf": .array(appendable.map { Self.reference(Self.eventName($0)) }),
    ])
    for type in appendable { all[ExactText(Self.eventName(type))] = event(type) }
    return all
  }

  private var appendable: [EventType] { catalogue.types.filter { !$0.isCommandOnly } }

  static func reference(_ name: String) -> JSON { .object(["$ref": .text("#/components/schemas/\(name)")]) }

  /// `x.*` has no `*` in a component's name.
  private static func baseName(_ type: EventType) -> String {
    (type.name == "x.*" ? "x" : type.name) + (type.version == 1 ? "" : ".v\(type.version)")
  }

  static func dataName(_ type: EventType) -> String { "Data.\(baseName(type))" }
  static func eventName(_ type: EventType) -> String { "Event.\(baseName(type))" }

  private func data(_ type: EventType) -> JSON {
    var schema = type.jsonSchema
    if type.isCommandOnly { schema["x-daybook-command-only"] = .boolean(true) }
    return schema
  }

  private func event(_ type: EventType) -> JSON {
    let name: JSON =
      type.fields == nil ? SchemaParts.string(pattern: "^x\\.[!-~]{1,126}$") : .object(["const": .text(type.name)])
    var properties: [ExactText: JSON] = ["type": name, "data": Self.reference(Self.dataName(type))]
    if let prefix = type.subjectPrefix {
      properties["subject"] = SchemaParts.string(pattern: "^\(Self.escaped(prefix))[ -~]+$")
    }
    return .object([
      "description": .text(type.description),
      "allOf": .array([
        Self.reference("CloudEvent"),
        .object([
          "properties": .object(properties),
          // A type of one's own stands for the subject that is missing.
          "required": type.subjectPrefix == nil ? nil : .array([.text("subject")]),
        ]),
      ]),
    ])
  }

  private static func escaped(_ text: String) -> String {
    text.map { ".*+?()[]{}|^$\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private static let attributes: [(String, JSON, String)] = [
    ("specversion", .object(["const": .text("1.0")]), "Version of CloudEvents."),
    (
      "id", SchemaParts.string(pattern: "^[ -~]{1,128}$"), "With source, the identity; time-ordered (UUIDv7) is best."
    ),
    ("source", SchemaParts.string(pattern: "^[ -~]{1,256}$"), "Who says so, as a URI reference."),
    ("type", SchemaParts.string(pattern: "^[!-~]{1,128}$"), "A type of the catalogue, or one of your own under x."),
    ("subject", SchemaParts.string(pattern: "^[ -~]{1,256}$"), "What the event is about."),
    (
      "time", .object(["type": .text("string"), "format": .text("date-time")]),
      "When it happened; missing: when it was recorded."
    ),
    ("datacontenttype", .object(["const": .text("application/json")]), "JSON; may be left out."),
    (
      "typeversion", .object(["type": .text("integer"), "minimum": .integer(1)]), "Version of the type; 1 if missing."
    ),
    (
      "expectedsequence", .object(["type": .array([.text("integer"), .text("string")])]),
      "The subject's sequence that the producer last saw; 409 sequence-conflict when it moved on."
    ),
    ("correlationid", SchemaParts.string(pattern: "^[ -~]{1,128}$"), "What belongs together."),
    ("causationid", SchemaParts.string(pattern: "^[ -~]{1,128}$"), "The event that caused this one."),
    ("traceparent", .object(["type": .text("string")]), "W3C trace context."),
    ("data", .object(["type": .text("object")]), "What happened; 48 KiB at most."),
  ]

  private static let stamped: [(String, JSON, String)] = [
    ("ledger", .object(["type": .text("string")]), "The ledger."),
    (
      "position", decimalText,
      "Position in the ledger, from 1 without gaps; a text, as CloudEvents integers are small."
    ),
    ("subjectsequence", decimalText, "Number of the event within its subject, from 1."),
    ("recordedtime", .object(["type": .text("string"), "format": .text("date-time")]), "When it was recorded, UTC."),
    ("actor", .object(["type": .text("string")]), "The key that recorded it."),
    ("actorkind", .object(["enum": .array(ActorKind.allCases.map { .text($0.rawValue) })]), "What kind of actor."),
  ]

  private static let decimalText = SchemaParts.string(pattern: "^[1-9][0-9]*$")

  private static func properties(_ list: [(String, JSON, String)]) -> JSON {
    var properties: [ExactText: JSON] = [:]
    for (name, schema, description) in list {
      var schema = schema
      schema["description"] = .text(description)
      properties[ExactText(name)] = schema
    }
    return .object(properties)
  }

  private var cloudEvent: JSON {
    .object([
      "type": .text("object"), "description": .text("A CloudEvent 1.0 in structured JSON."),
      "properties": Self.properties(Self.attributes),
      "required": .array(["specversion", "id", "source", "type", "data"].map(JSON.text)),
    ])
  }

  private var recorded: JSON {
    .object([
      "description": .text("A CloudEvent as recorded, with what the ledger stamped."),
      "allOf": .array([
        Self.reference("CloudEvent"),
        .object([
          "type": .text("object"), "properties": Self.properties(Self.stamped),
          "required": .array((["subject", "time"] + Self.stamped.map(\.0)).map(JSON.text)),
        ]),
      ]),
    ])
  }

  private static let record: JSON = .object([
    "type": .text("object"), "description": .text("A record of the log: what was said and what was concluded."),
    "properties": .object([
      "event": reference("RecordedCloudEvent"),
      "derived": .object([
        "type": .text("object"),
        "description": .text("What the ledger concluded when it recorded the event, such as cost and posting date."),
      ]),
    ]), "required": .array([.text("event"), .text("derived")]),
  ])
}
