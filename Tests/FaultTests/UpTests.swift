import DaybookClient
import Domain
import Foundation
@preconcurrency import Glibc
import Postgres
import TestKit
import Testing

extension Faults {
  /// `daybook up` with a Postgres of its own, whose parts are killed one by one.
  @Suite struct UpTests {
    @Test("up starts again what dies and says so, refuses a second copy, and finds everything as it was")
    func up() async throws {
      var random = FaultPlan.random()
      let folder = try Program.makeFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let data = "\(folder)/data"
      let cluster = PrivateCluster(folder: "\(data)/postgres")
      defer { cluster.kill() }
      var running = try await Self.start(folder, data)
      try await Self.expectSecondCopyRefused(folder, data, running.process)

      let daybook = running.daybook
      _ = try await FaultPlan.patiently {
        try await daybook.send("POST", "prices", json: .object(["prices": .array(SpendOracle.prices)]))
      }

      let load = Load([running.daybook])
      load.start(3, "u", &random)
      for part in ["api", "projector", "postgres"] {
        try await Task.sleep(for: random.pause(300...800))
        switch part {
        case "postgres":
          // The API at the same moment, so that it must start again while there is no database.
          try await FaultPlan.blocking { cluster.kill() }
          try Self.kill("serve", of: running.process)
        default: try Self.kill(part == "api" ? "serve" : "project", of: running.process)
        }
        let isSaid = await FaultPlan.eventually(within: .seconds(60)) {
          running.process.output.contains("\(part) died")
        }
        #expect(isSaid, "\(part): \(running.process.output)")
        let head = load.journal.count
        let goesOn = await FaultPlan.eventually(within: .seconds(60)) { load.journal.count > head + 50 }
        #expect(goesOn, "\(part): \(running.process.output) \(load.failures)")
      }
      await load.finish()
      let before = try await LogAudit(running.daybook)
      before.checkRules()
      before.check(load.journal)
      running.process.send(SIGTERM)
      #expect(try await running.process.exit(within: .seconds(120)) == 0, "\(running.process.output)")
      #expect(!cluster.isRunning)

      // Again, and this time `up` itself is killed: its parts follow, and a further start takes the Postgres over.
      for isKilled in [true, false] {
        running = try await Self.start(folder, data)
        let after = try await LogAudit(running.daybook)
        #expect(after.records.map(\.json.canonical) == before.records.map(\.json.canonical))
        try await after.checkSpend(running.daybook)
        let children = Self.children(of: running.process.pid)
        running.process.send(isKilled ? SIGKILL : SIGTERM)
        #expect(try await running.process.exit(within: .seconds(120)) == (isKilled ? 128 + SIGKILL : 0))
        let areGone = await FaultPlan.eventually(within: .seconds(60)) {
          children.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0.pid)/exe") }
        }
        #expect(areGone)
      }
      let (status, output) = try await Self.verify(folder, data, cluster)
      #expect(status == 0, "\(output)")
    }

    @Test("two copies that start at once on one empty database both come up, and serve one ledger")
    func together() async throws {
      let folder = try Program.makeFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try await TestCluster.shared.withEmptyDatabase { settings in
        async let first = Self.start(folder, "\(folder)/one", database: settings.url)
        async let second = Self.start(folder, "\(folder)/two", database: settings.url)
        let copies = [try await first, try await second]
        let load = Load(copies.map(\.daybook))
        var random = FaultPlan.random()
        load.start(4, "t", &random)
        try await Task.sleep(for: .seconds(1))
        await load.finish()
        let audit = try await LogAudit(copies[0].daybook)
        audit.checkRules()
        audit.check(load.journal)
        for type in ["ledger.opened", "owner.added"] {
          let system = try await LogAudit(copies[1].daybook.ledger("system"))
          #expect(system.records.count { $0.type == type } == 1, "\(type)")
        }
        for copy in copies { copy.process.send(SIGTERM) }
        for copy in copies {
          #expect(try await copy.process.exit(within: .seconds(120)) == 0, "\(copy.process.output)")
        }
      }
    }

    private static func start(
      _ folder: String, _ data: String, database: String? = nil
    ) async throws -> ServeProcess {
      let readyFile = "\(folder)/ready-\(UInt32.random(in: 0...UInt32.max)).json"
      let process = try Program.start(
        "up-\(UInt32.random(in: 0...UInt32.max))", ["up", "--data", data, "--port", "0", "--ready-file", readyFile],
        folder: folder, environment: database.map { ["DAYBOOK_DATABASE_URL": $0] } ?? [:])
      var record: JSON?
      _ = await FaultPlan.eventually(within: .seconds(180)) {
        record = FileManager.default.contents(atPath: readyFile).flatMap { try? JSON(parsing: Array($0)) }
        return record != nil || !process.isRunning
      }
      let url = try #require(record?["url"]?.string, "\(process.output)")
      // Of two copies on one database the slower one finds a key that was made already; the other has the file.
      let keyFiles =
        record?["admin_key_file"]?.string.map { [$0] } ?? ["one", "two"].map { "\(folder)/\($0)/admin.key" }
      let keyFile = try #require(keyFiles.first { FileManager.default.fileExists(atPath: $0) })
      let key = try String(contentsOfFile: keyFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      let daybook = try Daybook(
        url: url, key: key, configuration: DaybookConfiguration(source: "/faults", retry: .never))
      return ServeProcess(process: process, port: 0, daybook: daybook)
    }

    private static func expectSecondCopyRefused(_ folder: String, _ data: String, _ first: Spawned) async throws {
      let (status, output) = try await Program.run(["up", "--data", data, "--port", "0"], folder: folder)
      #expect(status != 0)
      #expect(output.contains("another copy of Daybook (process \(first.pid)) runs on \(data)"), "\(output)")
      #expect(first.isRunning)
    }

    private static func verify(
      _ folder: String, _ data: String, _ cluster: PrivateCluster
    ) async throws -> (status: Int32, output: String) {
      try await FaultPlan.blocking { try cluster.start() }
      return try await Program.run(
        ["verify"], folder: folder, environment: ["DAYBOOK_DATABASE_URL": cluster.settings(database: "daybook").url])
    }

    private static func kill(_ command: String, of parent: Spawned) throws {
      let child = try #require(children(of: parent.pid).first { $0.words.dropFirst().first == command })
      Glibc.kill(child.pid, SIGKILL)
    }

    /// The processes that a process has started, with their words.
    private static func children(of parent: Int32) -> [(pid: Int32, words: [String])] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.compactMap { Int32($0) }.compactMap { pid in
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
          status.contains("\nPPid:\t\(parent)\n"),
          let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
        else { return nil }
        return (pid, line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
      }
    }
  }
}
