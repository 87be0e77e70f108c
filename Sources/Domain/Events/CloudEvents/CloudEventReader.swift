/// CloudEvents 1.0 in JSON: structured (one object) and batch (a list).
public enum CloudEvents {
  /// `application/cloudevents+json`
  public static let structuredType = "application/cloudevents+json"
  /// `application/cloudevents-batch+json`
  public static let batchType = "application/cloudevents-batch+json"
  /// Events in a batch.
  public static let batchLimit = 10_000
  /// Nesting of one event's JSON, the event itself included.
  public static let depthLimit = 16
  /// Length of an event's id, type, correlation and causation ids.
  public static let idLimit = 128
  /// Length of subjects and sources.
  public static let nameLimit = 256
  /// True for a source under which only the ledger itself writes: what fell due, what commands cause, and decisions.
  ///
  /// Identities there are the ledger's to give. Somebody else's event under one of them would stand in the way of the
  /// ledger's own, for ever, or pass for it.
  public static func isReserved(source: String) -> Bool {
    reserved.contains { source == $0 || source.utf8.starts(with: ($0 + "/").utf8) }
  }

  private static let reserved = ["/daybook/ledger", "/daybook/commands", "/daybook/decisions"]

  /// Reads one event.
  ///
  /// - Throws: everything that is wrong, with pointers into the event and no index.
  public static func read(
    event body: [UInt8], catalogue: Catalogue = .standard, byteLimit: Int = 16 << 20
  ) throws(EventFaults) -> EventDraft {
    let scan = JSONScanner.scan(body, limits: JSONLimits(depth: depthLimit, bytes: byteLimit))
    var faults = scan.faults(in: body).map {
      ValidationFault(pointer: $0.pointer, code: $0.code, detail: $0.detail)
    }
    guard scan.isComplete else { throw EventFaults(faults) }
    let document = JSONDocument(body, scan)
    let draft = document.withTape { tape in
      var reader = CloudEventReader(document: document, tape: tape, catalogue: catalogue)
      let draft = reader.event(at: 0, index: nil)
      faults += reader.faults
      return draft
    }
    guard let draft, faults.isEmpty else { throw EventFaults(Array(faults.prefix(JSONLimits.faults))) }
    return draft
  }

  /// Reads a batch: a list of 1 to 10,000 events.
  ///
  /// - Throws: everything that is wrong, each with the index of its event and a pointer into it, up to
  ///   `JSONLimits.faults`.
  public static func read(
    batch body: [UInt8], catalogue: Catalogue = .standard, byteLimit: Int = 16 << 20
  ) throws(EventFaults) -> [EventDraft] {
    let scan = JSONScanner.scan(body, limits: JSONLimits(depth: depthLimit + 1, bytes: byteLimit))
    var faults = scan.faults(in: body).map(ValidationFault.init(inBatch:))
    guard scan.isComplete else { throw EventFaults(faults) }
    let document = JSONDocument(body, scan)
    let drafts = document.withTape { tape in
      var reader = CloudEventReader(document: document, tape: tape, catalogue: catalogue)
      let drafts = reader.batch()
      faults += reader.faults
      return drafts
    }
    guard faults.isEmpty else {
      // Stable: what the scanner found in an event stands before what validation found in it.
      let sorted = faults.enumerated().sorted {
        ($0.element.index ?? -1, $0.offset) < ($1.element.index ?? -1, $1.offset)
      }
      throw EventFaults(Array(sorted.map(\.element).prefix(JSONLimits.faults)))
    }
    return drafts
  }
}

extension ValidationFault {
  /// A fault of a batch's text: its pointer starts with the event's index.
  fileprivate init(inBatch fault: JSONFault) {
    let parts = fault.pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), maxSplits: 1)
    if let first = parts.first.flatMap({ String($0) }), let index = Int(first) {
      let rest = fault.pointer.utf8.dropFirst(1 + first.utf8.count)
      self.init(index: index, pointer: String(rest) ?? "", code: fault.code, detail: fault.detail)
    } else {
      self.init(pointer: fault.pointer, code: fault.code, detail: fault.detail)
    }
  }
}

/// Reads events from a tape, inside `JSONDocument.withTape` only.
struct CloudEventReader {
  let document: JSONDocument
  let tape: JSONTape
  let catalogue: Catalogue
  var faults: [ValidationFault] = []
  /// Index of the event that is being read.
  private var index: Int?
  /// The last source and type, which the events of a batch mostly share.
  private var lastSource = (node: 0, text: "")
  private var lastType: (node: Int, version: Int, type: EventType)?

