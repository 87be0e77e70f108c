import Control
import Domain
import Testing

@testable import Projections
@testable import Service

@Suite struct OpenAPITests {
  private static func document() throws -> OpenAPIDocument {
    OpenAPIDocument(books: try ProjectionCatalogue.load().definitions + [sampleBook()], version: "1.2.3")
  }

  /// Calls with every value and its place.
  private func walk(_ json: JSON, _ place: String = "", _ visit: (String, JSON) -> Void) {
    visit(place, json)
    for (index, element) in (json.elements ?? []).enumerated() { walk(element, "\(place)/\(index)", visit) }
    for (key, member) in json.members ?? [:] { walk(member, "\(place)/\(key)", visit) }
  }

  /// A book with a parameter and a column of every type.
  private static func sampleBook() throws -> ProjectionDefinition {
    let parameters = ParameterType.allCases.map { type in
      #"{"name": "p_\#(type)", "type": "\#(type)", "description": "A parameter."}"#
    }
    let columns = ColumnType.allCases.map { type in
      #"{"name": "c_\#(type)", "type": "\#(type)", "description": "A column."}"#
    }
    let manifest = """
      {"name": "sample", "version": 1, "title": "Sample", "description": "A sample.", "events": ["x.sample"],
       "tables": [{"name": "sample", "description": "A row.", "key": ["day"]}],
       "queries": [
         {"name": "plain", "title": "Plain", "file": "queries/plain.sql", "columns": [\(columns.joined(separator: ","))]},
         {"name": "rich", "title": "Rich", "file": "queries/rich.sql",
          "parameters": [\(parameters.joined(separator: ",")),
            {"name": "list", "type": "texts", "default": "a,b", "allowed": ["a", "b"], "description": "A list."},
            {"name": "top", "type": "integer", "default": "5", "minimum": 1, "maximum": 9, "description": "A number."}],
          "columns": [{"name": "a", "type": "text", "description": "A.", "when": "list"}]}]}
      """
    let uses = (ParameterType.allCases.map { ":p_\($0)" } + [":list", ":top"]).joined(separator: ", ")
    return try DefinitionReader.read(
      folder: "sample", origin: "sample",
      files: [
        "projection.json": manifest, "tables.sql": "CREATE TABLE sample (ledger_id int, day date);",
        "fold.sql": "INSERT INTO sample SELECT 1, now() WHERE :ledger = :ledger AND :floor < :ceiling;",
        "queries/plain.sql": "SELECT :ledger;", "queries/rich.sql": "SELECT :ledger, \(uses);",
      ])
  }

  @Test func itsBytesAreStrictJSONAndAlwaysTheSame() throws {
    let bytes = try Self.document().bytes
    let parsed = try JSON(parsing: bytes, limits: JSONLimits(depth: 64))
    #expect(parsed["openapi"] == .text("3.1.0"))
    #expect(parsed["info"]?["version"] == .text("1.2.3"))
    #expect(try Self.document().bytes == bytes)
  }

  @Test func everyReferenceLeadsSomewhere() throws {
    let json = try Self.document().json
    let schemas = try #require(json["components"]?["schemas"]?.members)
    var count = 0
    walk(json) { place, value in
      guard let reference = value["$ref"]?.string else { return }
      count += 1
      let prefix = "#/components/schemas/"
      #expect(reference.hasPrefix(prefix), "\(place)")
      #expect(schemas[ExactText(String(reference.dropFirst(prefix.count)))] != nil, "\(place): \(reference)")
    }
    #expect(count > 50)
  }

  @Test func everyEndpointStandsThereWithWhoMay() throws {
    let paths = try #require(try Self.document().json["paths"])
    for endpoint in AccessTable.endpoints {
      let operation = try #require(paths[endpoint.path]?[endpoint.method.lowercased()], "\(endpoint.operationID)")
      #expect(operation["operationId"] == .text(endpoint.operationID))
      #expect(operation["responses"]?["default"] != nil)
      if endpoint.reach == .open {
        #expect(operation["security"] == .array([]))
      } else {
        #expect(operation["x-daybook-roles"]?.elements?.count == endpoint.roles.count)
        #expect(operation["security"]?.elements?.count == 1)
      }
      let declared = (operation["parameters"]?.elements ?? []).filter { $0["in"] == .text("path") }
      let expected = endpoint.segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
      #expect(declared.compactMap { $0["name"]?.string } == expected)
    }
  }

