import Domain

/// JSON for eyes: members in their order, two spaces a level.
enum PrettyJSON {
  static func append(_ value: JSONView, indent: Int, to text: inout String) {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch value.kind {
    case .object where !value.members.isEmpty:
      text += "{"
      for (index, member) in value.members.enumerated() {
        text += index == 0 ? "\n" : ",\n"
        text += inner + String(decoding: JSON.string(member.key).canonical, as: UTF8.self) + ": "
        append(member.value, indent: indent + 1, to: &text)
      }
      text += "\n\(outer)}"
    case .array where !value.elements.isEmpty:
      text += "["
      for (index, element) in value.elements.enumerated() {
        text += index == 0 ? "\n" : ",\n"
        text += inner
        append(element, indent: indent + 1, to: &text)
      }
      text += "\n\(outer)]"
    default: text += String(decoding: value.canonical, as: UTF8.self)
    }
  }
}
