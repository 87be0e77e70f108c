import DaybookClient
import Domain
import Foundation
import Postgres
import Service
import Synchronization
import Testing

/// Daybook on a database of its own: the ledgers, a key, and processes that a test starts and hurts.
final class Deployment: Sendable {
  let settings: ConnectionSettings
  let key: String
  let folder: String
  private let started = Mutex(0)
  private let processes = Mutex<[Spawned]>([])

  /// Makes the ledgers, the key and the prices that the oracle knows.
  init(_ settings: ConnectionSettings) async throws {
    self.settings = settings
    folder = try Program.makeFolder()
    let kept = Mutex("")
    var bootstrap = Bootstrap()
    bootstrap.prices = SpendOracle.prices
    try await bootstrap.run(settings) { text in kept.withLock { $0 = text } }
    key = kept.withLock { $0 }
  }

  /// Kills what still runs; at the end of a test.
  func end() {
    let ended = processes.withLock { processes in
      defer { processes = [] }
      return processes
    }
    for process in ended { process.end() }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A new API process that answers. Its port can be given, so that it comes back where another one was.
  func serve(port: Int = 0, database: String? = nil, within bound: Duration = .seconds(120)) async throws
    -> ServeProcess
  {
    // Between the end of one process and the start of the next somebody's connection may have been given its port.
    for _ in 0..<20 where port != 0 {
      do { return try await serveOnce(port: port, database: database, within: bound) } catch let failure
        as Spawned.Failure
        where failure.description.contains("Address already in use")
      {
        try await Task.sleep(for: .milliseconds(500))
      }
    }
    return try await serveOnce(port: port, database: database, within: bound)
  }

  private func serveOnce(port: Int, database: String?, within bound: Duration) async throws -> ServeProcess {
    let name = name("serve")
    let readyFile = "\(folder)/\(name).json"
    let process = try Program.start(
      name, ["serve", "--port", "\(port)", "--ready-file", readyFile], folder: folder,
      environment: ["DAYBOOK_DATABASE_URL": database ?? settings.url])
    processes.withLock { $0.append(process) }
    var found: Int64?
    let isReady = await FaultPlan.eventually(within: bound) {
      guard process.isRunning else { return true }
      found =
        FileManager.default.contents(atPath: readyFile).flatMap { try? JSON(parsing: Array($0)) }?["port"]?.integer
      return found != nil
    }
    guard isReady, let found else {
      throw Spawned.Failure(description: "\(name) is not ready:\n\(process.output.suffix(2000))")
    }
    return ServeProcess(process: process, port: Int(found), daybook: try client(port: Int(found)))
  }

  /// A new projector process.
  func project() throws -> Spawned {
    let process = try Program.start(
      name("project"), ["project"], folder: folder, environment: ["DAYBOOK_DATABASE_URL": settings.url])
    processes.withLock { $0.append(process) }
    return process
  }

  /// A client that asks once and tells what happened: the tests repeat by themselves.
  func client(port: Int, key other: String? = nil, timeout: Duration = .seconds(60)) throws -> Daybook {
    try Daybook(
      url: "http://127.0.0.1:\(port)", key: other ?? key,
      configuration: DaybookConfiguration(source: "/faults", timeout: timeout, retry: .never))
  }

  /// `daybook verify` must find nothing.
  func verify(_ place: SourceLocation = #_sourceLocation) async throws {
    let (status, output) = try await Program.run(
      ["verify"], folder: folder, environment: ["DAYBOOK_DATABASE_URL": settings.url])
    #expect(status == 0, "\(output)", sourceLocation: place)
  }

  private func name(_ kind: String) -> String {
    started.withLock { started in
      started += 1
      return "\(kind)-\(started)"
    }
  }
}

/// An API process that answered once.
struct ServeProcess: Sendable {
  let process: Spawned
  let port: Int
  let daybook: Daybook
}
