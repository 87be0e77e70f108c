/// Walks a value beside its schema: marks what is wrong, and remembers the personal members.
struct SchemaReader {
  /// Something wrong; its pointer is worked out later.
  struct Mark {
    var code: String
    var offset: Int
    /// At an unknown member's key.
    var isMember = false
    /// The rule whose expectation explains it, or whose member is missing.
    var rule: Int
    /// A member of the value at `offset` that is not there.
    var isMissing = false
  }
  /// A member that is kept apart.
  struct PersonalMember {
    /// Node of its key.
    var key: Int
    var rule: Int
  }

  let tape: JSONTape
  let rules: UnsafeBufferPointer<SchemaRule>
  let names: UnsafeBufferPointer<UInt8>
  let choices: UnsafeBufferPointer<Range<UInt32>>
  private(set) var marks: [Mark] = []
  var personal: [PersonalMember] = []

  init(
    tape: JSONTape, rules: UnsafeBufferPointer<SchemaRule>, names: UnsafeBufferPointer<UInt8>,
    choices: UnsafeBufferPointer<Range<UInt32>>
  ) {
    self.tape = tape
    self.rules = rules
    self.names = names
    self.choices = choices
  }

  mutating func mark(_ code: String, _ node: Int, _ rule: Int, isMember: Bool = false, isMissing: Bool = false) {
    guard marks.count < JSONLimits.faults else { return }
    marks.append(
      Mark(code: code, offset: Int(tape[node].start), isMember: isMember, rule: rule, isMissing: isMissing))
  }

  /// Checks the value at `index` by a rule.
  mutating func check(_ index: Int, _ ruleIndex: Int) {
    let node = tape[index]
    if node.has(JSONNode.faulty) { return }
    let rule = rules[ruleIndex]
    switch rule.tag {
    case .any: break
    case .integer:
      guard node.kind == .integer else { return mark("type", index, ruleIndex) }
      let value = tape.integer(index)
      if value < rule.low || value > rule.high { mark("range", index, ruleIndex) }
    case .boolean: if node.kind != .boolean { mark("type", index, ruleIndex) }
    case .openObject: if node.kind != .object { mark("type", index, ruleIndex) }
    case .object:
      guard node.kind == .object else { return mark("type", index, ruleIndex) }
      checkMembers(index, rule)
    case .array:
      guard node.kind == .array else { return mark("type", index, ruleIndex) }
      checkElements(index, ruleIndex)
    case .textMap:
      guard node.kind == .object else { return mark("type", index, ruleIndex) }
      checkTexts(index, ruleIndex)
    default:
      guard node.kind == .string else { return mark("type", index, ruleIndex) }
      if let code = tape.withText(index, { fault(in: $0, rule) }) { mark(code, index, ruleIndex) }
    }
  }

  /// The code of what is wrong with a text, if anything.
  @inline(__always) private func fault(in text: UnsafeBufferPointer<UInt8>, _ rule: SchemaRule) -> String? {
    switch rule.tag {
    case .text: return TextRules.isText(text, Int(rule.low), Int(rule.high)) ? nil : "length"
    case .token:
      if TextRules.isToken(text, Int(rule.high)) { return nil }
      return text.count < 1 || text.count > Int(rule.high) ? "length" : "pattern"
    case .hexadecimal: return TextRules.isHexadecimal(text, Int(rule.high)) ? nil : "pattern"
    case .decimal:
      return TextRules.isDecimal(text, wholeDigits: Int(rule.high), allowsNegative: rule.low == 1) ? nil : "amount"
    case .fraction: return TextRules.isFraction(text) ? nil : "fraction"
    case .currency: return Currency(ascii: text) != nil ? nil : "currency"
    case .timestamp: return TimestampScanner.microseconds(of: text) != nil ? nil : "timestamp"
    case .choice:
      for index in Int(rule.first)..<Int(rule.first + rule.count) {
        let choice = choices[index]
        if choice.count == text.count,
          JSONText.equal(names.baseAddress.map { $0 + Int(choice.lowerBound) }, text.baseAddress, count: text.count)
        {
          return nil
        }
      }
      return "enum"
    default: return nil
    }
  }

