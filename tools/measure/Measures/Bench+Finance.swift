import DaybookClient
import Domain
import Postgres
import Projections

extension Bench {
  /// The books of finance, all rebuilt one after the other, against one plain GROUP BY; then a month's P&L.
  func measureFinance(_ events: Int64) async throws {
    say("The books of finance against GROUP BY")
    try await addMoney()
    let connection = try deployment.connect()
    defer { connection.close() }
    try connection.execute("VACUUM ANALYZE daybook.events", isPrepared: false)
    try connection.script("SET max_parallel_workers_per_gather = 0; SET jit = off")
    var ours: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<settings.rounds {
      let started = ContinuousClock.now
      for book in Self.financeBooks {
        _ = try await Rebuild.run(deployment.connectionSettings, projection: book)
      }
      ours.append(Double(events) / (ContinuousClock.now - started).inSeconds)
      theirs.append(try groupBySpeed(events, on: connection))
    }
    let ratios = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "rebuild of \(Self.financeBooks.count) finance books together, \(events) events",
        ours: "\(Int(ours.median)) events/s", against: "GROUP BY \(Int(theirs.median))/s", value: ratios.median,
        unit: "",
        reach: 0.25, aim: 0.35, sense: .floor, rounds: ratios))
    let month = CivilDate(utcDayOf: Timestamp.now()).description.prefix(8) + "01"
    try await measureProfit(events, of: appender.client, from: String(month))
  }

  /// A month's P&L, asked again and again.
  ///
  /// - Parameter month: its first day.
  func measureProfit(_ events: Int64, of client: Daybook, from month: String) async throws {
    let times = try await askProfit(client, month)
    report.add(
      Report.Row(
        measure: "monthly P&L p99, \(events) events",
        ours: "\(Report.text(times.percentile(0.99))) ms, p50 \(Report.text(times.median)) ms", against: "",
        value: times.percentile(0.99), unit: " ms", reach: 50, aim: 15, sense: .ceiling, rounds: []))
  }

  private static let financeBooks = [
    "model_pnl", "strategy_pnl", "operation_pnl", "trial_balance", "reconciliation", "exchange_rates",
  ]

  /// Costs of machines over the month, some for a strategy or model, and revenue, some of it of a model.
  private func addMoney() async throws {
    let now = Timestamp.now()
    let day: Int64 = 86_400_000_000
    func money(_ amount: Int32) -> Money { Money(Amount(whole: amount), Currency("USD")!) }
    var events: [Event] = []
    for number in 0..<200 {
      let moment = Timestamp(microseconds: now.microseconds - Int64(number % 6) * day)
      let isOfModel = number.isMultiple(of: 3)
      events.append(
        Event(
          RevenueEarned(
            revenue: money(Int32(number)), strategy: "strategy-\(number % 10)", earnedAt: moment,
            model: isOfModel ? "deepseek" : nil),
          subject: "revenue/bench-\(number)", source: "/bench/finance", time: moment))
      let category: CostIncurred.Category = isOfModel ? .vm : .apiService
      events.append(
        Event(
          CostIncurred(
            category: category, cost: money(100),
            periodStart: Timestamp(microseconds: now.microseconds - 30 * day), periodEnd: now, provider: "cloud",
            model: number.isMultiple(of: 5) ? "gemini_flash" : nil,
            strategy: isOfModel ? nil : "strategy-\(number % 10)"),
          subject: "cost/bench-\(number)", source: "/bench/finance", time: moment))
    }
    try await untilPosted(try await appender.client.append(events).head.position)
  }

  /// Milliseconds of each answer: the month by model, by strategy, by operation, and day by day.
  private func askProfit(_ client: Daybook, _ month: String) async throws -> [Double] {
    let questions: [(String, String?, [(name: String, value: String)])] = [
      ("model_pnl", nil, []), ("strategy_pnl", nil, []), ("operation_pnl", nil, []),
      ("model_pnl", "over_time", [(name: "group_by", value: "day")]),
      ("model_pnl", "in_currency", [(name: "currency", value: "EUR")]),
    ]
    var times: [Double] = []
    for number in 0..<(settings.questions + 40) {
      let (book, query, parameters) = questions[number % questions.count]
      let started = ContinuousClock.now
      let answer = try await client.books(
        book, query: query, parameters: parameters + [(name: "from", value: month)])
      guard !answer.rows.isEmpty else { throw MeasureError("\(book) knows nothing of the month") }
      if number >= 40 { times.append((ContinuousClock.now - started).inSeconds * 1000) }
    }
    return times
  }
}
