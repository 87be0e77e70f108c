import Domain

/// Reads the members of one object of a snapshot.
struct SnapshotReader {
  let json: JSON

  init(_ json: JSON) { self.json = json }

  func text(_ member: String) throws(SnapshotFault) -> String {
    guard let text = json[member]?.string else { throw Self.fault(member) }
    return text
  }

  func optionalText(_ member: String) -> String? { json[member]?.string }

  func integer(_ member: String) throws(SnapshotFault) -> Int64 {
    guard let integer = json[member]?.integer else { throw Self.fault(member) }
    return integer
  }

  func boolean(_ member: String) throws(SnapshotFault) -> Bool {
    guard let boolean = json[member]?.boolean else { throw Self.fault(member) }
    return boolean
  }

  func moment(_ member: String) throws(SnapshotFault) -> Timestamp {
    guard let moment = Timestamp(rfc3339: try text(member)) else { throw Self.fault(member) }
    return moment
  }

  func optionalMoment(_ member: String) throws(SnapshotFault) -> Timestamp? {
    json[member] == nil ? nil : try moment(member)
  }

  func value<Value: RawRepresentable<String>>(_ member: String, _: Value.Type) throws(SnapshotFault) -> Value {
    guard let value = Value(rawValue: try text(member)) else { throw Self.fault(member) }
    return value
  }

  func texts(_ member: String) throws(SnapshotFault) -> [String] {
    guard let elements = json[member]?.elements else { throw Self.fault(member) }
    var texts: [String] = []
    for element in elements {
      guard let text = element.string else { throw Self.fault(member) }
      texts.append(text)
    }
    return texts
  }

  func list<Value>(
    _ member: String, _ read: (SnapshotReader) throws(SnapshotFault) -> Value
  ) throws(SnapshotFault) -> [Value] {
    guard let elements = json[member]?.elements else { throw Self.fault(member) }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try read(SnapshotReader(element))) }
    return values
  }

  func table<Key: Hashable, Value>(
    _ member: String, by key: (Value) -> Key, _ read: (SnapshotReader) throws(SnapshotFault) -> Value
  ) throws(SnapshotFault) -> [Key: Value] {
    var table: [Key: Value] = [:]
    for value in try list(member, read) {
      guard table.updateValue(value, forKey: key(value)) == nil else { throw Self.fault(member) }
    }
    return table
  }

  static func fault(_ member: String) -> SnapshotFault {
    SnapshotFault(detail: "the snapshot has no valid \(member)")
  }
}
