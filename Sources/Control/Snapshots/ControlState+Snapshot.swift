import Domain

extension ControlState {
  /// Version of the snapshot's form; a snapshot of another form is made anew from the log.
  public static let snapshotForm: Int64 = 3

  /// Canonical JSON of the merged state; equal at a position everywhere.
  public func snapshot() -> [UInt8] {
    let settings = settingsPart.merged
    let small = JSONObject([
      "form": .integer(Self.snapshotForm),
      "ledger": .text(ledger),
      "position": .integer(mergedPosition),
      "settings": settings.map(\.snapshot),
      "owners": .array(sorted(owners.merged.values, by: \.id).map(\.snapshot)),
      "keys": .array(sorted(keys.merged.values, by: \.id).map(\.snapshot)),
      "prices": priceBook.snapshot,
      "approvals": approvals.snapshot,
      "broken_glass": .array(sorted(glass.merged.values, by: \.id).map(\.snapshot)),
      "recommendations": .array(sorted(recommendations.merged.values, by: \.id).map(\.snapshot)),
      "kill_switches": .array(activeSwitches.merged.values.sorted { $0.scope < $1.scope }.map(\.snapshot)),
      "marks": .object(Dictionary(uniqueKeysWithValues: marks.merged.map { (ExactText($0), $1.snapshot) })),
      "routing": routing.snapshot,
      "periods": periods.snapshot,
      "rerates": .array(sorted(rerates.merged.values, by: \.id).map(\.snapshot)),
      "holds": .array(sorted(holds.merged.values, by: \.id).map(\.snapshot)),
    ])
    var bytes: [UInt8] = []
    for (key, value) in small {
      // Between broken_glass and form: the one member that is no small value.
      if key == "form" {
        bytes.append(contentsOf: ",\"budgets\":".utf8)
        budgets.appendSnapshot(to: &bytes)
      }
      bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
      JSONWriter.appendString(key.string, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      value.appendCanonical(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// Values of which there may be very many: what the length of a snapshot goes by.
  public var committedEntries: Int { budgets.committedEntries }

  private func sorted<Value>(_ values: some Collection<Value>, by id: (Value) -> String) -> [Value] {
    values.sorted { ExactText(id($0)) < ExactText(id($1)) }
  }

  /// Reads a snapshot.
  ///
  /// - Throws: `SnapshotFault` where the bytes are no snapshot of this form.
  public init(snapshot: [UInt8]) throws(SnapshotFault) {
    let json: JSON
    do {
      json = try JSON(parsing: snapshot, limits: Self.limits)
    } catch {
      throw SnapshotFault(detail: "the snapshot is not strict JSON")
    }
    guard json["form"]?.integer == Self.snapshotForm else {
      throw SnapshotFault(detail: "the snapshot has another form than \(Self.snapshotForm)")
    }
    let reader = SnapshotReader(json)
    self.init(ledger: try reader.text("ledger"), position: try reader.integer("position"))
    if let settings = json["settings"] { settingsPart = SettingsPart(try LedgerSettings(SnapshotReader(settings))) }
    owners = Layered(try reader.table("owners", by: \.id) { reader throws(SnapshotFault) in try Owner(reader) })
    keys = Layered(try reader.table("keys", by: \.id) { reader throws(SnapshotFault) in try KeyRecord(reader) })
    priceBook = try PriceBook(SnapshotReader(json["prices"] ?? .null))
    approvals = try ApprovalRegister(SnapshotReader(json["approvals"] ?? .null))
    glass = Layered(
      try reader.table("broken_glass", by: \.id) { reader throws(SnapshotFault) in try BrokenGlass(reader) })
    recommendations = Layered(
      try reader.table("recommendations", by: \.id) { reader throws(SnapshotFault) in try Recommendation(reader) })
    activeSwitches = Layered(
      try reader.table("kill_switches", by: \.scope) { reader throws(SnapshotFault) in try KillSwitch(reader) })
    budgets = try BudgetRegister(SnapshotReader(json["budgets"] ?? .null))
    marks = Layered(try reader.marks("marks"))
    marks.forEach { subject, _ in if subject.hasPrefix("kill-switch/") { hasKillSwitches = true } }
    holds = Layered(try reader.table("holds", by: \.id) { reader throws(SnapshotFault) in try Hold(reader) })
    guard let routed = json["routing"] else { throw SnapshotReader.fault("routing") }
    routing = try RoutingPart(SnapshotReader(routed))
    periods = try PeriodRegister(SnapshotReader(json["periods"] ?? .null))
    let book = priceBook
    rerates = Layered(
      try reader.table("rerates", by: \.id) { reader throws(SnapshotFault) in try Rerate(reader, book) })
  }

  /// Longest snapshot that is read, in bytes: as far as the scanner reaches.
  public static let longestSnapshot = 64 << 20

  /// What a snapshot may hold: as many values as fit its length, and changes that wait for approval as deep as they may be.
  private static let limits = JSONLimits(depth: 64, bytes: longestSnapshot, values: longestSnapshot / 2)
}
