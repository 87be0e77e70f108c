import Domain

/// Reads members of `projection.json`, collecting faults with their lines and pointers.
final class ManifestReader {
  let file: String
  private let bytes: [UInt8]
  private(set) var faults: [DefinitionFault] = []

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  func fault(_ pointer: String, _ detail: String, at view: JSONView? = nil) {
    faults.append(DefinitionFault(file: file, line: line(of: view), pointer: pointer, detail: detail))
  }

  /// Scans the text; nil after faults.
  func document() -> JSONDocument? {
    do {
      return try JSONDocument(bytes, limits: JSONLimits(depth: 8, bytes: 1 << 20))
    } catch {
      for found in error.faults {
        let line = 1 + bytes.prefix(found.offset).count { $0 == UInt8(ascii: "\n") }
        faults.append(DefinitionFault(file: file, line: line, pointer: found.pointer, detail: found.code))
      }
      return nil
    }
  }

  private func line(of view: JSONView?) -> Int {
    guard let view else { return 1 }
    return 1 + bytes.prefix(view.source.startIndex).count { $0 == UInt8(ascii: "\n") }
  }

  /// Refuses members that nobody knows.
  func only(_ keys: [String], in view: JSONView, _ pointer: String) {
    guard view.kind == .object else { return fault(pointer, "must be an object", at: view) }
    for member in view.members where !keys.contains(where: { ExactText($0) == member.key }) {
      fault(
        "\(pointer)/\(member.key)", "is not known here; known are \(keys.joined(separator: ", "))", at: member.value)
    }
  }

  /// A text of at least one character.
  func text(_ key: String, in view: JSONView, _ pointer: String, required: Bool = true) -> String? {
    guard let member = view[key] else {
      if required { fault("\(pointer)/\(key)", "is missing", at: view) }
      return nil
    }
    guard let text = member.string, !text.isEmpty else {
      fault("\(pointer)/\(key)", "must be a text with something in it", at: member)
      return nil
    }
    return text
  }

  /// A name: `[a-z][a-z0-9_]*` of at most 40 characters.
  func name(_ key: String, in view: JSONView, _ pointer: String) -> String? {
    guard let text = text(key, in: view, pointer) else { return nil }
    guard Self.isName(text) else {
      fault("\(pointer)/\(key)", "must be like [a-z][a-z0-9_]* and at most 40 characters", at: view[key])
      return nil
    }
    return text
  }

  static func isName(_ text: String) -> Bool {
    let utf8 = Array(text.utf8)
    guard let first = utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first), utf8.count <= 40 else {
      return false
    }
    return utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "_")
    }
  }

  /// The elements of a list, with their pointers.
  func list(
    _ key: String, in view: JSONView, _ pointer: String, atLeast: Int
  ) -> [(view: JSONView, pointer: String)] {
    guard let member = view[key] else {
      if atLeast > 0 { fault("\(pointer)/\(key)", "is missing", at: view) }
      return []
    }
    guard member.kind == .array, member.elements.count >= atLeast else {
      fault("\(pointer)/\(key)", "must be a list\(atLeast > 0 ? " with something in it" : "")", at: member)
      return []
    }
    return member.elements.enumerated().map { ($0.element, "\(pointer)/\(key)/\($0.offset)") }
  }

  /// A list of texts.
  func texts(_ key: String, in view: JSONView, _ pointer: String, atLeast: Int) -> [String] {
    list(key, in: view, pointer, atLeast: atLeast).compactMap { element in
      guard let text = element.view.string, !text.isEmpty else {
        fault(element.pointer, "must be a text with something in it", at: element.view)
        return nil
      }
      return text
    }
  }

  /// One of the cases of an enumeration.
  func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String, in view: JSONView, _ pointer: String, of: Value.Type
  ) -> Value? where Value.RawValue == String {
    guard let text = text(key, in: view, pointer) else { return nil }
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      fault("\(pointer)/\(key)", "must be one of \(known)", at: view[key])
      return nil
    }
    return value
  }

  /// An integer where there is one.
  func integer(_ key: String, in view: JSONView, _ pointer: String) -> Int64? {
    guard let member = view[key] else { return nil }
    guard let value = member.integer else {
      fault("\(pointer)/\(key)", "must be an integer", at: member)
      return nil
    }
    return value
  }
}
