extension EventDraft {
  /// Names of the parts of the content that differ from a recorded event of the same identity; empty for a duplicate.
  ///
  /// Content is `type`, `typeversion`, `subject`, `correlationid`, `causationid`, `time` where it was given, and `data`.
  /// A personal part that was erased is not compared.
  public func differences(from recorded: RecordedEvent) -> [String] {
    var names: [String] = []
    if type != recorded.type { names.append("type") }
    if typeVersion != recorded.typeVersion { names.append("typeversion") }
    if subject != recorded.subject { names.append("subject") }
    if correlationID != recorded.correlationID { names.append("correlationid") }
    if causationID != recorded.causationID { names.append("causationid") }
    if (time ?? recorded.recordedAt) != recorded.occurredAt { names.append("time") }
    if !isSame(data, recorded.data) || !hasSamePersonalPart(recorded) { names.append("data") }
    return names
  }

  private func hasSamePersonalPart(_ recorded: RecordedEvent) -> Bool {
    switch (personal, recorded.personal) {
    case (let mine?, let theirs?): isSame(mine, theirs)
    case (_, nil) where recorded.personalHash != nil: true
    case (nil, nil): true
    default: false
    }
  }

  /// Canonical bytes against JSON text in Postgres's spelling.
  private func isSame(_ canonical: [UInt8], _ text: [UInt8]) -> Bool {
    if canonical == text { return true }
    guard let document = try? JSONDocument(text, limits: .stored) else { return false }
    return document.root.canonical == canonical
  }
}

extension JSONLimits {
  /// For what the ledger itself stored: spelled by Postgres, white space included.
  static let stored = JSONLimits(depth: 64, bytes: 1 << 20)
}
