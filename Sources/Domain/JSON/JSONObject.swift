/// The members of a JSON object: each key once, in the order of RFC 8785 (UTF-16 code units of the keys).
///
/// A sorted array: the ledger's objects are small, are written far more often than looked up, and need no sorting then.
public struct JSONObject: Sendable {
  private var sorted: [(key: ExactText, value: JSON)] = []

  /// No members.
  public init() {}

  /// Members in any order; of those with the same key the last one stands.
  public init(_ members: some Sequence<(key: ExactText, value: JSON)>) {
    sorted = Array(members)
    order()
  }

  /// Members of a dictionary.
  public init(_ members: [ExactText: JSON]) {
    sorted = members.map { ($0, $1) }
    order()
  }

  /// Values by their keys, those that are nil left out.
  public init(_ members: KeyValuePairs<String, JSON?>) {
    sorted.reserveCapacity(members.count)
    for (key, value) in members { if let value { sorted.append((ExactText(key), value)) } }
    order()
  }

  /// The value of a key; setting nil removes the member.
  public subscript(key: ExactText) -> JSON? {
    get { place(of: key).map { sorted[$0].value } }
    set {
      if let place = place(of: key) {
        if let newValue { sorted[place].value = newValue } else { sorted.remove(at: place) }
      } else if let newValue {
        sorted.insert((key, newValue), at: lowerBound(of: key))
      }
    }
  }

  /// The keys, in order.
  public var keys: [ExactText] { sorted.map(\.key) }

  /// The values, in the order of their keys.
  public var values: [JSON] { sorted.map(\.value) }

  private func place(of key: ExactText) -> Int? {
    // Few members are looked through faster than halved.
    if sorted.count <= 16 {
      // By the place: an element that is handed to a closure is counted up and down with all that it holds.
      for place in sorted.indices where sorted[place].key == key { return place }
      return nil
    }
    let place = lowerBound(of: key)
    return place < sorted.count && sorted[place].key == key ? place : nil
  }

  /// The first place whose key does not come before this one.
  private func lowerBound(of key: ExactText) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].key.precedesInUTF16(key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Sorts what is not sorted yet, and keeps the last of those with the same key.
  private mutating func order() {
    var ordered = 1
    while ordered < sorted.count, sorted[ordered - 1].key.precedesInUTF16(sorted[ordered].key) { ordered += 1 }
    if ordered >= sorted.count { return }
    if sorted.count <= 16 { return orderFew(from: ordered) }
    // By the place too, as sorting need not keep the order of equals.
    let numbered = sorted.enumerated().sorted { left, right in
      if left.element.key.precedesInUTF16(right.element.key) { return true }
      return left.element.key == right.element.key && left.offset < right.offset
    }
    sorted.removeAll(keepingCapacity: true)
    for (_, member) in numbered {
      if sorted.last?.key == member.key { sorted.removeLast() }
      sorted.append(member)
    }
  }

  /// The same by insertion, in place.
  ///
  /// - Parameter first: the place up to which they are sorted.
  private mutating func orderFew(from first: Int) {
    var next = first
    while next < sorted.count {
      var place = next
      while place > 0, sorted[place].key.precedesInUTF16(sorted[place - 1].key) {
        sorted.swapAt(place, place - 1)
        place -= 1
      }
      if place > 0, sorted[place - 1].key == sorted[place].key {
        sorted.remove(at: place - 1)
      } else {
        next += 1
      }
    }
  }
}

extension JSONObject: RandomAccessCollection {
  /// The first place.
  public var startIndex: Int { 0 }
  /// Behind the last place.
  public var endIndex: Int { sorted.count }
  /// The member at a place.
  public subscript(position: Int) -> (key: ExactText, value: JSON) { sorted[position] }
}

extension JSONObject: Equatable {
  /// The same keys with the same values.
  public static func == (left: Self, right: Self) -> Bool {
    left.sorted.elementsEqual(right.sorted) { $0.key == $1.key && $0.value == $1.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Members as they are written.
  public init(dictionaryLiteral members: (ExactText, JSON)...) { self.init(members.map { (key: $0, value: $1) }) }
}
