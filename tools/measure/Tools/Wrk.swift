import DaybookClient
import Domain

/// Single requests by wrk.
struct Wrk {
  let deployment: Deployment

  struct Answer {
    /// Acknowledged, a second.
    var rate: Double
    /// Microseconds.
    var p50: Double
    var p99: Double
    var acknowledged: Int64
  }

  /// Appends one event a request for some seconds.
  ///
  /// - Parameter run: Names the run, so that its ids are its own and in order.
  func append(connections: Int, seconds: Int, run: String, ledger: String = "main") throws -> Answer {
    try ask("append.lua", "v1/ledgers/\(ledger)/events", connections: connections, seconds: seconds, [run])
  }

  /// Asks for one decision a request for some seconds.
  ///
  /// - Parameters:
  ///   - run: Names the run, so that its ids are its own.
  ///   - pace: Requests a second; nil: as many as are answered.
  func decide(connections: Int, seconds: Int, run: String, ledger: String, pace: Int? = nil) throws -> Answer {
    try ask(
      "decide.lua", "v1/ledgers/\(ledger)/decisions", connections: connections, seconds: seconds,
      [run] + (pace.map { [String($0)] } ?? []))
  }

  /// Reads a path again and again for some seconds, over one connection.
  ///
  /// - Parameter last: Asks for a position up to this one each time.
  func get(_ path: String, seconds: Int, positionUpTo last: Int64? = nil) throws -> Answer {
    try ask("get.lua", path, connections: 1, seconds: seconds, last.map { [String($0)] } ?? [])
  }

  private func ask(
    _ script: String, _ path: String, connections: Int, seconds: Int, _ arguments: [String]
  ) throws -> Answer {
    let (url, key) = try deployment.address()
    let text = try Program(
      "wrk",
      [
        "-t", connections > 1 ? "2" : "1", "-c", "\(connections)", "-d", "\(seconds)s", "--timeout", "10s",
        "-s", "\(deployment.settings.scripts)/\(script)", "\(url)/\(path)", "--",
      ] + arguments, output: "\(deployment.settings.folder)/wrk.txt", environment: ["DAYBOOK_KEY": key]
    ).finish()
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("{") }),
      let json = try? JSON(parsing: Array(line.utf8)), let requests = json["requests"]?.integer,
      let microseconds = json["duration"]?.integer, let p50 = json["p50"]?.integer, let p99 = json["p99"]?.integer,
      let refused = json["refused"]?.integer
    else { throw MeasureError("wrk answered: \(text)") }
    guard refused == 0 else { throw MeasureError("\(refused) of \(requests) requests to \(path) were refused") }
    return Answer(
      rate: Double(requests) / (Double(microseconds) / 1e6), p50: Double(p50), p99: Double(p99),
      acknowledged: requests)
  }
}