  /// Merges the members with the rules, both in canonical order.
  private mutating func checkMembers(_ index: Int, _ object: SchemaRule) {
    var members = JSONMembers(tape, index)
    var next = Int(object.first)
    let end = next + Int(object.count)
    while let key = members.next() {
      if tape[key].has(JSONNode.faulty) { continue }
      var isKnown = false
      while next < end {
        let order = order(ofKey: key, rules[next])
        if order < 0 { break }
        if order == 0 {
          if rules[next].isPersonal { personal.append(PersonalMember(key: key, rule: next)) }
          check(key + 1, next)
          isKnown = true
          next += 1
          break
        }
        if rules[next].isRequired { mark("required", index, next, isMissing: true) }
        next += 1
      }
      if !isKnown { mark("unknown-field", key, 0, isMember: true) }
    }
    while next < end {
      if rules[next].isRequired { mark("required", index, next, isMissing: true) }
      next += 1
    }
  }

  @inline(__always) private func order(ofKey key: Int, _ rule: SchemaRule) -> Int {
    if tape[key].has(JSONNode.escaped) {
      return tape.withText(key) { JSONText.order($0, nameBytes(rule)) }
    }
    let text = tape.raw(key)
    let prefix = JSONText.prefix(text)
    if prefix != rule.prefix, JSONText.isASCII(prefix) { return prefix < rule.prefix ? -1 : 1 }
    let name = nameBytes(rule)
    if prefix == rule.prefix, text.count == name.count {
      guard text.count > 8, let left = text.baseAddress, let right = name.baseAddress else { return 0 }
      if JSONText.equal(left + 8, right + 8, count: text.count - 8) { return 0 }
    }
    return JSONText.order(text, name)
  }

  private func nameBytes(_ rule: SchemaRule) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: names[Int(rule.nameStart)..<Int(rule.nameStart + rule.nameLength)])
  }

  private mutating func checkElements(_ index: Int, _ ruleIndex: Int) {
    let rule = rules[ruleIndex]
    var count: Int64 = 0
    var child = index + 1
    while child < Int(tape[index].next) {
      count += 1
      if count <= rule.high { check(child, Int(rule.first)) }
      child = Int(tape[child].next)
    }
    if count < rule.low || count > rule.high { mark("length", index, ruleIndex) }
  }

  private mutating func checkTexts(_ index: Int, _ ruleIndex: Int) {
    let rule = rules[ruleIndex]
    var count: Int64 = 0
    var members = JSONMembers(tape, index)
    while let key = members.next() {
      count += 1
      if tape[key].has(JSONNode.faulty) || tape[key + 1].has(JSONNode.faulty) { continue }
      if !tape.withText(key, { TextRules.isText($0, 1, Int(rule.high >> 32)) }) {
        mark("length", key, ruleIndex, isMember: true)
      } else if tape[key + 1].kind != .string {
        mark("type", key + 1, ruleIndex)
      } else if !tape.withText(key + 1, { TextRules.isText($0, 0, Int(rule.high & 0xFFFF_FFFF)) }) {
        mark("length", key + 1, ruleIndex)
      }
    }
    if count > rule.low { mark("length", index, ruleIndex) }
  }

  /// The faults with their pointers below `pointer`, in the order of the text; `root` is the value that was checked.
  func faults(_ schema: Schema, root: Int, at pointer: String, index: Int?) -> [ValidationFault] {
    if marks.isEmpty { return [] }
    let sorted = marks.sorted { $0.offset < $1.offset }
    let places = JSONPlaces.pointers(
      of: sorted.map { JSONMark(code: $0.code, offset: $0.offset, isMember: $0.isMember) }, tape: tape, root: root)
    return zip(sorted, places).map { mark, place in
      let detail =
        mark.isMissing
        ? "missing: \(schema.expectations[mark.rule])"
        : mark.code == "unknown-field" ? "the type has no such member" : "expected: \(schema.expectations[mark.rule])"
      return ValidationFault(
        index: index, pointer: pointer + place + (mark.isMissing ? schema.pointers[mark.rule] : ""), code: mark.code,
        detail: detail)
    }
  }
}
