import Domain

extension ControlState {
  /// The model of this exact name.
  public func model(_ name: String) -> Model? { routing.models[name] }

  /// Every model that was configured, by name.
  public var allModels: [Model] { routing.models.all }

  /// The exact name that a name or alias of a model leads to.
  public func exactName(ofModel name: String) -> String { routing.models.exactName(name) }

  /// Configures a model.
  ///
  /// Free: to disable it, to allow fewer callers, to expect more tokens, and to make it known in the first place.
  func planModel(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    guard let model = Model(change.body, position: 0) else { throw .incomplete("model") }
    guard model.allowedCallers.allSatisfy({ $0.hasPrefix("owner/") || $0.hasPrefix("key/") }) else {
      throw Refusal(
        code: "invalid-caller", status: 422,
        detail: "A caller is owner/ or key/, followed by the owner's or key's id.")
    }
    let names = [model.name] + model.aliases
    guard Set(names).count == names.count else {
      throw Refusal(code: "alias-repeated", status: 422, detail: "A model has each name once.")
    }
    for name in names {
      guard let owner = routing.models.owner(of: name), owner != model.name else { continue }
      throw Refusal(code: "name-taken", status: 409, detail: "The name \(name) leads to the model \(owner).")
    }
    var stakes = Stakes()
    if let present = self.model(model.name) {
      stakes.compare(present, model)
      // Without the name that a kill switch stops, the model would run on.
      let released = present.aliases.filter { alias in
        !model.aliases.contains(alias) && killSwitch(ExactText("model/\(alias)")) != nil
      }
      stakes.note(
        !released.isEmpty, .loosening, .high,
        "the kill switch on \(released.sorted().joined(separator: ", ")) no longer stops \(model.name)")
    }
    let event = PlannedEvent(
      type: "model.configured", subject: change.subject, data: change.body, derived: provenance(context),
      lastSequence: sequence(of: change))
    return ChangePlan(events: [event], stake: stakes.combined)
  }

  /// Switching a model on for the platform is for admins, and an agent cannot add one that serves.
  func checkModelRights(_ change: Change, _ context: CommandContext) throws(Refusal) {
    let present = model(change.body["model"]?.string ?? "")
    let isPlatformEnabled = change.body["platform_enabled"]?.boolean == true
    if present == nil, isPlatformEnabled, change.body["enabled"]?.boolean == true {
      try context.refuseAgent("add a model that serves")
    }
    guard isPlatformEnabled, present?.isPlatformEnabled != true else { return }
    try context.refuseAgent("switch a model on for the platform")
    try context.requireRole([.admin], to: "switch a model on for the platform")
  }
}

extension Stakes {
  /// What is given up where a model is configured otherwise.
  fileprivate mutating func compare(_ present: Model, _ model: Model) {
    let name = model.name
    note(
      !present.isPlatformEnabled && model.isPlatformEnabled, .loosening, .high,
      "\(name) is enabled for the platform again")
    note(!present.isEnabled && model.isEnabled, .loosening, .high, "\(name) is enabled for the ledger again")
    note(
      Self.isWider(Set(model.allowedKinds), than: Set(present.allowedKinds))
        || Self.isWider(Set(model.allowedCallers), than: Set(present.allowedCallers)),
      .loosening, .high, "more callers may be served by \(name)")
    note(
      model.provider != present.provider, .modelSwitch, .medium,
      "\(name) is served by \(model.provider) instead of \(present.provider)")
    note(
      !Set(model.aliases).isSubset(of: present.aliases), .modelSwitch, .low, "other names lead to \(name)")
    note(model.tier != present.tier, .modelSwitch, .low, "\(name) counts for another tier")
    note(
      CallEstimate.isLower(model.maxInputTokens, than: present.maxInputTokens)
        || CallEstimate.isLower(model.maxOutputTokens, than: present.maxOutputTokens),
      .costIncrease, .medium, "less is reserved for a call of \(name)")
  }

  /// True where a list lets somebody pass whom the other one does not; an empty one lets everybody pass.
  private static func isWider<Element>(_ list: Set<Element>, than other: Set<Element>) -> Bool {
    if other.isEmpty { return false }
    return list.isEmpty || !list.isSubset(of: other)
  }
}
