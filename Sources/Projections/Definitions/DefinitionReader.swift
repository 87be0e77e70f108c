import Crypto
import Domain

/// Reads a projection from the texts of its files, strictly and with all faults at once.
final class DefinitionReader {
  /// What a fold sees: the ledger, and the events after `floor` up to and with `ceiling`.
  static let foldCasts = [
    "ledger": "(?::text)", "floor": "(?::bigint)", "ceiling": "(?::bigint)",
  ]
  /// What `reconcile.sql` sees: the ledger, and the position that the book reflects.
  static let reconcileCasts = ["ledger": "(?::text)", "position": "(?::bigint)"]

  private let origin: String
  private let files: [String: String]
  /// The SQL files with what they include, by their paths.
  private let expansions: [String: SharedSQL.Expansion]
  private let manifest: ManifestReader
  private var faults: [DefinitionFault] = []

  private init(origin: String, files: [String: String], shared: SharedSQL) {
    self.origin = origin
    var (whole, expansions) = (files, [String: SharedSQL.Expansion]())
    for path in files.keys.sorted() where path.hasSuffix(".sql") {
      let expansion = shared.expand(files[path] ?? "", of: "\(origin)/\(path)")
      (whole[path], expansions[path]) = (expansion.text, expansion)
      faults += expansion.faults
    }
    (self.files, self.expansions) = (whole, expansions)
    manifest = ManifestReader(
      file: "\(origin)/projection.json", bytes: Array((files["projection.json"] ?? "").utf8))
  }

  /// Reads a folder; `folder` is its name, `origin` the path shown in faults. The definition's files have in them what they
  /// include, so that a build keeps the SQL it was made by, whole.
  static func read(
    folder: String, origin: String, files: [String: String], shared: SharedSQL = .none
  ) throws -> ProjectionDefinition {
    let included = Dictionary(uniqueKeysWithValues: shared.files.map { ("\(shared.origin)/\($0.key)", $0.value) })
    return try KnownDefinitions.definition(folder: folder, files: files.merging(included) { own, _ in own }) {
      let reader = DefinitionReader(origin: origin, files: files, shared: shared)
      let definition = reader.definition(folder: folder)
      let faults = reader.manifest.faults + reader.faults
      guard faults.isEmpty, let definition else { throw DefinitionFaults(faults: faults) }
      return definition
    }
  }

  private func definition(folder: String) -> ProjectionDefinition? {
    guard files["projection.json"] != nil else {
      fault("projection.json", 0, "is missing")
      return nil
    }
    guard let document = manifest.document() else { return nil }
    let root = document.root
    manifest.only(
      ["name", "version", "title", "description", "events", "tables", "queries"], in: root, "")
    let name = manifest.name("name", in: root, "") ?? folder
    if name != folder { manifest.fault("/name", "must be the folder's name, \(folder)", at: root["name"]) }
    let version = manifest.integer("version", in: root, "") ?? 0
    if !(1...99_999).contains(version) {
      manifest.fault("/version", "must be an integer from 1", at: root["version"])
    }
    let tables = manifest.list("tables", in: root, "", atLeast: 1).compactMap { table($0.view, $0.pointer, of: name) }
    let tableStatements = statements(
      "tables.sql", casts: [:], verbs: ["CREATE", "COMMENT", "ALTER"], required: true)
    let foldStatements = statements(
      "fold.sql", casts: Self.foldCasts, verbs: ["INSERT", "WITH", "UPDATE", "DELETE", "MERGE"], required: true)
    let reconcile = statements(
      "reconcile.sql", casts: Self.reconcileCasts, verbs: ["SELECT", "WITH"], required: false)
    let queries = manifest.list("queries", in: root, "", atLeast: 1).compactMap { query($0.view, $0.pointer) }
    duplicates(queries.map(\.name), "/queries")
    return ProjectionDefinition(
      name: name, version: Int(version),
      title: manifest.text("title", in: root, "") ?? "",
      description: manifest.text("description", in: root, "") ?? "",
      eventTypes: eventTypes(root), tables: tables, queries: queries, files: files,
      checksum: checksum(version: version), tableStatements: tableStatements, foldStatements: foldStatements,
      reconcileStatement: reconcile.first)
  }

  /// Hashes what decides the contents of the tables; each part is led by its length, so none can run into the next.
  private func checksum(version: Int64) -> String {
    var bytes = Array("\(version)\n".utf8)
    for path in ["tables.sql", "fold.sql"] {
      let text = Array((files[path] ?? "").utf8)
      bytes += Array("\(path) \(text.count)\n".utf8) + text
    }
    return Hex.string(SHA256Digest.hash(bytes))
  }

  private func fault(_ path: String, _ line: Int, _ detail: String) {
    let file = "\(origin)/\(path)"
    let place = expansions[path]?.place(line, of: file) ?? SharedSQL.Place(file: file, line: line)
    faults.append(DefinitionFault(file: place.file, line: place.line, pointer: "", detail: detail))
  }

