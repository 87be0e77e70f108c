import DaybookClient
import Domain

/// Single appends by wrk.
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
  func append(connections: Int, seconds: Int, run: String) throws -> Answer {
    let (url, key) = try deployment.address()
    let text = try Program(
      "wrk",
      [
        "-t", connections > 1 ? "2" : "1", "-c", "\(connections)", "-d", "\(seconds)s", "--timeout", "10s",
        "-s", "\(deployment.settings.scripts)/append.lua", "\(url)/v1/ledgers/main/events", "--", run,
      ], output: "\(deployment.settings.folder)/wrk.txt", environment: ["DAYBOOK_KEY": key]
    ).finish()
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("{") }),
      let json = try? JSON(parsing: Array(line.utf8)), let requests = json["requests"]?.integer,
      let microseconds = json["duration"]?.integer, let p50 = json["p50"]?.integer, let p99 = json["p99"]?.integer,
      let refused = json["refused"]?.integer
    else { throw MeasureError("wrk answered: \(text)") }
    guard refused == 0 else { throw MeasureError("\(refused) of \(requests) single appends were refused") }
    return Answer(
      rate: Double(requests) / (Double(microseconds) / 1e6), p50: Double(p50), p99: Double(p99),
      acknowledged: requests)
  }
}
