import Foundation
import Postgres

/// Bare INSERTs by pgbench, one a transaction, into a table like that of the events.
struct Pgbench {
  let deployment: Deployment

  struct Answer {
    /// Transactions a second.
    var rate: Double
    /// Average, in microseconds.
    var latency: Double
  }

  init(_ deployment: Deployment) throws {
    self.deployment = deployment
    let connection = try deployment.connect()
    defer { connection.close() }
    try connection.script(
      """
      CREATE TABLE bench.inserted (LIKE daybook.events INCLUDING ALL);
      CREATE SEQUENCE bench.position
      """)
  }

  func insert(clients: Int, seconds: Int) throws -> Answer {
    let text = try run(clients: clients, seconds: seconds)
    guard let rate = Self.figure("tps = ", text), let latency = Self.figure("latency average = ", text) else {
      throw MeasureError("pgbench answered: \(text)")
    }
    return Answer(rate: rate, latency: latency * 1000)
  }

  /// The same at a pace; answers the 99th percentile of the time from sending to the answer, in microseconds.
  ///
  /// - Parameter pace: Transactions a second, as far as there are clients that wait.
  func insertTail(clients: Int, seconds: Int, pace: Int) throws -> Double {
    let prefix = "\(deployment.settings.folder)/pgbench-log"
    _ = try run(clients: clients, seconds: seconds, ["-R", "\(pace)", "-l", "--log-prefix", prefix])
    var times: [Double] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: deployment.settings.folder)
    where name.hasPrefix("pgbench-log") {
      let path = "\(deployment.settings.folder)/\(name)"
      for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        // Client, number, time from when it was due, script, second, microsecond, how late it was sent.
        let fields = line.split(separator: " ")
        guard fields.count == 7, let time = Double(fields[2]), let late = Double(fields[6]) else { continue }
        times.append(time - late)
      }
      try FileManager.default.removeItem(atPath: path)
    }
    guard !times.isEmpty else { throw MeasureError("pgbench logged nothing") }
    return times.percentile(0.99)
  }

  private func run(clients: Int, seconds: Int, _ arguments: [String] = []) throws -> String {
    try Program(
      "pgbench",
      [
        "-n", "-M", "prepared", "-f", "\(deployment.settings.scripts)/insert.sql", "-c", "\(clients)", "-j",
        clients > 1 ? "2" : "1", "-T", "\(seconds)",
      ] + arguments + deployment.postgresArguments + [deployment.databaseName],
      output: "\(deployment.settings.folder)/pgbench.txt"
    ).finish()
  }

  private static func figure(_ name: String, _ text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasPrefix(name) }
      .flatMap { Double($0.dropFirst(name.count).prefix { $0.isNumber || $0 == "." }) }
  }
}
