import Crypto
import Domain
import Foundation
import Integrity
import Notary
import Postgres
import Testing

@Suite struct PublishedLogTests {
  private static let ledger = "/v1/ledgers/main"

  /// Runs a notary beside the service; it gets a folder for key and checkpoints.
  private func withNotary(_ body: @Sendable (Interface, Folder) async throws -> Void) async throws {
    try await withInterface { interface in
      let folder = try Folder()
      var options = NotaryOptions(database: interface.settings, folder: folder.path)
      options.name = "log.example"
      (options.interval, options.pace) = (.milliseconds(20), .milliseconds(20))
      options.patrolPause = .milliseconds(50)
      let runner = NotaryRunner(options)
      let signing = Task { await runner.run() }
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await body(interface, folder)) } catch { outcome = .failure(error) }
      signing.cancel()
      await signing.value
      try outcome.get()
    }
  }

  private func key(_ folder: Folder) throws -> VerifierKey {
    try #require(try NotaryKey.read(folder.path + "/notary.key")?.verifier(name: "log.example/main"))
  }

  /// The checkpoint once it covers the head.
  private func checkpoint(_ interface: Interface) async throws -> (text: String, size: Int64) {
    let head = try await interface.head()
    var text = ""
    let isThere = try await eventually {
      text = try await interface.send("GET", Self.ledger + "/checkpoint").text
      return text.split(separator: "\n").dropFirst().first.map(String.init) == String(head)
    }
    guard isThere else { throw Failure(description: "no checkpoint covers \(head): \(text)") }
    return (text, head)
  }

  @Test func `Go's sumdb verifies checkpoint, tiles, entries and proofs with a key alone`() async throws {
    try await withNotary { interface, folder in
      for batch in 0..<7 {
        let events = (0..<100).map { Sample.event("go-\(batch)-\($0)", subject: "note/\($0 % 9)") }
        #expect(try await interface.append(events).status == 200)
      }
      let (text, size) = try await checkpoint(interface)
      try folder.write(text, to: "log/checkpoint")
      func fetch(_ path: String) async throws {
        let answer = try await interface.send("GET", Self.ledger + "/" + path)
        #expect(answer.status == 200 && answer.header("Content-Type") == "application/octet-stream", "\(path)")
        let file = URL(fileURLWithPath: folder.path + "/log/" + path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(answer.body).write(to: file)
      }
      for level in 0... {
        guard Tile(level: level, index: 0, treeSize: size) != nil else { break }
        for index in 0... {
          guard let tile = Tile(level: level, index: Int64(index), treeSize: size) else { break }
          let path = TilePath.text(index: tile.index, width: tile.width)
          try await fetch("tile/\(level)/\(path)")
          if level == 0 { try await fetch("tile/entries/\(path)") }
        }
      }
      for (name, query) in [
        ("inclusion-1", "inclusion?position=1"), ("inclusion-2", "inclusion?position=257&size=\(size)"),
        ("inclusion-3", "inclusion?position=\(size)"), ("inclusion-4", "inclusion?position=300&size=511"),
        ("consistency-1", "consistency?from=1"), ("consistency-2", "consistency?from=256&to=600"),
        ("consistency-3", "consistency?from=511&to=\(size)"),
      ] {
        let answer = try await interface.send("GET", Self.ledger + "/proofs/" + query)
        #expect(answer.status == 200, "\(answer.text)")
        try folder.write(answer.text, to: "log/\(name).json")
      }
      let program = try await verifyLog(folder)
      let (status, output) = try await Program.run(program, [folder.path + "/log", key(folder).text])
      #expect(status == 0 && output == "verified \(size) entries and 7 proofs\n", "\(output)")
      // It does look: one bit of an entry, or another key, and it says no.
      let bundle = folder.path + "/log/tile/entries/001"
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: bundle)))
      bytes[1000] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: bundle))
      #expect(try await Program.run(program, [folder.path + "/log", key(folder).text]).status == 1)
      let stranger = try #require(
        VerifierKey(name: "log.example/main", kind: .ed25519, publicKey: Ed25519PrivateKey.generate().publicKey))
      #expect(try await Program.run(program, [folder.path + "/log", stranger.text]).status == 1)
    }
  }

  /// Builds the Go program; its build cache is the machine's, so that only the first run takes long.
  private func verifyLog(_ folder: Folder) async throws -> String {
    let source = Bundle.module.bundleURL.appendingPathComponent("VerifyLog/main.go").path
    let program = folder.path + "/verifylog"
    let (status, output) = try await Program.run(
      "/usr/bin/go", ["build", "-o", program, source],
      environment: [
        "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "-buildvcs=false",
        "GOCACHE": "/tmp/daybook-go-cache-\(getuid())",
      ])
    guard status == 0 else { throw Failure(description: "go build: \(output)") }
    return program
  }

  @Test func `a receipt is checked offline by the command line, and forgeries are not let through`() async throws {
    try await withNotary { interface, folder in
      let position = try await interface.append([Sample.event("receipt", subject: "note/1")]).positions[0]
      let answer = try await interface.send("GET", Self.ledger + "/events/\(position)/receipt")
      #expect(answer.status == 200 && answer.text.hasPrefix("c2sp.org/tlog-proof@v1\n"))
      try folder.write(answer.text, to: "receipt.tlog-proof")
      let arguments = ["verify-receipt", folder.path + "/receipt.tlog-proof", "--key"]
      let (status, output) = try await Program.run(arguments + [key(folder).text])
      #expect(status == 0 && output.hasPrefix("Verified: position \(position) of log.example/main"), "\(output)")
      #expect(output.contains(#""subject": "note/1""#))
      let witness = try "w+" + key(folder).text.split(separator: "+", maxSplits: 1)[1]
      #expect(try await Program.run(arguments + [witness]).status == 2)
      try folder.write(
        answer.text.replacing("index \(position - 1)\n", with: "index \(position)\n"), to: "receipt.tlog-proof")
      #expect(try await Program.run(arguments + [key(folder).text]).status == 1)
      // The key is what the notary's own folder says.
      let verifier = try key(folder).text
      let listed = try await Program.run(["keys", "log", "--data", folder.path])
      #expect(
        listed.output.split(separator: "\n").contains { $0 == verifier }, "\(listed.output)")
    }
  }

  @Test func `what no checkpoint covers, and what is no tile, is told apart`() async throws {
    try await withNotary { interface, _ in
      let (_, size) = try await checkpoint(interface)
      for (path, status, problem) in [
        ("proofs/inclusion", 400, "invalid-parameter"), ("proofs/inclusion?position=0", 400, "invalid-parameter"),
        ("proofs/inclusion?position=2&size=1", 400, "invalid-parameter"),
        ("proofs/inclusion?position=\(size + 1)", 503, "not-yet-signed"),
        ("proofs/consistency?from=2&to=1", 400, "invalid-parameter"),
        ("proofs/consistency?from=1&to=\(size + 1)", 503, "not-yet-signed"),
        ("checkpoint?cosignatures=1", 404, "not-found"), ("checkpoint?cosignatures=17", 400, "invalid-parameter"),
        ("events/\(size + 1)/receipt", 404, "not-found"), ("events/0/receipt", 404, "not-found"),
        ("tile/0/001", 404, "not-found"), ("tile/0/000.p/0", 404, "not-found"), ("tile/8/000", 404, "not-found"),
        ("tile/00/000.p/1", 404, "not-found"), ("tile/0/x000/000", 404, "not-found"),
        ("tile/0/000%2Ep%2F1", 404, "not-found"), ("tile/entries/000", 404, "not-found"),
      ] {
        let answer = try await interface.send("GET", Self.ledger + "/" + path)
        #expect(answer.status == status && answer.problem == problem, "\(path): \(answer.text)")
      }
      #expect(try await interface.send("GET", Self.ledger + "/tile/0/000.p/1").body.count == 32)
      #expect(try await interface.send("GET", Self.ledger + "/checkpoint", key: nil).status == 401)
    }
  }

  @Test func `a halted ledger says so wherever one looks, and takes nothing`() async throws {
    try await withNotary { interface, _ in
      _ = try await checkpoint(interface)
      let settings = interface.settings
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script("ALTER TABLE daybook.events DISABLE TRIGGER USER")
        try connection.script(
          """
          DELETE FROM daybook.events WHERE ledger_id = 'main'
            AND position = (SELECT max(position) FROM daybook.events WHERE ledger_id = 'main')
          """)
      }
      #expect(
        try await eventually {
          try await interface.append([Sample.event("late")]).problem == "log-halted"
        })
      let status = try await interface.send("GET", Self.ledger + "/status").json
      // Forked where the writer, which knew the last event, was quicker than the notary and wrote behind it.
      #expect(["shrunk", "forked"].contains(status["notary"]?["halt"]?["kind"]?.string))
      let ready = try await interface.send("GET", "/readyz")
      #expect(ready.status == 503 && ready.json["detail"]?.string?.contains("notary: main") == true, "\(ready.text)")
      let metrics = try await interface.send("GET", "/metrics").text
      #expect(metrics.contains("daybook_notary_halted{ledger=\"main\"} 1"))
      #expect(metrics.contains("daybook_notary_halted{ledger=\"system\"} 0"))
    }
  }
}
