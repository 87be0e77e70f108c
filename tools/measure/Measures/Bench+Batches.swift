import Foundation
import Postgres

extension Bench {
  /// Durable events a second through the client module, against COPY of the same rows.
  func measureBatches(against copying: CopyBaseline) async throws {
    say("Batches against COPY")
    var ours: [Double] = []
    var theirs: [Double] = []
    var use = AppendUse()
    for _ in 0..<settings.rounds {
      let before = try AppendUse.now(deployment)
      let (seconds, first, last) = try await appender.append(settings.roundEvents)
      use.add(try AppendUse.now(deployment), since: before)
      let events = Double(last - first + 1)
      let copied = try copying.copy(first, last)
      use.copy += copied.serverSeconds
      use.events += events
      ours.append(events / seconds)
      theirs.append(events / copied.seconds)
    }
    let ratios = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "batches of 500, 4 in flight", ours: "\(Int(ours.median)) events/s",
        against: "COPY \(Int(theirs.median)) rows/s", value: ratios.median, unit: "", reach: 0.4, aim: 0.8,
        sense: .floor, rounds: ratios))
    report.note(use.text)
  }
}

/// Processor time of the parts of an append, which says what limits it whatever else the machine does.
struct AppendUse {
  var client = 0.0
  var api = 0.0
  var server = 0.0
  var copy = 0.0
  /// The notary, and Postgres for it.
  var notary = 0.0
  var notaryServer = 0.0
  var events = 0.0

  static func now(_ deployment: Deployment, ledger: String = "main") throws -> AppendUse {
    var use = AppendUse()
    use.client = ProcessUse.seconds(of: getpid())
    use.api = deployment.api.pid.map(ProcessUse.seconds) ?? 0
    let connection = try deployment.connect()
    defer { connection.close() }
    func backends(_ name: String) throws -> Double {
      let rows = try connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = $1", [.text(name)])
      return (0..<rows.count).reduce(0) { $0 + ProcessUse.seconds(of: Int32(rows.int64($1, 0))) }
    }
    use.server = try backends("daybook writer \(ledger)")
    if let pid = deployment.notary.pid {
      (use.notary, use.notaryServer) = (ProcessUse.seconds(of: pid), try backends("daybook notary"))
    }
    return use
  }

  mutating func add(_ now: AppendUse, since before: AppendUse) {
    client += now.client - before.client
    api += now.api - before.api
    server += now.server - before.server
    notary += now.notary - before.notary
    notaryServer += now.notaryServer - before.notaryServer
  }

  private func each(_ seconds: Double) -> String { Report.text(seconds * 1e6 / max(events, 1)) }

  var singlesText: String {
    "Processor time per single append with 64 connections, µs: api \(each(api)), Postgres \(each(server))."
  }

  /// Two numbers to put beside those of another load.
  var pairText: String { "\(each(api)) + \(each(server))" }

  var decisionsText: String {
    "Processor time per decision with 64 connections, µs: api \(each(api)), Postgres \(each(server))."
  }

  /// Of an event of a batch, signed or not, and what share of it signing is.
  var signedText: String {
    """
    client \(each(client)), api \(each(api)), Postgres \(each(server)), notary \(each(notary)), Postgres for it \
    \(each(notaryServer)): \(Report.text((notary + notaryServer) / max(client + api + server, 1e-9) * 100)) %
    """
  }

  var text: String {
    """
    Processor time per event of a batch, µs: client \(each(client)), api \(each(api)), Postgres \(each(server)); \
    Postgres for COPY \(each(copy)).
    """
  }
}