  @Test func operationIDsAndParametersAreUnique() throws {
    var seen: Set<String> = []
    for (path, item) in try #require(try Self.document().json["paths"]?.members) {
      for (_, operation) in item.members ?? [:] {
        let id = try #require(operation["operationId"]?.string)
        #expect(seen.insert(id).inserted, "\(path): \(id)")
        var names: Set<String> = []
        for parameter in operation["parameters"]?.elements ?? [] {
          let name = "\(parameter["in"]?.string ?? "") \(parameter["name"]?.string ?? "")"
          #expect(names.insert(name).inserted, "\(id): \(name)")
        }
      }
    }
  }

  @Test func parametersAreSaidOnlyForOperationsThatExist() {
    let operations = Set(AccessTable.endpoints.map(\.operationID))
    #expect(operations.isSuperset(of: EndpointParameters.all.keys))
  }

  @Test func everyTypeOfTheCatalogueHasItsSchema() throws {
    let schemas = try #require(try Self.document().json["components"]?["schemas"])
    for type in Catalogue.standard.types {
      let schema = try #require(schemas[EventSchemas.dataName(type)], "\(type.name)")
      #expect(schema["properties"]?.members?.count == type.fields?.count)
      #expect((schemas[EventSchemas.eventName(type)] != nil) == !type.isCommandOnly)
    }
    let completion = try #require(schemas["Data.completion.recorded"])
    #expect(completion["properties"]?["user"]?["x-personal"] == .boolean(true))
    #expect(completion["additionalProperties"] == .boolean(false))
  }

  @Test func everyQueryOfEveryBookHasItsPathParametersAndColumns() throws {
    let document = try Self.document()
    let json = document.json
    for book in document.books {
      for query in book.queries {
        let path = "/v1/ledgers/{ledger}/books/\(book.name)/\(query.name)"
        let operation = try #require(json["paths"]?[path]?["get"], "\(path)")
        let names = (operation["parameters"]?.elements ?? []).compactMap { $0["name"]?.string }
        #expect(names == ["ledger"] + query.parameters.map(\.name) + ["as_of", "min_position"])
        let row = json["components"]?["schemas"]?[BookSchemas.rowName(book, query)]
        #expect(row?["properties"]?.members?.count == query.columns.count)
      }
    }
  }

  @Test func componentNamesAreOnesThatOpenAPIAllows() throws {
    for name in try #require(try Self.document().json["components"]?["schemas"]?.members).keys {
      #expect(name.string.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil, "\(name)")
    }
  }

  @Test func defaultsAreOfTheirParametersType() throws {
    let path = "/v1/ledgers/{ledger}/books/sample/rich"
    let parameters = try #require(try Self.document().json["paths"]?[path]?["get"]?["parameters"]?.elements)
    let schemas = Dictionary(uniqueKeysWithValues: parameters.map { ($0["name"]?.string ?? "", $0["schema"]) })
    #expect(schemas["top"]??["default"] == .integer(5))
    #expect(schemas["top"]??["maximum"] == .integer(9))
    #expect(schemas["list"]??["default"] == .array([.text("a"), .text("b")]))
    #expect(schemas["list"]??["items"]?["enum"] == .array([.text("a"), .text("b")]))
    let row = try Self.document().json["components"]?["schemas"]?["Row.sample.rich"]
    #expect(row?["required"] == nil)
  }

  @Test func bodiesOfCommandsAreDescribedByTheirFields() throws {
    let paths = try #require(try Self.document().json["paths"])
    let revoke = paths["/v1/keys/{key}/revoke"]?["post"]
    #expect(
      revoke?["requestBody"]?["content"]?["application/json"]?["schema"]?["required"] == .array([.text("reason")]))
    #expect(revoke?["parameters"]?.elements?.compactMap { $0["name"]?.string } == ["key", "Idempotency-Key"])
    for endpoint in AccessTable.endpoints where endpoint.request.contains(.json) {
      #expect(CommandCatalogue.fields(of: endpoint.operationID) != nil, "\(endpoint.operationID)")
    }
  }
}
