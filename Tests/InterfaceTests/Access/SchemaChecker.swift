import Domain

/// Checks values against the part of JSON Schema that the description of the interface uses.
struct SchemaChecker {
  /// The whole description, for references.
  let document: JSON

  /// What does not fit, with its place.
  func faults(_ value: JSON, _ schema: JSON, at place: String = "") -> [String] {
    var faults: [String] = []
    if let reference = schema["$ref"]?.string {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = document["components"]?["schemas"]?[name] else { return ["\(place): no schema \(name)"] }
      faults += self.faults(value, target, at: place)
    }
    for part in schema["allOf"]?.elements ?? [] { faults += self.faults(value, part, at: place) }
    if let choices = schema["oneOf"]?.elements {
      let fitting = choices.count { self.faults(value, $0, at: place).isEmpty }
      if fitting != 1 { faults.append("\(place): fits \(fitting) of \(choices.count) choices") }
    }
    if let constant = schema["const"], constant != value { faults.append("\(place): is not the constant") }
    if let choices = schema["enum"]?.elements, !choices.contains(value) { faults.append("\(place): no such choice") }
    if let type = schema["type"], !(type.elements ?? [type]).contains(where: { fits(value, $0.string ?? "") }) {
      return faults + ["\(place): is no \(String(decoding: type.canonical, as: UTF8.self))"]
    }
    faults += inside(value, schema, at: place)
    return faults
  }

  private func fits(_ value: JSON, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.boolean, "boolean"), (.integer, "integer"), (.string, "string"), (.array, "array"),
      (.object, "object"):
      true
    default: false
    }
  }

  private func inside(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    switch value {
    case .integer(let number):
      let isWithin =
        number >= schema["minimum"]?.integer ?? .min && number <= schema["maximum"]?.integer ?? .max
      return isWithin ? [] : ["\(place): out of range"]
    case .string(let text):
      guard let pattern = schema["pattern"]?.string else { return [] }
      guard let regex = try? Regex(pattern) else { return ["\(place): the pattern is none"] }
      return text.string.firstMatch(of: regex) == nil ? ["\(place): does not match \(pattern)"] : []
    case .array(let elements):
      guard let items = schema["items"] else { return [] }
      return elements.enumerated().flatMap { faults($0.element, items, at: "\(place)/\($0.offset)") }
    case .object(let members): return inside(members, schema, at: place)
    default: return []
    }
  }

  private func inside(_ members: JSONObject, _ schema: JSON, at place: String) -> [String] {
    var faults = (schema["required"]?.elements ?? []).compactMap(\.exactText).filter { members[$0] == nil }
      .map { "\(place)/\($0.string): is missing" }
    let properties = schema["properties"]?.members ?? [:]
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if let property = properties[name] {
        faults += self.faults(member, property, at: "\(place)/\(name.string)")
      } else if schema["additionalProperties"] == .boolean(false) {
        faults.append("\(place)/\(name.string): is not described")
      }
    }
    return faults
  }
}
