extension Bench {
  /// Durable appends of one event each, against bare INSERTs: with 64 connections and with one.
  func measureSingles(against inserting: Pgbench) throws {
    let wrk = Wrk(deployment: deployment)
    say("Single appends, 64 connections, against pgbench")
    var ours: [Double] = []
    var theirs: [Double] = []
    var tails: [Double] = []
    var use = AppendUse()
    for round in 0..<settings.rounds {
      let before = try AppendUse.now(deployment)
      let answer = try wrk.append(connections: 64, seconds: settings.singleSeconds, run: "many-\(round)")
      use.add(try AppendUse.now(deployment), since: before)
      use.events += Double(answer.acknowledged)
      acknowledgedSingles += answer.acknowledged
      ours.append(answer.rate)
      tails.append(answer.p99 / 1000)
      theirs.append(try inserting.insert(clients: 64, seconds: settings.singleSeconds).rate)
    }
    let ratios = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "single appends, 64 connections",
        ours: "\(Int(ours.median))/s, p99 \(Report.text(tails.median)) ms",
        against: "pgbench \(Int(theirs.median))/s", value: ratios.median, unit: "", reach: 0.8, aim: 1.5,
        sense: .floor, rounds: ratios))
    report.note(use.singlesText)

    say("Single appends, one connection, against pgbench")
    var median: [Double] = []
    var average: [Double] = []
    for round in 0..<settings.rounds {
      let answer = try wrk.append(connections: 1, seconds: settings.singleSeconds, run: "one-\(round)")
      acknowledgedSingles += answer.acknowledged
      median.append(answer.p50)
      average.append(try inserting.insert(clients: 1, seconds: settings.singleSeconds).latency)
    }
    let times = zip(median, average).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "single append, one connection, p50", ours: "\(Int(median.median)) µs",
        against: "pgbench \(Int(average.median)) µs", value: times.median, unit: " ×", reach: 5, aim: 3,
        sense: .ceiling, rounds: times))
  }
}