  private func duplicates(_ names: [String], _ pointer: String) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted { manifest.fault(pointer, "has \(name) twice") }
  }

  private func statements(
    _ path: String, casts: [String: String], verbs: Set<String>, required: Bool
  ) -> [SQLStatement] {
    guard let text = files[path] else {
      if required { fault(path, 0, "is missing") }
      return []
    }
    do {
      let statements = try SQLScanner.statements(text, cast: { casts[$0] })
      if statements.isEmpty { fault(path, 0, "holds no statement") }
      for statement in statements where !verbs.contains(statement.verb) {
        fault(path, statement.line, "\(statement.verb) is not allowed here; allowed are \(verbs.sorted())")
      }
      return statements
    } catch {
      fault(path, error.line, error.detail)
      return []
    }
  }

  private func eventTypes(_ root: JSONView) -> [String] {
    let types = manifest.texts("events", in: root, "", atLeast: 1)
    for (index, type) in types.enumerated() {
      let parts = type.split(separator: ".", omittingEmptySubsequences: false)
      let isWell =
        parts.count > 1
        && parts.enumerated().allSatisfy { index, part in
          (part == "*" && index == parts.count - 1) || ManifestReader.isName(String(part))
        }
      if !isWell {
        manifest.fault("/events/\(index)", "must be like completion.recorded or x.shop.*", at: root["events"])
      }
    }
    return types
  }

  private func table(_ view: JSONView, _ pointer: String, of projection: String) -> TableDefinition? {
    manifest.only(["name", "description", "key", "explain"], in: view, pointer)
    let name = manifest.name("name", in: view, pointer)
    if let name, name != projection, !name.hasPrefix(projection + "_") {
      manifest.fault("\(pointer)/name", "must be \(projection) or begin with \(projection)_", at: view["name"])
    }
    let key = manifest.texts("key", in: view, pointer, atLeast: 1)
    for column in key where !ManifestReader.isName(column) {
      manifest.fault("\(pointer)/key", "\(column) is not the name of a column", at: view["key"])
    }
    let explain = manifest.text("explain", in: view, pointer, required: false).flatMap(explainStatement)
    guard let name, let description = manifest.text("description", in: view, pointer) else { return nil }
    return TableDefinition(name: name, description: description, key: key, explainStatement: explain)
  }

  /// What finds the events behind a row; it sees what a fold sees.
  private func explainStatement(_ file: String) -> SQLStatement? {
    let found = statements(file, casts: Self.foldCasts, verbs: ["SELECT", "WITH"], required: true)
    if found.count > 1 { fault(file, found[1].line, "an explanation is one statement") }
    return found.first
  }

  private func query(_ view: JSONView, _ pointer: String) -> QueryDefinition? {
    manifest.only(["name", "title", "description", "file", "parameters", "columns"], in: view, pointer)
    let parameters = manifest.list("parameters", in: view, pointer, atLeast: 0)
      .compactMap { parameter($0.view, $0.pointer) }
    duplicates(parameters.map(\.name), "\(pointer)/parameters")
    let columns = manifest.list("columns", in: view, pointer, atLeast: 1)
      .compactMap { column($0.view, $0.pointer, parameters) }
    duplicates(columns.map(\.name), "\(pointer)/columns")
    guard let name = manifest.name("name", in: view, pointer),
      let title = manifest.text("title", in: view, pointer),
      let file = manifest.text("file", in: view, pointer)
    else { return nil }
    if ["diff", "explain", "skips"].contains(name) {
      manifest.fault("\(pointer)/name", "\(name) is the name of something that every book answers", at: view["name"])
    }
    var casts = ["ledger": "(?::text)"]
    for parameter in parameters { casts[parameter.name] = parameter.type.cast }
    let found = statements(file, casts: casts, verbs: ["SELECT", "WITH"], required: true)
    guard found.count == 1, let statement = found.first else {
      if found.count > 1 { fault(file, found[1].line, "a query is one statement") }
      return nil
    }
    for parameter in parameters where !statement.parameters.contains(parameter.name) {
      manifest.fault("\(pointer)/parameters", "\(parameter.name) is never used in \(file)", at: view["parameters"])
    }
    return QueryDefinition(
      name: name, title: title,
      description: manifest.text("description", in: view, pointer, required: false) ?? title,
      parameters: parameters, columns: columns, statement: statement)
  }

  private func parameter(_ view: JSONView, _ pointer: String) -> QueryParameter? {
    manifest.only(
      ["name", "type", "required", "default", "allowed", "minimum", "maximum", "description"], in: view, pointer)
    guard let name = manifest.name("name", in: view, pointer),
      let type = manifest.choice("type", in: view, pointer, of: ParameterType.self),
      let description = manifest.text("description", in: view, pointer)
    else { return nil }
    if ["ledger", "as_of", "min_position", "format"].contains(name) {
      manifest.fault("\(pointer)/name", "\(name) belongs to every query already", at: view["name"])
    }
    let isRequired = view["required"]?.boolean ?? false
    if let required = view["required"], required.boolean == nil {
      manifest.fault("\(pointer)/required", "must be true or false", at: required)
    }
    let parameter = QueryParameter(
      name: name, type: type, isRequired: isRequired,
      defaultText: manifest.text(
        "default", in: view, pointer, required: false),
      allowed: manifest.texts("allowed", in: view, pointer, atLeast: 0),
      minimum: manifest.integer("minimum", in: view, pointer),
      maximum: manifest.integer("maximum", in: view, pointer), description: description)
    if isRequired, parameter.defaultText != nil {
      manifest.fault("\(pointer)/default", "a required parameter has no default", at: view["default"])
    }
    if let text = parameter.defaultText, case .failure(let fault) = parameter.bind([text]) {
      manifest.fault("\(pointer)/default", fault.detail, at: view["default"])
    }
    return parameter
  }

  private func column(_ view: JSONView, _ pointer: String, _ parameters: [QueryParameter]) -> QueryColumn? {
    manifest.only(["name", "type", "description", "when"], in: view, pointer)
    let list = manifest.text("when", in: view, pointer, required: false)
    if let list, !parameters.contains(where: { $0.name == list && $0.type == .texts }) {
      manifest.fault("\(pointer)/when", "must name a parameter of type texts", at: view["when"])
    }
    guard let name = manifest.name("name", in: view, pointer),
      let type = manifest.choice("type", in: view, pointer, of: ColumnType.self),
      let description = manifest.text("description", in: view, pointer)
    else { return nil }
    return QueryColumn(name: name, type: type, description: description, presentIfListedIn: list)
  }
}
