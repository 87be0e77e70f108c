import Domain
import Projections

/// Paths and schemas of the books: each query of each projection has its own.
struct BookSchemas {
  let books: [ProjectionDefinition]

  /// Schema of one row of each query.
  var components: [ExactText: JSON] {
    var all: [ExactText: JSON] = [:]
    for book in books {
      for query in book.queries { all[ExactText(Self.rowName(book, query))] = row(query) }
    }
    return all
  }

  static func rowName(_ book: ProjectionDefinition, _ query: QueryDefinition) -> String {
    "Row.\(book.name).\(query.name)"
  }

  /// The answer of a query in JSON.
  func answer(_ book: ProjectionDefinition, _ query: QueryDefinition) -> JSON {
    .object([
      "type": .text("object"),
      "properties": .object([
        "projection": .object(["const": .text(book.name)]),
        "version": SchemaParts.integer(1, nil),
        "query": .object(["const": .text(query.name)]),
        "ledger": .object(["type": .text("string")]),
        "position": SchemaParts.integer(0, nil),
        "recordedtime": .object(["type": .array([.text("string"), .text("null")]), "format": .text("date-time")]),
        "rows": .object(["type": .text("array"), "items": EventSchemas.reference(Self.rowName(book, query))]),
      ]),
      "required": .array(["projection", "version", "query", "ledger", "position", "rows"].map(JSON.text)),
    ])
  }

  private func row(_ query: QueryDefinition) -> JSON {
    var properties: [ExactText: JSON] = [:]
    var required: [JSON] = []
    for column in query.columns {
      var schema = Self.column(column.type)
      schema["description"] = .text(column.description)
      properties[ExactText(column.name)] = schema
      if column.presentIfListedIn == nil { required.append(.text(column.name)) }
    }
    return .object([
      "type": .text("object"), "description": .text(query.description), "properties": .object(properties),
      "required": required.isEmpty ? nil : .array(required),
    ])
  }

  private static func column(_ type: ColumnType) -> JSON {
    switch type {
    case .text, .person: nullable("string")
    case .date: nullable("string", format: "date")
    case .timestamp: nullable("string", format: "date-time")
    case .integer: nullable("integer")
    case .boolean: nullable("boolean")
    case .json: .object([:])
    case .amount:
      .object([
        "type": .array([.text("string"), .text("null")]),
        "pattern": .text("^(?!-0$)-?(0|[1-9][0-9]*)(\\.[0-9]{0,11}[1-9])?$"),
      ])
    }
  }

  private static func nullable(_ type: String, format: String? = nil) -> JSON {
    .object(["type": .array([.text(type), .text("null")]), "format": format.map(JSON.text)])
  }

  /// The parameters of a query.
  func parameters(_ query: QueryDefinition) -> [JSON] {
    query.parameters.map { parameter in
      let isList = parameter.type == .texts
      return .object([
        "name": .text(parameter.name), "in": .text("query"), "description": .text(parameter.description),
        "required": .boolean(parameter.isRequired), "schema": Self.schema(parameter),
        "style": isList ? .text("form") : nil, "explode": isList ? .boolean(false) : nil,
      ])
    }
  }

  private static func schema(_ parameter: QueryParameter) -> JSON {
    var schema: JSON =
      switch parameter.type {
      case .text, .texts, .person: .object(["type": .text("string")])
      case .date: .object(["type": .text("string"), "format": .text("date")])
      case .amount: .object(["type": .text("string"), "pattern": .text("^-?(0|[1-9][0-9]*)(\\.[0-9]{1,12})?$")])
      case .timestamp: .object(["type": .text("string"), "format": .text("date-time")])
      case .integer: SchemaParts.integer(parameter.minimum, parameter.maximum)
      case .boolean: .object(["type": .text("boolean")])
      }
    if !parameter.allowed.isEmpty { schema["enum"] = .array(parameter.allowed.map(JSON.text)) }
    let isList = parameter.type == .texts
    if isList { schema = .object(["type": .text("array"), "items": schema]) }
    if let text = parameter.defaultText { schema["default"] = value(text, parameter.type) }
    return schema
  }

  /// A default as a value of the parameter's type.
  private static func value(_ text: String, _ type: ParameterType) -> JSON {
    switch type {
    case .integer: Int64(text).map(JSON.integer) ?? .text(text)
    case .boolean: .boolean(text == "true")
    case .texts: .array(text.split(separator: ",").map { .text(String($0)) })
    case .text, .date, .amount, .person, .timestamp: .text(text)
    }
  }
}
