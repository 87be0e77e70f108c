extension EventDraft {
  /// An event that the ledger itself writes, of any type of the catalogue: checked, its personal part set apart.
  ///
  /// - Throws: what is wrong, as for an event from outside.
  public init(
    planned type: String, typeVersion: Int = 1, subject: String, id: String, source: String, data: JSON,
    correlationID: String? = nil, causationID: String? = nil, traceparent: String? = nil,
    catalogue: Catalogue = .standard
  ) throws(EventFaults) {
    var faults: [ValidationFault] = []
    func check(_ holds: Bool, _ pointer: String, _ code: String, _ detail: String) {
      if !holds { faults.append(ValidationFault(pointer: pointer, code: code, detail: detail)) }
    }
    func isPrintable(_ text: String, _ most: Int) -> Bool {
      text.withUTF8Bytes { TextRules.isPrintable($0, most) }
    }
    let found = catalogue.type(type, version: typeVersion)
    check(found != nil, "/type", "unknown-type", "expected: a type of the catalogue")
    check(isPrintable(id, CloudEvents.idLimit), "/id", "pattern", "expected: 1 to 128 printable ASCII characters")
    check(
      isPrintable(source, CloudEvents.nameLimit), "/source", "pattern",
      "expected: 1 to 256 printable ASCII characters")
    check(
      isPrintable(subject, CloudEvents.nameLimit), "/subject", "pattern",
      "expected: 1 to 256 printable ASCII characters")
    if let found, let detail = catalogue.subjectFault(subject, found) { check(false, "/subject", "subject", detail) }
    let document: JSONDocument
    do { document = try JSONDocument(data.canonical) } catch {
      throw EventFaults(
        faults + error.faults.map { ValidationFault(pointer: "/data" + $0.pointer, code: $0.code, detail: $0.detail) }
      )
    }
    guard let found else { throw EventFaults(faults) }
    let checked = document.withTape { found.read($0, 0, index: nil, &faults) }
    guard let checked, faults.isEmpty else { throw EventFaults(faults) }
    self.init(
      id: id, source: source, type: type, typeVersion: typeVersion, subject: subject, correlationID: correlationID,
      causationID: causationID, traceparent: traceparent, body: document.root, data: checked.data,
      personal: checked.personal, persons: checked.persons)
  }
}
