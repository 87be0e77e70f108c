/// The nodes of an event's attributes; 0 where one is missing.
struct CloudEventAttributes {
  var specversion = 0
  var id = 0
  var source = 0
  var type = 0
  var subject = 0
  var time = 0
  var datacontenttype = 0
  var data = 0
  var expectedsequence = 0
  var correlationid = 0
  var causationid = 0
  var traceparent = 0
  var typeversion = 0

  /// Notes the attribute of this key; false for an unknown one. `tracestate` and `dataschema` are known and dropped.
  @inline(__always) mutating func take(_ tape: JSONTape, _ key: Int, _ value: Int) -> Bool {
    // The length decides which names are compared.
    switch tape[key].has(JSONNode.escaped) ? tape.withText(key, { $0.count }) : tape[key].length - 2 {
    case 2: if tape.text(key, equals: "id") { id = value } else { return false }
    case 4:
      if tape.text(key, equals: "data") {
        data = value
      } else if tape.text(key, equals: "type") {
        type = value
      } else if tape.text(key, equals: "time") {
        time = value
      } else {
        return false
      }
    case 6: if tape.text(key, equals: "source") { source = value } else { return false }
    case 7: if tape.text(key, equals: "subject") { subject = value } else { return false }
    case 10: return tape.text(key, equals: "tracestate") || tape.text(key, equals: "dataschema")
    case 11:
      if tape.text(key, equals: "specversion") {
        specversion = value
      } else if tape.text(key, equals: "typeversion") {
        typeversion = value
      } else if tape.text(key, equals: "traceparent") {
        traceparent = value
      } else if tape.text(key, equals: "causationid") {
        causationid = value
      } else {
        return false
      }
    case 13: if tape.text(key, equals: "correlationid") { correlationid = value } else { return false }
    case 15: if tape.text(key, equals: "datacontenttype") { datacontenttype = value } else { return false }
    case 16: if tape.text(key, equals: "expectedsequence") { expectedsequence = value } else { return false }
    default: return false
    }
    return true
  }
}

extension CloudEventReader {
  /// Finds the attributes of the event at a node; marks those that the ledger does not take.
  mutating func attributes(of node: Int) -> CloudEventAttributes {
    var found = CloudEventAttributes()
    var key = node + 1
    let end = Int(tape[node].next)
    while key < end {
      let value = key + 1
      if !found.take(tape, key, value), !tape[key].has(JSONNode.faulty) { refuse(key) }
      key = Int(tape[value].next)
    }
    return found
  }

  private mutating func refuse(_ key: Int) {
    let pointer = JSONPlaces.join("", tape.string(key))
    let isWrittenByLedger = ["ledger", "position", "subjectsequence", "recordedtime", "actor", "actorkind"].contains {
      pointer == "/" + $0
    }
    let detail =
      tape.text(key, equals: "data_base64")
      ? "data is a JSON object; binary data is not taken"
      : isWrittenByLedger ? "the ledger sets this attribute" : "the ledger takes no such attribute"
    fault(pointer, "unknown-attribute", detail)
  }
}
