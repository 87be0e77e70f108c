import Control
import Domain
import Projections

/// The interface as OpenAPI 3.1, made from the tables that the service itself works by: access, catalogue, books, problems.
struct OpenAPIDocument {
  var endpoints: [EndpointAccess] = AccessTable.endpoints
  var catalogue: Catalogue = .standard
  var books: [ProjectionDefinition] = []
  /// Version of the interface, not of the service: its first number is that of the paths.
  var version = "1.0.0"

  /// The document in canonical JSON.
  var bytes: [UInt8] { json.canonical }

  /// The document.
  var json: JSON {
    .object([
      "openapi": .text("3.1.0"),
      "info": .object([
        "title": .text("Daybook"), "version": .text(version),
        "description": .text("An event-sourced ledger for AI operations."),
      ]),
      "paths": .object(paths),
      "components": .object([
        "schemas": .object(schemas),
        "securitySchemes": .object([
          "key": .object([
            "type": .text("http"), "scheme": .text("bearer"), "description": .text("A key: dbk_<id>_<secret>."),
          ])
        ]),
      ]),
    ])
  }

  private var schemas: [ExactText: JSON] {
    EventSchemas(catalogue: catalogue).components
      .merging(BookSchemas(books: books).components) { first, _ in first }
      .merging(AnswerSchemas.components) { first, _ in first }
  }

  private var paths: [ExactText: JSON] {
    var paths: [ExactText: JSON] = [:]
    func add(_ path: String, _ method: String, _ operation: JSON) {
      var item = paths[ExactText(path)] ?? .object([:])
      item[method.lowercased()] = operation
      paths[ExactText(path)] = item
    }
    for endpoint in endpoints { add(endpoint.path, endpoint.method, operation(endpoint)) }
    guard let ask = endpoints.first(where: { $0.operationID == "queryBook" }) else { return paths }
    for book in books {
      for query in book.queries {
        let path =
          ask.path.replacing("{projection}", with: book.name).replacing("{query}", with: query.name)
        add(path, ask.method, operation(ask, book, query))
      }
    }
    return paths
  }

  private func operation(_ endpoint: EndpointAccess) -> JSON {
    var parameters = pathParameters(endpoint.path)
    parameters += (EndpointParameters.all[endpoint.operationID] ?? []).map(\.json)
    if endpoint.method != "GET", endpoint.operationID != "appendEvents", endpoint.operationID != "decideRoute" {
      parameters.append(EndpointParameters.idempotencyKey.json)
    }
    var operation = base(endpoint)
    operation["operationId"] = .text(endpoint.operationID)
    operation["summary"] = .text(endpoint.summary)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if !endpoint.request.isEmpty { operation["requestBody"] = requestBody(endpoint) }
    operation["responses"] = responses(endpoint, AnswerSchemas.answer(of: endpoint))
    return operation
  }

  private func operation(
    _ endpoint: EndpointAccess, _ book: ProjectionDefinition, _ query: QueryDefinition
  ) -> JSON {
    let schemas = BookSchemas(books: books)
    var operation = base(endpoint)
    operation["operationId"] = .text("\(endpoint.operationID).\(book.name).\(query.name)")
    operation["summary"] = .text("\(book.title): \(query.title)")
    operation["description"] = .text(query.description)
    operation["parameters"] = .array(
      pathParameters("/{ledger}") + schemas.parameters(query) + EndpointParameters.bookParameters.map(\.json))
    operation["responses"] = responses(endpoint, schemas.answer(book, query))
    return operation
  }

  /// Who may, as security and in words.
  private func base(_ endpoint: EndpointAccess) -> JSON {
    let roles = endpoint.roles.sorted().map(\.rawValue)
    let kinds = endpoint.kinds.map(\.rawValue).sorted()
    let isOpen = endpoint.reach == .open
    let who =
      isOpen ? "" : "Roles: \(roles.joined(separator: ", ")). Kinds of keys: \(kinds.joined(separator: ", "))."
    let description = [endpoint.description, who].filter { !$0.isEmpty }.joined(separator: "\n\n")
    return .object([
      "description": description.isEmpty ? nil : .text(description),
      "security": .array(isOpen ? [] : [.object(["key": .array([])])]),
      "x-daybook-roles": isOpen ? nil : .array(roles.map(JSON.text)),
      "x-daybook-kinds": isOpen ? nil : .array(kinds.map(JSON.text)),
    ])
  }

  private func pathParameters(_ path: String) -> [JSON] {
    path.split(separator: "/").filter { $0.first == "{" }.map { segment in
      let name = String(segment.dropFirst().dropLast())
      let schema: JSON =
        switch name {
        case "ledger": SchemaParts.string(pattern: "^[a-z][a-z0-9_-]{0,62}$")
        case "position": SchemaParts.integer(1, nil)
        default: .object(["type": .text("string")])
        }
      return .object([
        "name": .text(name), "in": .text("path"), "required": .boolean(true), "schema": schema,
      ])
    }
  }

  private func requestBody(_ endpoint: EndpointAccess) -> JSON {
    var content: [ExactText: JSON] = [:]
    for media in endpoint.request {
      let schema: JSON =
        switch media {
        case .cloudEvent: EventSchemas.reference("EventToAppend")
        case .cloudEventBatch:
          .object([
            "type": .text("array"), "items": EventSchemas.reference("EventToAppend"), "minItems": .integer(1),
            "maxItems": .integer(10_000),
          ])
        default: (CommandCatalogue.fields(of: endpoint.operationID).map(FieldKind.object) ?? .openObject).jsonSchema
        }
      content[ExactText(media.rawValue)] = .object(["schema": schema])
    }
    return .object(["required": .boolean(true), "content": .object(content)])
  }

  private func responses(_ endpoint: EndpointAccess, _ answer: JSON?) -> JSON {
    var content: [ExactText: JSON] = [:]
    for media in endpoint.response {
      let schema: JSON =
        switch media {
        case .json: answer ?? .object(["type": .text("object")])
        case .cloudEvent: EventSchemas.reference("RecordedCloudEvent")
        case .cloudEventBatch:
          .object(["type": .text("array"), "items": EventSchemas.reference("RecordedCloudEvent")])
        case .ndjson, .csv, .events, .metrics, .text, .note: .object(["type": .text("string")])
        case .octets: .object(["type": .text("string"), "format": .text("binary")])
        }
      content[ExactText(media.rawValue)] = .object(["schema": schema])
    }
    let success: JSON = .object(["description": .text("Done."), "content": .object(content)])
    let problem: JSON = .object([
      "description": .text("A problem; its type says which."),
      "content": .object([
        "application/problem+json": .object(["schema": EventSchemas.reference("Problem")])
      ]),
    ])
    return .object(["2XX": success, "default": problem])
  }
}
