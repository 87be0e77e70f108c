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
    let text = try Program(
      "pgbench",
      [
        "-n", "-M", "prepared", "-f", "\(deployment.settings.scripts)/insert.sql", "-c", "\(clients)", "-j",
        clients > 1 ? "2" : "1", "-T", "\(seconds)",
      ] + deployment.postgresArguments + [deployment.databaseName],
      output: "\(deployment.settings.folder)/pgbench.txt"
    ).finish()
    guard let rate = Self.figure("tps = ", text), let latency = Self.figure("latency average = ", text) else {
      throw MeasureError("pgbench answered: \(text)")
    }
    return Answer(rate: rate, latency: latency * 1000)
  }

  private static func figure(_ name: String, _ text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasPrefix(name) }
      .flatMap { Double($0.dropFirst(name.count).prefix { $0.isNumber || $0 == "." }) }
  }
}
