extension PersonalPart {
  /// Appends data with its personal part joined back in at its pointers; both may stand in Postgres's spelling.
  static func appendJoined(_ data: [UInt8], _ personal: [UInt8]?, to bytes: inout [UInt8]) {
    guard let personal, let document = try? JSONDocument(personal, limits: .stored), document.root.kind == .object
    else {
      bytes.append(contentsOf: data)
      return
    }
    let joined = document.withTape { appendTop(data, $0, to: &bytes) }
    if !joined { appendDeep(data, document.root, to: &bytes) }
  }

  /// Where all pointers lead to members of data itself: puts them behind the others. False where some lead deeper.
  private static func appendTop(_ data: [UInt8], _ personal: JSONTape, to bytes: inout [UInt8]) -> Bool {
    var members = JSONMembers(personal, 0)
    while let key = members.next() {
      let isPlain =
        !personal[key].has(JSONNode.escaped) && !personal.raw(key).dropFirst().contains { $0 == 0x2F || $0 == 0x7E }
      if !isPlain || personal.raw(key).first != 0x2F { return false }
    }
    guard let close = data.lastIndex(of: UInt8(ascii: "}")), let open = data.firstIndex(of: UInt8(ascii: "{")) else {
      return false
    }
    bytes.append(contentsOf: data[..<close])
    var isFirst = !data[(open + 1)..<close].contains { $0 > 0x20 }
    members = JSONMembers(personal, 0)
    while let key = members.next() {
      bytes.append(literal: isFirst ? "\"" : ",\"")
      isFirst = false
      bytes.append(contentsOf: personal.raw(key).dropFirst())
      bytes.append(literal: "\":")
      bytes.append(contentsOf: personal.source(key + 1))
    }
    bytes.append(UInt8(ascii: "}"))
    return true
  }

  private static func appendDeep(_ data: [UInt8], _ personal: JSONView, to bytes: inout [UInt8]) {
    guard var joined = try? JSON(parsing: data, limits: .stored) else {
      bytes.append(contentsOf: data)
      return
    }
    for (pointer, value) in personal.members {
      let path = pointer.string.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        .map { unescaped(String(decoding: $0, as: UTF8.self)) }
      joined = inserting(JSON(value), at: path[...], in: joined)
    }
    joined.appendCanonical(to: &bytes)
  }

  private static func inserting(_ value: JSON, at path: ArraySlice<String>, in tree: JSON) -> JSON {
    guard let token = path.first else { return value }
    switch tree {
    case .object(var members):
      members[ExactText(token)] = inserting(value, at: path.dropFirst(), in: members[ExactText(token)] ?? .null)
      return .object(members)
    case .array(var values):
      guard let index = Int(token), values.indices.contains(index) else { return tree }
      values[index] = inserting(value, at: path.dropFirst(), in: values[index])
      return .array(values)
    default: return tree
    }
  }

  /// RFC 6901, section 4: `~1` is `/`, then `~0` is `~`.
  private static func unescaped(_ token: String) -> String {
    var bytes: [UInt8] = []
    var isEscape = false
    for byte in token.utf8 {
      if isEscape {
        bytes.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
        isEscape = false
      } else if byte == UInt8(ascii: "~") {
        isEscape = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
