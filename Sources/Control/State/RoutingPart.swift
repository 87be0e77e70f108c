import Domain

/// What decisions about routes know besides prices, budgets and approvals.
struct RoutingPart: Sendable {
  var routes = Layered<String, Route>()
  var models = ModelRegister()
  var toggles = Layered<String, Toggle>()
  var policy = LayeredValue(Policy.standard)
  var evaluations = Layered<Evaluation.Key, Evaluation>()
  var coolDowns = CoolDownRegister()
  var sessions = SessionRegister()

  /// The types that change it, besides completions and decisions.
  static let eventTypes: Set<String> = [
    "route.configured", "model.configured", "model.cooled_down", "toggle.changed", "policy.configured",
    "evaluation.recorded",
  ]

  mutating func apply(_ event: AppliedEvent) {
    switch event.type {
    case "route.configured":
      guard let route = Route(event.data, position: event.position) else { event.malformed("route") }
      routes[route.operation] = route
    case "model.configured":
      guard let model = Model(event.data, position: event.position) else { event.malformed("model") }
      models.configure(model)
    case "model.cooled_down": coolDowns.apply(cooled: event)
    case "toggle.changed":
      guard let toggle = Toggle(event.data, position: event.position) else { event.malformed("toggle") }
      toggles[toggle.name] = toggle
    case "policy.configured":
      guard let configured = Policy(event.data, position: event.position) else { event.malformed("policy") }
      policy.current = configured
    case "evaluation.recorded":
      guard let evaluation = Evaluation(event.data, position: event.position) else { event.malformed("evaluation") }
      evaluations[evaluation.key] = evaluation
    default: break
    }
  }

  mutating func merge() {
    routes.merge()
    models.merge()
    toggles.merge()
    policy.merge()
    evaluations.merge()
    coolDowns.merge()
    sessions.merge()
  }

  mutating func drop() {
    routes.drop()
    models.drop()
    toggles.drop()
    policy.drop()
    evaluations.drop()
    coolDowns.drop()
    sessions.drop()
  }
}
