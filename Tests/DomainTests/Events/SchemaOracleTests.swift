import Testing

@testable import Domain

/// Checks values by the catalogue's fields in the slowest and plainest way; shares nothing with `SchemaReader`.
private enum SchemaOracle {
  static func faults(_ value: JSON, _ kind: FieldKind, _ pointer: String) -> Set<String> {
    func fault(_ code: String) -> Set<String> { ["\(code) \(pointer)"] }
    switch (kind, value) {
    case (.any, _), (.openObject, .object), (.boolean, .boolean): return []
    case (.integer(let range), .integer(let number)): return range.contains(number) ? [] : fault("range")
    case (.money(let digits, let allowsNegative), .object):
      let fields = [
        EventField("amount", .decimal(wholeDigits: digits, allowsNegative: allowsNegative), ""),
        EventField("currency", .currency, ""),
      ]
      return faults(value, .object(fields), pointer)
    case (.object(let fields), .object(let members)): return faults(members, fields, pointer)
    case (.array(let element, let count), .array(let values)):
      var found = count.contains(values.count) ? [] : fault("length")
      for (index, value) in values.prefix(count.upperBound).enumerated() {
        found.formUnion(faults(value, element, "\(pointer)/\(index)"))
      }
      return found
    case (.textMap(let count, let key, let longest), .object(let members)):
      var found = members.count > count ? fault("length") : []
      for (name, value) in members {
        let place = pointer + "/" + escaped(name.string)
        if name.string.unicodeScalars.isEmpty || name.string.unicodeScalars.count > key {
          found.insert("length \(place)")
        } else if let text = value.string {
          if text.unicodeScalars.count > longest { found.insert("length \(place)") }
        } else {
          found.insert("type \(place)")
        }
      }
      return found
    case (_, .string(let text)): return code(of: text.string, kind).map(fault) ?? []
    default: return fault("type")
    }
  }

  private static func faults(_ members: JSONObject, _ fields: [EventField], _ pointer: String) -> Set<String> {
    var found: Set<String> = []
    for field in fields {
      let place = pointer + "/" + field.name
      if let value = members[ExactText(field.name)] {
        found.formUnion(faults(value, field.kind, place))
      } else if field.isRequired {
        found.insert("required \(place)")
      }
    }
    for key in members.keys where !fields.contains(where: { ExactText($0.name) == key }) {
      found.insert("unknown-field \(pointer)/\(escaped(key.string))")
    }
    return found
  }

  private static func escaped(_ token: String) -> String {
    token.unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
  }

  private static func code(of text: String, _ kind: FieldKind) -> String? {
    let scalars = Array(text.unicodeScalars)
    switch kind {
    case .text(let range): return range.contains(scalars.count) ? nil : "length"
    case .token(let most):
      if scalars.isEmpty || text.utf8.count > most { return "length" }
      return scalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F } ? nil : "pattern"
    case .hexadecimal(let digits):
      return scalars.count == digits && scalars.allSatisfy { "0123456789abcdef".unicodeScalars.contains($0) }
        ? nil : "pattern"
    case .decimal(let digits, let allowsNegative):
      guard let amount = Amount(text), amount.description == text, allowsNegative || amount >= .zero else {
        return "amount"
      }
      let whole = text.split(separator: ".")[0].drop { $0 == "-" }
      return whole.count <= digits ? nil : "amount"
    case .fraction:
      guard let amount = Amount(text), let one = Amount("1"), amount.description == text else { return "fraction" }
      return amount >= .zero && amount <= one ? nil : "fraction"
    case .currency: return Currency(text) == nil ? "currency" : nil
    case .timestamp: return Timestamp(rfc3339: text) == nil ? "timestamp" : nil
    case .choice(let names): return names.contains { ExactText($0) == ExactText(text) } ? nil : "enum"
    default: return "type"
    }
  }
}

