import DaybookClient
import Domain
import Postgres

extension Bench {
  /// A corrected price applied to every past call: proposed, granted by a second owner, and written by the service.
  func measureRerate(_ events: Int64) async throws {
    say("Re-rating \(events) calls")
    let client = try deployment.client()
    let second = try await secondOwner(client)
    // Both models with a price get another one; both without one get theirs.
    guard let dollar = Currency("USD"), let one = Amount("1"), let little = Amount("0.005") else {
      throw MeasureError("no prices")
    }
    let prices = ["deepseek", "gemini_flash", "deepgram", "unpriced_model"].flatMap { model in
      ["input_tokens", "output_tokens"].map { usageClass in
        ListedPrice(
          model: model, usageClass: usageClass,
          price: Money(model == "gemini_flash" ? one : little, dollar),
          per: 1_000_000, validFrom: Timestamp(microseconds: 0))
      }
    }
    _ = try await client.listPrices(prices)
    let proposing = ContinuousClock.now
    let asked = try await client.rerate(reason: "measured")
    let proposed = (ContinuousClock.now - proposing).inSeconds
    guard let approval = asked.requestedApproval, let calls = asked.json["proposal"]?["calls"]?.integer else {
      throw MeasureError("no re-rating was asked for")
    }
    try startOver()
    let started = ContinuousClock.now
    try await second.grantApproval(approval, reason: "measured")
    while try await !client.rerates().rows.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
    let written = (ContinuousClock.now - started).inSeconds
    try await untilPosted(try await client.rerates().position)
    let posted = (ContinuousClock.now - started).inSeconds
    add("re-rating \(calls) calls, proposed in \(Int(proposed.rounded())) s", calls, written)
    add("the same until every book shows it", calls, posted)
  }

  /// Seconds from the approval on; the books are posted meanwhile, on the same cores.
  private func add(_ measure: String, _ calls: Int64, _ seconds: Double) {
    report.add(
      Report.Row(
        measure: measure, ours: "\(Int(Double(calls) / seconds)) calls/s", against: "60 s for a million",
        value: seconds / Double(calls) * 1_000_000, unit: " s", reach: 60, aim: 40, sense: .ceiling, rounds: [seconds]
      ))
  }

  /// Leaves files of Postgres's log to be used again, as a cluster has that has lived for a while: a new one's are all filled
  /// with zeros first, once in its life, while commits wait.
  private func startOver() throws {
    let connection = try deployment.connect()
    defer { connection.close() }
    try connection.script("CHECKPOINT")
  }

  private func secondOwner(_ client: Daybook) async throws -> Daybook {
    try await client.addOwner("bench-second", name: "Second")
    let issued = try await client.issueKey(
      KeyRequest(owner: "bench-second", kind: .human, roles: [.approver], ledgers: ["*"]))
    guard let key = issued.json["secret"]?.string else { throw MeasureError("no second owner's key") }
    return try deployment.client(key: key)
  }
}
