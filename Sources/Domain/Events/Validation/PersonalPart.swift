/// What an event says about persons: kept apart, so that it can be erased, and joined back for readers.
enum PersonalPart {
  /// Splits checked data into its plain and its personal part.
  static func separate(
    _ tape: JSONTape, _ root: Int, _ personal: [SchemaReader.PersonalMember], _ schema: Schema
  ) -> EventData {
    var data: [UInt8] = []
    data.reserveCapacity(tape[root].length)
    guard !personal.isEmpty else {
      tape.appendCanonical(root, to: &data)
      return EventData(data: data, personal: nil, persons: [])
    }
    appendPlain(tape, root, personal, to: &data)
    let pointers = personal.map { pointer(tape, root, $0, schema) }
    var persons: [PersonMention] = []
    for (member, pointer) in zip(personal, pointers) {
      let person = schema.rules[member.rule].person
      if person >= 0 {
        persons.append(
          PersonMention(
            kind: SchemaRule.personKinds[Int(person)], pointer: pointer,
            value: ExactText(tape.string(member.key + 1))))
      }
    }
    return EventData(data: data, personal: written(tape, personal, pointers), persons: persons)
  }

  /// The pointer of a personal member.
  private static func pointer(
    _ tape: JSONTape, _ root: Int, _ member: SchemaReader.PersonalMember, _ schema: Schema
  ) -> String {
    if member.rule == 0 { return "/personal" }
    if let path = schema.paths[member.rule] { return path }
    let mark = JSONMark(code: "", offset: Int(tape[member.key].start), isMember: true)
    return JSONPlaces.pointers(of: [mark], tape: tape, root: root)[0]
  }

  private static func written(
    _ tape: JSONTape, _ personal: [SchemaReader.PersonalMember], _ pointers: [String]
  ) -> [UInt8] {
    var order = Array(personal.indices)
    // Members of data itself were met in canonical order; deeper ones need sorting (`/evidence/10` before `/evidence/2`).
    if order.count > 1 {
      order.sort { ExactText(pointers[$0]).precedesInUTF16(ExactText(pointers[$1])) }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(personal.reduce(2) { $0 + tape[$1.key + 1].length + 24 })
    for index in order {
      bytes.append(bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      JSONWriter.appendString(pointers[index], to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      tape.appendCanonical(personal[index].key + 1, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// Appends the canonical form without the personal members.
  private static func appendPlain(
    _ tape: JSONTape, _ index: Int, _ personal: [SchemaReader.PersonalMember], to bytes: inout [UInt8]
  ) {
    let node = tape[index]
    guard personal.contains(where: { $0.key > index && $0.key < Int(node.next) }) else {
      tape.appendCanonical(index, to: &bytes)
      return
    }
    switch node.kind {
    case .object: appendPlainMembers(tape, index, personal, to: &bytes)
    case .array:
      bytes.append(UInt8(ascii: "["))
      var child = index + 1
      while child < Int(node.next) {
        if child > index + 1 { bytes.append(UInt8(ascii: ",")) }
        appendPlain(tape, child, personal, to: &bytes)
        child = Int(tape[child].next)
      }
      bytes.append(UInt8(ascii: "]"))
    default: tape.appendCanonical(index, to: &bytes)
    }
  }

  private static func appendPlainMembers(
    _ tape: JSONTape, _ index: Int, _ personal: [SchemaReader.PersonalMember], to bytes: inout [UInt8]
  ) {
    let isCanonical = tape[index].has(JSONNode.canonical)
    var members = JSONMembers(tape, index)
    var isFirst = true
    bytes.append(UInt8(ascii: "{"))
    // A canonical object's members stand side by side in order: whole runs between personal ones are copied.
    var run = 0..<0
    while let key = members.next() {
      if personal.contains(where: { $0.key == key }) { continue }
      let end = Int(tape[key + 1].next)
      if isCanonical, !personal.contains(where: { $0.key > key && $0.key < end }) {
        let member = Int(tape[key].start)..<Int(tape[key + 1].end)
        if !run.isEmpty, member.lowerBound == run.upperBound + 1 {
          run = run.lowerBound..<member.upperBound
          continue
        }
        append(run, of: tape, &isFirst, to: &bytes)
        run = member
        continue
      }
      append(run, of: tape, &isFirst, to: &bytes)
      run = 0..<0
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      tape.appendCanonical(key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      appendPlain(tape, key + 1, personal, to: &bytes)
    }
    append(run, of: tape, &isFirst, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  @inline(__always) private static func append(
    _ run: Range<Int>, of tape: JSONTape, _ isFirst: inout Bool, to bytes: inout [UInt8]
  ) {
    guard !run.isEmpty else { return }
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes.append(contentsOf: UnsafeBufferPointer(start: tape.bytes + run.lowerBound, count: run.count))
  }
}