  init(document: JSONDocument, tape: JSONTape, catalogue: Catalogue) {
    self.document = document
    self.tape = tape
    self.catalogue = catalogue
  }

  mutating func batch() -> [EventDraft] {
    guard tape[0].kind == .array else {
      fault("", "type", "expected: a list of events")
      return []
    }
    let count = JSONView(document: document, index: 0).count
    guard count > 0, count <= CloudEvents.batchLimit else {
      fault("", count == 0 ? "empty-batch" : "batch-size", "a batch holds 1 to \(CloudEvents.batchLimit) events")
      return []
    }
    var drafts: [EventDraft] = []
    drafts.reserveCapacity(count)
    var child = 1
    var index = 0
    while child < Int(tape[0].next), faults.count < JSONLimits.faults {
      if let draft = event(at: child, index: index) { drafts.append(draft) }
      child = Int(tape[child].next)
      index += 1
    }
    return drafts
  }

  /// Reads the event at a node; nil where something is wrong with it.
  mutating func event(at node: Int, index: Int?) -> EventDraft? {
    self.index = index
    let faultsBefore = faults.count
    guard tape[node].kind == .object else {
      fault("", "type", "expected: an event object")
      return nil
    }
    let nodes = attributes(of: node)
    checkFixed(nodes)
    let id = text(nodes.id, "/id", CloudEvents.idLimit, isRequired: true)
    let source = source(nodes.source)
    let version = version(nodes.typeversion)
    let time = time(nodes.time)
    let expected = expectedSequence(nodes.expectedsequence)
    let correlation = text(nodes.correlationid, "/correlationid", CloudEvents.idLimit)
    let causation = text(nodes.causationid, "/causationid", CloudEvents.idLimit)
    let trace = traceparent(nodes.traceparent)
    let type = type(nodes.type, version)
    let subject = subject(nodes.subject, type, typeNode: nodes.type)
    let data = data(nodes.data, type)
    guard faults.count == faultsBefore, let id, let source, let type, let subject, let data else { return nil }
    return EventDraft(
      id: id, source: source, type: type.fields == nil ? tape.string(nodes.type) : type.name, typeVersion: version,
      subject: subject, time: time, expectedSequence: expected, correlationID: correlation, causationID: causation,
      traceparent: trace, body: JSONView(document: document, index: nodes.data), data: data.data,
      personal: data.personal, persons: data.persons)
  }

  mutating func fault(_ pointer: String, _ code: String, _ detail: String) {
    // An event is only begun below the bound, so at least its first fault is kept.
    guard faults.count < JSONLimits.faults else { return }
    faults.append(ValidationFault(index: index, pointer: pointer, code: code, detail: detail))
  }

  /// True where the attribute is there to be read; what the scanner faulted is not looked at again.
  private func isGiven(_ node: Int) -> Bool {
    node != 0 && tape[node].kind != .null && !tape[node].has(JSONNode.faulty)
  }

  /// A printable ASCII attribute.
  private mutating func text(_ node: Int, _ pointer: String, _ most: Int, isRequired: Bool = false) -> String? {
    guard isGiven(node) else {
      if isRequired, node == 0 || tape[node].kind == .null {
        fault(pointer, "required", "missing: 1 to \(most) printable ASCII characters")
      }
      return nil
    }
    guard tape[node].kind == .string else {
      fault(pointer, "type", "expected: a text")
      return nil
    }
    if tape.withText(node, { TextRules.isPrintable($0, most) }) { return tape.string(node) }
    let length = tape.withText(node) { $0.count }
    fault(
      pointer, length == 0 || length > most ? "length" : "pattern",
      "expected: 1 to \(most) printable ASCII characters")
    return nil
  }

  private mutating func source(_ node: Int) -> String? {
    if node != 0, lastSource.node != 0, tape[node].kind == .string,
      tape.source(node).elementsEqual(tape.source(lastSource.node))
    {
      return lastSource.text
    }
    guard let source = text(node, "/source", CloudEvents.nameLimit, isRequired: true) else { return nil }
    guard !CloudEvents.isReserved(source: source) else {
      fault("/source", "reserved", "the ledger alone writes under this source")
      return nil
    }
    lastSource = (node, source)
    return source
  }

