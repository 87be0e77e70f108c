extension ChangeForm {
  /// A budget; kind, hard and enabled have their usual values where they are left out.
  static let budget: ChangeForm = {
    var form = ChangeForm(
      endpoint: "configureBudget", named: "budget", prefix: "budget/",
      fields: CommandCatalogue.fields(of: "budget.configured", optional: ["kind", "hard", "enabled"]))
    form.contradictions = { Budget.faults(in: $0) }
    return form
  }()
}
