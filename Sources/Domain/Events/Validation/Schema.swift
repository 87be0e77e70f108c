/// The fields of an object in the form that validation reads: flat rules, each object's in the canonical order of its keys,
/// so that a value and its schema are walked side by side.
public struct Schema: Sendable {
  /// All rules; the first is that of the whole value.
  let rules: [SchemaRule]
  /// The names of the rules and of the choices, one after the other.
  let names: [UInt8]
  /// Where each choice stands in `names`.
  let choices: [Range<UInt32>]
  /// For each rule, what it expects.
  let expectations: [String]
  /// For each rule, its member's name as a pointer (`/user`).
  let pointers: [String]
  /// For each rule, its pointer from the whole value on (`/request/user`); nil below a list, where it depends on the value.
  let paths: [String?]

  /// Makes a schema of an object with exactly these members.
  public init(_ fields: [EventField]) { self.init(kind: .object(fields)) }

  /// Any object; what stands under its member `personal` is personal.
  static let own = Schema(kind: .openObject)

  private init(kind: FieldKind) {
    var compiler = SchemaCompiler()
    let root = compiler.add("", .plain, isRequired: true, expectation: kind.expectation)
    compiler.fill(root, kind)
    rules = compiler.rules
    names = compiler.names
    choices = compiler.choices
    expectations = compiler.expectations
    pointers = compiler.pointers
    paths = compiler.paths
  }

  /// All that is wrong with a value, pointers below `pointer`; empty where nothing is.
  public func faults(in view: JSONView, at pointer: String = "") -> [ValidationFault] {
    view.document.withTape { tape in
      withReader(tape) { reader in
        reader.check(view.index, 0)
        return reader.faults(self, root: view.index, at: pointer, index: nil)
      }
    }
  }

  /// Lends a reader of a tape.
  @inline(__always) func withReader<Result>(_ tape: JSONTape, _ body: (inout SchemaReader) -> Result) -> Result {
    rules.withUnsafeBufferPointer { rules in
      names.withUnsafeBufferPointer { names in
        choices.withUnsafeBufferPointer { choices in
          var reader = SchemaReader(tape: tape, rules: rules, names: names, choices: choices)
          return body(&reader)
        }
      }
    }
  }
}

/// One rule of a schema, without references.
struct SchemaRule {
  enum Tag: UInt8 {
    case text, token, hexadecimal, integer, boolean, decimal, fraction, currency, timestamp, choice, object, array
    case openObject, textMap, any
  }
  var tag = Tag.any
  var isRequired: Bool
  var isPersonal: Bool
  /// The kind of person that the member names: an index into `personKinds`, or -1.
  var person: Int8
  /// `JSONText.prefix` of the name.
  var prefix: UInt64
  var nameStart: UInt32
  var nameLength: UInt32
  /// Bounds; what they bound depends on the tag.
  var low: Int64 = 0
  var high: Int64 = 0
  /// The rules of an object's members, the rule of a list's elements, or the choices.
  var first: Int32 = 0
  var count: Int32 = 0

  static let personKinds = ["user", "session", "customer"]
}

/// Flattens fields into rules.
private struct SchemaCompiler {
  var rules: [SchemaRule] = []
  var names: [UInt8] = []
  var choices: [Range<UInt32>] = []
  var expectations: [String] = []
  var pointers: [String] = []
  var paths: [String?] = []

  /// - Parameter path: that of the object that the member stands in.
  mutating func add(
    _ name: String, _ privacy: EventField.Privacy, isRequired: Bool, expectation: String, under path: String? = nil
  ) -> Int {
    precondition(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x7E }, "a field is snake_case")
    var person: Int8 = -1
    if case .person(let kind) = privacy {
      guard let index = SchemaRule.personKinds.firstIndex(of: kind) else { preconditionFailure("an unknown person") }
      person = Int8(index)
    }
    rules.append(
      SchemaRule(
        isRequired: isRequired, isPersonal: privacy != .plain, person: person,
        prefix: name.withUTF8Bytes { JSONText.prefix($0) }, nameStart: UInt32(names.count),
        nameLength: UInt32(name.utf8.count)))
    names += name.utf8
    expectations.append(expectation)
    pointers.append("/" + name)
    paths.append(path.map { $0 + "/" + name })
    return rules.count - 1
  }

  mutating func add(_ fields: [EventField], under path: String?) -> Range<Int> {
    let sorted = fields.sorted { ExactText($0.name).precedesInUTF16(ExactText($1.name)) }
    let first = rules.count
    for field in sorted {
      _ = add(
        field.name, field.privacy, isRequired: field.isRequired, expectation: field.kind.expectation, under: path)
    }
    for (offset, field) in sorted.enumerated() { fill(first + offset, field.kind) }
    return first..<first + sorted.count
  }

  mutating func fill(_ index: Int, _ kind: FieldKind) {
    switch kind {
    case .text(let range): set(index, .text, Int64(range.lowerBound), Int64(range.upperBound))
    case .token(let most): set(index, .token, 1, Int64(most))
    case .hexadecimal(let digits): set(index, .hexadecimal, Int64(digits), Int64(digits))
    case .integer(let range): set(index, .integer, range.lowerBound, range.upperBound)
    case .boolean: set(index, .boolean)
    case .decimal(let digits, let allowsNegative): set(index, .decimal, allowsNegative ? 1 : 0, Int64(digits))
    case .fraction: set(index, .fraction)
    case .money(let digits, let allowsNegative):
      fill(
        index,
        .object([
          EventField("amount", .decimal(wholeDigits: digits, allowsNegative: allowsNegative), ""),
          EventField("currency", .currency, ""),
        ]))
    case .currency: set(index, .currency)
    case .timestamp: set(index, .timestamp)
    case .choice(let names): fill(index, choices: names)
    case .object(let fields):
      set(index, .object)
      let members = add(fields, under: index == 0 ? "" : paths[index])
      setRange(index, members)
    case .array(let element, let count):
      set(index, .array, Int64(count.lowerBound), Int64(count.upperBound))
      let rule = add("", .plain, isRequired: true, expectation: element.expectation)
      fill(rule, element)
      setRange(index, rule..<rule + 1)
    case .openObject: set(index, .openObject)
    case .textMap(let count, let key, let value): set(index, .textMap, Int64(count), Int64(key) << 32 | Int64(value))
    case .any: set(index, .any)
    }
  }

  private mutating func fill(_ index: Int, choices texts: [String]) {
    set(index, .choice)
    setRange(index, choices.count..<choices.count + texts.count)
    for text in texts {
      choices.append(UInt32(names.count)..<UInt32(names.count + text.utf8.count))
      names += text.utf8
    }
  }

  private mutating func set(_ index: Int, _ tag: SchemaRule.Tag, _ low: Int64 = 0, _ high: Int64 = 0) {
    rules[index].tag = tag
    rules[index].low = low
    rules[index].high = high
  }

  private mutating func setRange(_ index: Int, _ range: Range<Int>) {
    rules[index].first = Int32(range.lowerBound)
    rules[index].count = Int32(range.count)
  }
}
