import Domain

extension RoutingPart {
  /// What is committed, each list in a fixed order.
  var snapshot: JSON {
    .object([
      "routes": .array(
        routes.merged.values.sorted { ExactText($0.operation) < ExactText($1.operation) }.map(\.json)),
      "models": .array(models.merged.map(\.json)),
      "toggles": .array(toggles.merged.values.sorted { ExactText($0.name) < ExactText($1.name) }.map(\.json)),
      "policy": policy.merged.json,
      "evaluations": .array(Evaluation.sorted(evaluations.merged.values).map(\.json)),
      "cool_downs": coolDowns.snapshot,
      "sessions": sessions.snapshot,
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    routes = Layered(
      try reader.table("routes", by: \.operation) { reader throws(SnapshotFault) in
        try reader.configured("routes", Route.init)
      })
    models = ModelRegister(
      try reader.list("models") { reader throws(SnapshotFault) in try reader.configured("models", Model.init) })
    toggles = Layered(
      try reader.table("toggles", by: \.name) { reader throws(SnapshotFault) in
        try reader.configured("toggles", Toggle.init)
      })
    policy = LayeredValue(try SnapshotReader(try reader.member("policy")).configured("policy", Policy.init))
    evaluations = Layered(
      try reader.table("evaluations", by: \.key) { reader throws(SnapshotFault) in
        try reader.configured("evaluations", Evaluation.init)
      })
    coolDowns = try CoolDownRegister(SnapshotReader(try reader.member("cool_downs")))
    sessions = try SessionRegister(SnapshotReader(try reader.member("sessions")))
  }
}

extension CoolDownRegister {
  fileprivate var snapshot: JSON {
    .object([
      "tripped": .array(mergedTripped.map(JSON.text)),
      "models": .array(
        health.merged.sorted { ExactText($0.key) < ExactText($1.key) }.map { model, health in
          .object([
            "model": .text(model), "failures": .array(health.failures.map { .text($0.description) }),
            "cools_until": health.coolsUntil.map { .text($0.description) },
            "cool_downs": .integer(health.coolDowns),
          ])
        }),
    ])
  }

  fileprivate init(_ reader: SnapshotReader) throws(SnapshotFault) {
    var health: [String: ModelHealth] = [:]
    for member in try reader.list("models", { $0 }) {
      var failures: [Timestamp] = []
      for text in try member.texts("failures") {
        guard let moment = Timestamp(rfc3339: text) else { throw SnapshotReader.fault("failures") }
        failures.append(moment)
      }
      health[try member.text("model")] = ModelHealth(
        failures: failures, coolsUntil: try member.optionalMoment("cools_until"),
        coolDowns: try member.integer("cool_downs"))
    }
    self.init(health, tripped: try reader.texts("tripped"))
  }
}

extension SessionRegister {
  fileprivate var snapshot: JSON {
    .object([
      "swept_hour": .integer(mergedSweptHour),
      "pins": .array(
        pins.merged.values.sorted { ExactText($0.session) < ExactText($1.session) }.map { pin in
          .array([.text(pin.session), .text(pin.model), .integer(pin.lastAllowedAt.microseconds)])
        }),
    ])
  }

  fileprivate init(_ reader: SnapshotReader) throws(SnapshotFault) {
    var pins: [SessionPin] = []
    for pin in try reader.list("pins", { $0 }) {
      guard let parts = pin.json.elements, parts.count == 3, let session = parts[0].string,
        let model = parts[1].string, let last = parts[2].integer
      else { throw SnapshotReader.fault("pins") }
      pins.append(
        SessionPin(session: session, model: model, lastAllowedAt: Timestamp(microseconds: last)))
    }
    guard Set(pins.map(\.session)).count == pins.count else { throw SnapshotReader.fault("pins") }
    self.init(pins, sweptHour: try reader.integer("swept_hour"))
  }
}

extension SnapshotReader {
  /// A member of any kind.
  fileprivate func member(_ name: String) throws(SnapshotFault) -> JSON {
    guard let member = json[name] else { throw Self.fault(name) }
    return member
  }

  /// What is kept as the members of its event, with the position beside them.
  fileprivate func configured<Value>(
    _ member: String, _ read: (JSON, Int64) -> Value?
  ) throws(SnapshotFault) -> Value {
    guard let value = read(json, try integer("position")) else { throw Self.fault(member) }
    return value
  }
}
