extension Bench {
  /// Batch appends while the whole database is being dumped, against the same without.
  func measureDuringDump() async throws {
    say("Batches during pg_dump")
    var alone: [Double] = []
    var during: [Double] = []
    for _ in 0..<settings.rounds {
      let (quiet, first, last) = try await appender.append(settings.roundEvents)
      alone.append(Double(last - first + 1) / quiet)
      let dumping = Dumping(deployment)
      let (seconds, from, to) = try await appender.append(settings.roundEvents)
      let dumps = await dumping.stop()
      guard dumps.failures == 0 else { throw MeasureError("pg_dump failed") }
      during.append(Double(to - from + 1) / seconds)
    }
    let ratios = zip(during, alone).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "batches while pg_dump runs", ours: "\(Int(during.median)) events/s",
        against: "without \(Int(alone.median))/s", value: ratios.median, unit: "", reach: 0.6, aim: 0.8,
        sense: .floor,
        rounds: ratios))
  }
}

/// Dumps the database again and again until it is told to stop.
struct Dumping {
  private let task: Task<(dumps: Int, failures: Int), Never>

  init(_ deployment: Deployment) {
    task = Task.detached {
      var dumps = 0
      var failures = 0
      while !Task.isCancelled {
        do {
          let program = try Program(
            "pg_dump", deployment.postgresArguments + [deployment.databaseName], output: "/dev/null",
            isQuiet: true)
          var status = program.poll()
          while status == nil {
            if Task.isCancelled {
              program.terminate()
              return (dumps, failures)
            }
            try? await Task.sleep(for: .milliseconds(20))
            status = program.poll()
          }
          if status != 0 { failures += 1 }
          dumps += 1
        } catch { failures += 1 }
      }
      return (dumps, failures)
    }
  }

  func stop() async -> (dumps: Int, failures: Int) {
    task.cancel()
    return await task.value
  }
}