/// Values that fit a kind, or nearly.
private enum RandomData {
  static func value(_ kind: FieldKind, _ random: inout SeededRandom) -> JSON {
    if Int.random(in: 0..<40, using: &random) == 0 { return RandomJSON.value(depth: 2, &random) }
    switch kind {
    case .text(let range):
      return .text(String(repeating: "é", count: Int.random(in: 0...min(range.upperBound + 1, 300), using: &random)))
    case .token(let most): return .text(String(repeating: "t", count: Int.random(in: 1...most + 1, using: &random)))
    case .hexadecimal(let digits):
      return .text(String(repeating: "af09gA".randomElement(using: &random)!, count: digits))
    case .integer(let range):
      return .integer(
        [
          range.lowerBound, range.upperBound, range.lowerBound - 1, 1,
          min(range.upperBound + 1, 9_007_199_254_740_991),
        ]
        .randomElement(using: &random)!)
    case .boolean: return .boolean(Bool.random(using: &random))
    case .decimal, .fraction: return .text(decimal(&random))
    case .money:
      return .object([
        "amount": .text(decimal(&random)),
        "currency": .text(["USD", "EUR", "JPY", "usd", "XXX", "US"].randomElement(using: &random)!),
      ])
    case .currency: return .text("CHF")
    case .timestamp:
      return .text(["2026-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01"].randomElement(using: &random)!)
    case .choice(let names): return .text((names + ["none"]).randomElement(using: &random)!)
    case .object(let fields): return object(fields, &random)
    case .array(let element, let count):
      let wanted = Int.random(in: 0...min(count.upperBound + 1, 5), using: &random)
      return .array((0..<wanted).map { _ in value(element, &random) })
    case .openObject: return .object(["a": RandomJSON.value(depth: 2, &random)])
    case .textMap(let count, _, _):
      var members: [ExactText: JSON] = [:]
      for index in 0..<Int.random(in: 0...count + 1, using: &random) {
        members[ExactText("\(index)" + RandomJSON.text(&random))] = .text(RandomJSON.text(&random))
      }
      return .object(members)
    case .any: return RandomJSON.value(depth: 2, &random)
    }
  }

  static func object(_ fields: [EventField], _ random: inout SeededRandom) -> JSON {
    var members: [ExactText: JSON] = [:]
    for field in fields where Int.random(in: 0..<20, using: &random) < (field.isRequired ? 19 : 12) {
      members[ExactText(field.name)] = value(field.kind, &random)
    }
    if Int.random(in: 0..<10, using: &random) == 0 { members[ExactText(RandomJSON.text(&random))] = .null }
    return .object(members)
  }

  private static func decimal(_ random: inout SeededRandom) -> String {
    let digits = "0123456789"
    func run(_ range: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: range, using: &random)).map { _ in digits.randomElement(using: &random)! })
    }
    let point = Bool.random(using: &random) ? "." + run(0...13) : ""
    return (Int.random(in: 0..<6, using: &random) == 0 ? "-" : "") + run(0...3) + point
  }
}

@Suite struct SchemaOracleTests {
  @Test func `every type is checked as its fields say, and comes apart and together unchanged`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("schema fuzz seed \(seed)")
    var random = SeededRandom(seed: seed)
    var good = 0
    for round in 0..<60 {
      for type in Catalogue.standard.types {
        guard let fields = type.fields, type.period == nil else { continue }
        let value = RandomData.object(fields, &random)
        let view = try JSONDocument(Array(RandomJSON.spell(value, &random).utf8)).root
        let wanted = SchemaOracle.faults(value, .object(fields), "")
        let found = type.schema.faults(in: view)
        #expect(Set(found.map { "\($0.code) \($0.pointer)" }) == wanted, "seed \(seed) round \(round) \(type.name)")
        guard wanted.isEmpty else { continue }
        good += 1
        let data = try Catalogue.standard.validate(view, as: type)
        var joined: [UInt8] = []
        PersonalPart.appendJoined(data.data, data.personal, to: &joined)
        #expect(try JSON(parsing: joined) == value, "seed \(seed) round \(round) \(type.name)")
        #expect(try JSON(parsing: data.data).canonical == data.data)
        if let personal = data.personal { #expect(try JSON(parsing: personal).canonical == personal) }
      }
    }
    print("schema fuzz: \(good) values had no fault")
    #expect(good > 20)
  }

  @Test func `every type has a JSON schema`() {
    for type in Catalogue.standard.types {
      let schema = type.jsonSchema
      #expect(schema["type"]?.string == "object" && schema["description"]?.string == type.description)
      guard let fields = type.fields else { continue }
      #expect(schema["properties"]?.members?.count == fields.count)
      #expect(schema["additionalProperties"]?.boolean == false)
    }
    let completion = Catalogue.standard.type("completion.recorded")?.jsonSchema["properties"]
    #expect(completion?["user"]?["x-personal"]?.boolean == true)
    #expect(completion?["model"]?["x-personal"] == nil)
  }
}
