import Domain

extension ControlState {
  /// How a model last did in a suite for an operation.
  func evaluation(_ operation: String, _ model: String, _ suite: String) -> Evaluation? {
    routing.evaluations[Evaluation.Key(operation: operation, model: model, suite: suite)]
  }

  /// The evaluations of an operation, by model and suite; of all, where none is named.
  public func evaluations(of operation: String? = nil) -> [Evaluation] {
    Evaluation.sorted(routing.evaluations.values.filter { operation == nil || $0.operation == operation })
  }

  /// Records how a model did; an alias stands for the model that it leads to.
  func decideEvaluation(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("record an evaluation")
    guard let evaluation = Evaluation(body, position: 0) else { throw .incomplete("evaluation") }
    let model = exactName(ofModel: evaluation.model)
    var data = body
    data["model"] = .text(model)
    let subject = "evaluation/\(evaluation.operation)/\(model)"
    guard subject.utf8.count <= KillSwitch.longestSubject else {
      throw Refusal(
        code: "name-too-long", status: 422, detail: "The names of operation and model are too long together.")
    }
    return [
      PlannedEvent(type: "evaluation.recorded", subject: subject, data: data, derived: provenance(context))
    ]
  }
}

extension Evaluation {
  /// By operation, model and suite.
  static func sorted(_ evaluations: some Sequence<Evaluation>) -> [Evaluation] {
    evaluations.sorted { left, right in
      let (left, right) = ([left.operation, left.model, left.suite], [right.operation, right.model, right.suite])
      return left.map { ExactText($0) }.lexicographicallyPrecedes(right.map { ExactText($0) })
    }
  }
}
