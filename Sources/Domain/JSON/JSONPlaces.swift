/// Finds the RFC 6901 pointers of places in a scanned text, finished or not. Only ever needed for a text with faults.
struct JSONPlaces {
  /// A longer pointer is cut: keys are the sender's, and an answer is bounded.
  static let lengthLimit = 1_024

  private let bytes: UnsafeBufferPointer<UInt8>
  private let nodes: UnsafeBufferPointer<JSONNode>
  private let marks: [JSONMark]
  private var pointers: [String]

  /// The pointers, relative to the value at `root`, of marks in ascending order of offset.
  static func pointers(
    of marks: [JSONMark], bytes: [UInt8], nodes: [JSONNode], root: Int = 0
  ) -> [String] {
    bytes.withUnsafeBufferPointer { bytes in
      nodes.withUnsafeBufferPointer { nodes in
        var places = JSONPlaces(bytes: bytes, nodes: nodes, marks: marks)
        if root < nodes.count { places.visit(root, "", marks.indices) }
        return places.pointers
      }
    }
  }

  /// The same for the tape of a document.
  static func pointers(of marks: [JSONMark], tape: JSONTape, root: Int) -> [String] {
    let end = Int(tape[0].end)
    var places = JSONPlaces(
      bytes: UnsafeBufferPointer(start: tape.bytes, count: end),
      nodes: UnsafeBufferPointer(start: tape.nodes, count: tape.nodeCount), marks: marks)
    places.visit(root, "", marks.indices)
    return places.pointers
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, nodes: UnsafeBufferPointer<JSONNode>, marks: [JSONMark]) {
    self.bytes = bytes
    self.nodes = nodes
    self.marks = marks
    pointers = Array(repeating: "", count: marks.count)
  }

  private func end(_ index: Int) -> Int { nodes[index].next == 0 ? nodes.count : Int(nodes[index].next) }

  /// True where the mark lies behind the value, which is closed.
  private func isBehind(_ mark: JSONMark, _ index: Int) -> Bool {
    nodes[index].end != 0 && mark.offset >= Int(nodes[index].end)
  }

  /// Gives the marks that lie in the value at `index` their pointers.
  private mutating func visit(_ index: Int, _ pointer: String, _ range: Range<Int>) {
    for mark in range { pointers[mark] = pointer }
    switch nodes[index].kind {
    case .array: visitElements(index, pointer, range)
    case .object: visitMembers(index, pointer, range)
    default: break
    }
  }

  private mutating func visitElements(_ index: Int, _ pointer: String, _ range: Range<Int>) {
    var mark = range.lowerBound
    var element = 0
    var child = index + 1
    while mark < range.upperBound, child < end(index) {
      let next = end(child)
      while mark < range.upperBound, marks[mark].offset < Int(nodes[child].start) { mark += 1 }
      let first = mark
      while mark < range.upperBound, !isBehind(marks[mark], child) { mark += 1 }
      if first < mark { visit(child, Self.join(pointer, String(element)), first..<mark) }
      element += 1
      child = next
    }
  }

  private mutating func visitMembers(_ index: Int, _ pointer: String, _ range: Range<Int>) {
    var mark = range.lowerBound
    var key = index + 1
    while mark < range.upperBound, key < end(index) {
      let value = key + 1
      let hasValue = value < nodes.count
      let next = hasValue ? end(value) : nodes.count
      while mark < range.upperBound, marks[mark].offset < Int(nodes[key].start) { mark += 1 }
      // At the key itself: its object, or the member where that is what is meant.
      while mark < range.upperBound, !isBehind(marks[mark], key) {
        if marks[mark].isMember { pointers[mark] = Self.join(pointer, name(key)) }
        mark += 1
      }
      let first = mark
      while mark < range.upperBound, !hasValue || !isBehind(marks[mark], value) { mark += 1 }
      if first < mark {
        let place = Self.join(pointer, name(key))
        if hasValue {
          visit(value, place, first..<mark)
        } else {
          for unfinished in first..<mark { pointers[unfinished] = place }
        }
      }
      key = next
    }
  }

  private func name(_ key: Int) -> String {
    let raw = bytes[(Int(nodes[key].start) + 1)..<(Int(nodes[key].end) - 1)]
    var decoded: [UInt8] = []
    JSONText.decode(UnsafeBufferPointer(rebasing: raw.prefix(4 * Self.lengthLimit)), into: &decoded)
    return String(decoding: decoded, as: UTF8.self)
  }

  /// A pointer with one more reference token, `~` and `/` escaped (RFC 6901, section 3).
  static func join(_ pointer: String, _ token: String) -> String {
    guard pointer.utf8.count < lengthLimit else { return pointer }
    var joined = pointer + "/"
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": joined += "~0"
      case "/": joined += "~1"
      default: joined.unicodeScalars.append(scalar)
      }
      if joined.utf8.count >= lengthLimit { return joined + "…" }
    }
    return joined
  }
}
