/// Finds the endpoint of a method and a path.
struct Router: Sendable {
  /// Where a request leads.
  enum Match: Sendable {
    /// The endpoint with the values of its path's parameters.
    case endpoint(EndpointAccess, parameters: [String: String])
    /// The path exists, for these methods only, in the order of their names.
    case methodNotAllowed(allow: [String])
    /// There is no such path.
    case notFound
  }

  /// The rows by their number of segments, literal segments before parameters.
  private let rows: [Int: [EndpointAccess]]
  /// The rows whose last parameter may stand for several segments, likewise.
  private let openEnded: [EndpointAccess]

  /// Routes to these rows.
  init(_ endpoints: [EndpointAccess] = AccessTable.endpoints) {
    rows = Dictionary(grouping: endpoints.filter { !$0.takesRest }, by: \.segments.count).mapValues { rows in
      rows.sorted { Self.literals($0) > Self.literals($1) }
    }
    openEnded = endpoints.filter(\.takesRest).sorted { Self.literals($0) > Self.literals($1) }
  }

  private static func literals(_ row: EndpointAccess) -> Int {
    row.segments.count { if case .literal = $0 { true } else { false } }
  }

  /// Finds the endpoint; `path` holds the decoded segments without empty ones in front.
  func match(method: String, path: [String]) -> Match {
    var methods: [String] = []
    for rows in [rows[path.count] ?? [], openEnded] {
      for row in rows where row.matches(path) {
        if row.method == method { return .endpoint(row, parameters: Self.parameters(row, path)) }
        // A HEAD is answered wherever a GET is.
        methods += row.method == "GET" ? ["GET", "HEAD"] : [row.method]
      }
    }
    return methods.isEmpty ? .notFound : .methodNotAllowed(allow: Set(methods).sorted())
  }

  private static func parameters(_ row: EndpointAccess, _ path: [String]) -> [String: String] {
    var parameters: [String: String] = [:]
    for (segment, text) in zip(row.segments, path) {
      if case .parameter(let name) = segment { parameters[name] = text }
    }
    if row.takesRest, case .parameter(let name) = row.segments.last {
      // A slash within a segment is none between segments.
      let rest = path[(row.segments.count - 1)...]
      parameters[name] = rest.contains { $0.contains("/") } ? "" : rest.joined(separator: "/")
    }
    return parameters
  }
}
