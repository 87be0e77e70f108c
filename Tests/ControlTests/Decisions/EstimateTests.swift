import Control
import Domain
import Testing

@Suite("The estimate of a call")
struct EstimateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var says: String
    var estimate: String?
    var model: [String: JSON] = [:]
    var route: [String: JSON] = [:]
    var prices: [(String, String)] = [("input_tokens", "1"), ("output_tokens", "2")]
    var usage: String
    var cost: String?
    var testDescription: String { says }
  }

  private static let unbounded: [String: JSON] = ["max_input_tokens": .null, "max_output_tokens": .null]

  static let cases: [Case] = [
    Case(
      says: "takes the caller's tokens", estimate: #"{"input_tokens":3,"output_tokens":4}"#,
      usage: #"{"input_tokens":3,"output_tokens":4}"#, cost: "11"),
    Case(
      says: "counts four characters to a token, rounded up", estimate: #"{"input_characters":9,"output_tokens":0}"#,
      usage: #"{"input_tokens":3,"output_tokens":0}"#, cost: "3"),
    Case(
      says: "takes the model's most for what nobody tells", usage: #"{"input_tokens":10,"output_tokens":10}"#,
      cost: "30"),
    Case(
      says: "takes the route's most output where that is less", route: ["max_output_tokens": .integer(4)],
      usage: #"{"input_tokens":10,"output_tokens":4}"#, cost: "18"),
    Case(
      says: "takes the route's most output where the model has none", estimate: #"{"input_tokens":1}"#,
      model: unbounded, route: ["max_output_tokens": .integer(4)], usage: #"{"input_tokens":1,"output_tokens":4}"#,
      cost: "9"),
    Case(
      says: "takes the model's most output beside reasoning that is told",
      estimate: #"{"input_tokens":1,"reasoning_tokens":1}"#,
      usage: #"{"input_tokens":1,"output_tokens":10,"reasoning_tokens":1}"#, cost: "23"),
    Case(
      says: "is unknown where nobody bounds the output", estimate: #"{"input_tokens":1}"#, model: unbounded,
      usage: #"{"input_tokens":1}"#, cost: nil),
    Case(
      says: "is unknown where nobody bounds the input", estimate: #"{"output_tokens":1}"#, model: unbounded,
      usage: #"{"output_tokens":1}"#, cost: nil),
    Case(
      says: "is unknown where a class that is used has no price", estimate: #"{"input_tokens":1,"images":1}"#,
      usage: #"{"images":1,"input_tokens":1,"output_tokens":10}"#, cost: nil),
    Case(
      says: "is unknown where only free classes are bounded", model: unbounded,
      prices: [("audio_ms", "1"), ("characters", "0")], usage: #"{"characters":0}"#, cost: nil),
    Case(
      says: "is zero where everything is free", model: unbounded, prices: [("characters", "0")],
      usage: #"{"characters":0}"#, cost: "0"),
    Case(
      says: "is zero for a free quantity", estimate: #"{"characters":100}"#, model: unbounded,
      prices: [("characters", "0")], usage: #"{"characters":100}"#, cost: "0"),
    Case(
      says: "needs no output of a model that sells none", estimate: #"{"audio_ms":100}"#, model: unbounded,
      route: ["max_output_tokens": .integer(4)], prices: [("audio_ms", "1")], usage: #"{"audio_ms":100}"#,
      cost: "100"),
    Case(
      says: "counts the request itself where that has a price", estimate: #"{"input_tokens":1,"output_tokens":1}"#,
      prices: [("input_tokens", "1"), ("output_tokens", "2"), ("requests", "7")],
      usage: #"{"input_tokens":1,"output_tokens":1,"requests":1}"#, cost: "10"),
    Case(
      says: "is unknown without a price", prices: [], usage: #"{"input_tokens":10,"output_tokens":10}"#, cost: nil),
  ]

  @Test("is worked out from caller, model and route", arguments: cases)
  func worked(example: Case) throws {
    var ledger = try RoutingLedger(models: [])
    var model = JSON.model("m", example.model.filter { $0.value != .null })
    for (member, value) in example.model where value == .null { model[member] = nil }
    _ = try ledger.change(.configureModel, "model/m", model)
    try ledger.route("op", ["m"], example.route)
    for (usageClass, amount) in example.prices {
      try ledger.ledger.run(.listPrices([listedPrice("m", usageClass, amount, per: 1)]), by: .system)
    }
    let estimate = try example.estimate.map { try JSON(parsing: Array($0.utf8)) }
    let decision = try ledger.decide(estimate.map { ["estimate": $0] } ?? [:])
    #expect(decision.outcome == "allowed")
    let shown = try #require(decision.estimate)
    #expect(String(decoding: try #require(shown["usage"]).canonical, as: UTF8.self) == example.usage)
    #expect(shown["cost"]?["amount"]?.string == example.cost)
  }
}
