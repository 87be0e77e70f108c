public import Domain

/// How a model did in a suite for an operation, as last recorded.
public struct Evaluation: Sendable, Equatable {
  /// What an evaluation is of; the last one of each counts.
  struct Key: Sendable, Hashable {
    var operation: String
    var model: String
    var suite: String
  }

  /// The operation that it was evaluated for.
  public var operation: String
  /// The model's exact name.
  public var model: String
  /// The suite.
  public var suite: String
  /// Whether it passed.
  public var passed: Bool
  /// From 0 to 1, as it was told.
  public var score: String?
  /// Position of `evaluation.recorded`.
  public var position: Int64

  var key: Key { Key(operation: operation, model: model, suite: suite) }
}

extension Evaluation {
  /// Reads the members of `evaluation.recorded`; nil where they are not valid.
  init?(_ body: JSON, position: Int64) {
    guard let operation = body["operation"]?.string, let model = body["model"]?.string,
      let suite = body["suite"]?.string, let passed = body["passed"]?.boolean
    else { return nil }
    self.init(
      operation: operation, model: model, suite: suite, passed: passed, score: body["score"]?.string,
      position: position)
  }

  /// The members of `evaluation.recorded` but its evidence, and its position.
  public var json: JSON {
    .object([
      "operation": .text(operation), "model": .text(model), "suite": .text(suite), "passed": .boolean(passed),
      "score": score.map(JSON.text), "position": .integer(position),
    ])
  }
}
