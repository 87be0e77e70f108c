import Domain

/// What a caller gave, before it is known which version of a book answers.
struct ParameterTexts: Sendable {
  var query: String?
  var given: [(name: String, value: String)]

  /// Finds the query and checks every parameter, with all faults at once.
  func bind(to definition: ProjectionDefinition) throws -> (QueryDefinition, [String: BoundValue]) {
    guard let found = definition.query(query) else {
      let names = definition.queries.map(\.name).joined(separator: ", ")
      throw ProjectionError(.unknownQuery, "\(definition.name) has no such query; it has \(names)")
    }
    var faults: [ParameterFault] = []
    var texts: [ExactText: [String]] = [:]
    for (name, value) in given { texts[ExactText(name), default: []].append(value) }
    for name in texts.keys.sorted() where !found.parameters.contains(where: { ExactText($0.name) == name }) {
      let known = found.parameters.map(\.name).joined(separator: ", ")
      faults.append(
        ParameterFault(parameter: name.string, code: "unknown", detail: "is not known here; known are \(known)"))
    }
    var values: [String: BoundValue] = [:]
    for parameter in found.parameters {
      guard let list = texts[ExactText(parameter.name)] ?? parameter.defaultText.map({ [$0] }) else {
        if parameter.isRequired {
          faults.append(ParameterFault(parameter: parameter.name, code: "required", detail: "is missing"))
        }
        continue
      }
      switch parameter.bind(list) {
      case .success(let value): values[parameter.name] = value
      case .failure(let fault):
        faults.append(ParameterFault(parameter: parameter.name, code: fault.code, detail: fault.detail))
      }
    }
    guard faults.isEmpty else {
      throw ProjectionError(.badParameters, "\(definition.name)/\(found.name):", faults: faults)
    }
    return (found, values)
  }
}
