import DaybookClient

extension Bench {
  /// p99 of questions to the books at a million events, and at five million.
  func measureQueries(_ events: Int64) async throws {
    say("Questions to the books")
    let small = try await askBooks()
    let grown = try await grow(to: settings.fiveMillion)
    let large = try await askBooks()
    report.add(
      Report.Row(
        measure: "books p99, \(events) to \(grown) events",
        ours: "\(Report.text(large.percentile(0.99))) ms, p50 \(Report.text(large.median)) ms",
        against: "\(Report.text(small.percentile(0.99))) ms, p50 \(Report.text(small.median)) ms",
        value: large.percentile(0.99) / small.percentile(0.99), unit: " ×", reach: 1.5, aim: 1, sense: .ceiling,
        rounds: []))
  }

  /// Milliseconds of each answer, one after the other.
  private func askBooks() async throws -> [Double] {
    let questions: [(String, String?, [(name: String, value: String)])] = [
      ("daily_spend", nil, [(name: "group_by", value: "operation,model")]),
      ("daily_spend", "by_user", [(name: "group_by", value: "day")]),
      ("daily_spend", "by_team", []),
      ("model_pnl", nil, []),
    ]
    var times: [Double] = []
    for number in 0..<(settings.questions + 40) {
      let (book, query, parameters) = questions[number % questions.count]
      let started = ContinuousClock.now
      _ = try await appender.client.books(book, query: query, parameters: parameters)
      // The first few make plans and connections.
      if number >= 40 { times.append((ContinuousClock.now - started).inSeconds * 1000) }
    }
    return times
  }
}