  private mutating func checkFixed(_ nodes: CloudEventAttributes) {
    if nodes.specversion == 0 {
      fault("/specversion", "required", "missing: \"1.0\"")
    } else if isGiven(nodes.specversion) || tape[nodes.specversion].kind == .null {
      let isRight = tape[nodes.specversion].kind == .string && tape.text(nodes.specversion, equals: "1.0")
      if !isRight { fault("/specversion", "specversion", "expected: \"1.0\"") }
    }
    if isGiven(nodes.datacontenttype) {
      let isRight =
        tape[nodes.datacontenttype].kind == .string && tape.text(nodes.datacontenttype, equals: "application/json")
      if !isRight { fault("/datacontenttype", "datacontenttype", "expected: application/json, or no such attribute") }
    }
  }

  private mutating func version(_ node: Int) -> Int {
    guard isGiven(node) else { return 1 }
    guard let version = number(node), version >= 1, version <= 1_000_000 else {
      fault("/typeversion", "range", "expected: an integer from 1 to 1000000")
      return 1
    }
    return Int(version)
  }

  private mutating func expectedSequence(_ node: Int) -> Int64? {
    guard isGiven(node) else { return nil }
    guard let sequence = number(node), sequence >= 0 else {
      fault("/expectedsequence", "range", "expected: an integer from 0, or its decimal digits as a text")
      return nil
    }
    return sequence
  }

  /// An integer, or a text of its decimal digits: CloudEvents integers have 32 bits.
  private func number(_ node: Int) -> Int64? {
    switch tape[node].kind {
    case .integer: return tape.integer(node)
    case .string:
      return tape.withText(node) { digits in
        guard digits.count >= 1, digits.count <= 16, digits[0] != 0x30 || digits.count == 1 else { return nil }
        var value: Int64 = 0
        for digit in digits {
          guard digit &- 0x30 <= 9 else { return nil }
          value = value * 10 + Int64(digit &- 0x30)
        }
        return value <= 9_007_199_254_740_991 ? value : nil
      }
    default: return nil
    }
  }

  private mutating func time(_ node: Int) -> Timestamp? {
    guard isGiven(node) else { return nil }
    guard tape[node].kind == .string else {
      fault("/time", "type", "expected: \(FieldKind.timestamp.expectation)")
      return nil
    }
    guard let moment = tape.withText(node, { TimestampScanner.microseconds(of: $0) }) else {
      fault("/time", "timestamp", "expected: \(FieldKind.timestamp.expectation)")
      return nil
    }
    return Timestamp(microseconds: moment)
  }

  private mutating func traceparent(_ node: Int) -> String? {
    guard isGiven(node) else { return nil }
    guard tape[node].kind == .string, tape.withText(node, { TextRules.isTraceparent($0) }) else {
      fault("/traceparent", "traceparent", "expected: a traceparent of W3C Trace Context")
      return nil
    }
    return tape.string(node)
  }

  private mutating func type(_ node: Int, _ version: Int) -> EventType? {
    if let last = lastType, node != 0, last.version == version, tape[node].kind == .string,
      tape.source(node).elementsEqual(tape.source(last.node))
    {
      return last.type
    }
    guard let name = text(node, "/type", CloudEvents.idLimit, isRequired: true) else { return nil }
    guard let type = catalogue.type(name, version: version) else {
      if catalogue.type(name) != nil {
        fault("/typeversion", "unknown-version", "the catalogue has no such version of the type")
      } else {
        fault("/type", "unknown-type", "expected: a type of the catalogue, or a name of your own that starts with x.")
      }
      return nil
    }
    guard !type.isCommandOnly else {
      fault(
        "/type", "command-only", "events of this type are written by the ledger alone; use the command's endpoint")
      return nil
    }
    lastType = (node, version, type)
    return type
  }

  private mutating func subject(_ node: Int, _ type: EventType?, typeNode: Int) -> String? {
    let isOwn = type?.fields == nil
    if !isGiven(node), isOwn, type != nil, node == 0 || tape[node].kind == .null { return tape.string(typeNode) }
    guard let subject = text(node, "/subject", CloudEvents.nameLimit, isRequired: true), let type else { return nil }
    if let detail = catalogue.subjectFault(subject, type) {
      fault("/subject", "subject", detail)
      return nil
    }
    return subject
  }

  private mutating func data(_ node: Int, _ type: EventType?) -> EventData? {
    guard node != 0 else {
      fault("/data", "required", "missing: an object")
      return nil
    }
    guard tape[node].kind == .object else {
      if !tape[node].has(JSONNode.faulty) { fault("/data", "type", "expected: an object") }
      return nil
    }
    return type?.read(tape, node, index: index, &faults)
  }
}
