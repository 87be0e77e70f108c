import Domain
import Foundation
import Postgres
import Service
import Testing

/// Who looked: what auditors read and what anybody exports is on record in `system`.
@Suite struct AccessRecordTests {
  /// The records of a key, as the database has them.
  private static func records(_ settings: ConnectionSettings, of key: String) async throws -> [JSON] {
    try await offTheCooperativePool {
      let connection = try Connection(settings)
      defer { connection.close() }
      let rows = try connection.execute(
        """
        SELECT data FROM daybook.events
        WHERE ledger_id = 'system' AND type = 'access.recorded' AND data ->> 'key' = $1 ORDER BY position
        """, [.text(key)])
      return try (0..<rows.count).map { try JSON(parsing: rows.json($0, 0)) }
    }
  }

  /// Every line that is on record of a key, in order of its endpoint.
  private static func lines(_ records: [JSON]) -> [JSON] {
    records.flatMap { $0["reads"]?.elements ?? [] }.sorted {
      ($0["endpoint"]?.string ?? "") < ($1["endpoint"]?.string ?? "")
    }
  }

  @Test func readsOfAuditorsAndEveryExportAreRecordedWhenTheServiceEnds() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let events = (1...30).map { Sample.completion("c-\($0)", data: ["user": .text("ann")]) }
      #expect(try await interface.append(events).status == 200)
      let auditor = try await interface.issueKey(kind: "human", roles: ["auditor"])
      let service = try await interface.issueKey(kind: "service", roles: ["service"])
      let head = try await interface.head()
      // A second process, whose end is awaited.
      try await withService(interface.settings, configure: { $0.accessInterval = .seconds(3_600) }) { port in
        let other = Interface(settings: interface.settings, port: port, admin: interface.admin)
        func get(_ path: String, _ key: String, accept: String = "application/json") async throws {
          let answer = try await other.send(
            "GET", "/v1/ledgers/main/\(path)", key: key, headers: [("Accept", accept)])
          #expect(answer.status == 200, "\(path): \(answer.text)")
        }
        for _ in 1...20 { try await get("events?after=5&limit=10", auditor.text) }
        try await get("events/7", auditor.text)
        try await get("books/daily_spend?min_position=\(head)", auditor.text)
        try await get("events", auditor.text, accept: "application/x-ndjson")
        // What a service reads for its work is nobody's business; what it exports is.
        try await get("events?limit=10", service.text)
        try await get("events?after=3&form=export", service.text)
        #expect(try await Self.records(interface.settings, of: auditor.id) == [])
      }
      let records = try await Self.records(interface.settings, of: auditor.id)
      #expect(records.count == 1 && records[0]["owner"] == .text("first-owner"))
      #expect(records[0]["requests"] == .integer(23))
      let lines = Self.lines(records)
      #expect(lines.map { $0["endpoint"]?.string } == ["readBook", "readEvent", "readEvents", "readEvents"])
      #expect(lines[0]["book"] == .text("daily_spend") && lines[0]["records"] == .integer(1))
      #expect(lines[1]["first_position"] == .integer(7) && lines[1]["last_position"] == .integer(7))
      let pages = try #require(lines.first { $0["requests"] == .integer(20) })
      #expect(pages["records"] == .integer(200) && pages["address"] == .text("127.0.0.1") && pages["export"] == nil)
      #expect(pages["first_position"] == .integer(6) && pages["last_position"] == .integer(15))
      let export = try #require(lines.first { $0["export"] == .boolean(true) })
      #expect(export["records"] == .integer(head) && export["ledger"] == .text("main"))
      let exports = Self.lines(try await Self.records(interface.settings, of: service.id))
      #expect(exports.count == 1 && exports[0]["records"] == .integer(head - 3))
      #expect(exports[0]["first_position"] == .integer(4) && exports[0]["last_position"] == .integer(head))
    }
  }

  @Test func followingTheRecordsCausesNoEndlessRecords() async throws {
    try await withInterface { interface in
      let auditor = try await interface.issueKey(kind: "human", roles: ["auditor"])
      try await withService(interface.settings, configure: { $0.accessInterval = .milliseconds(50) }) { port in
        let socket = try ClientSocket(port: port)
        try socket.send(
          Exchange.request(
            "GET", "/v1/ledgers/system/events/stream?after=0",
            headers: [("Authorization", "Bearer \(auditor.text)")]))
        // The record of the look itself comes along.
        var text = ""
        while !text.contains("access.recorded") { text += String(decoding: try socket.receive(), as: UTF8.self) }
        // Twenty intervals later there is no other than those of what was there at first.
        var beats = 0
        while beats < 6 {
          beats +=
            String(decoding: try socket.receive(), as: UTF8.self).components(separatedBy: "heartbeat").count - 1
        }
        let records = try await Self.records(interface.settings, of: auditor.id)
        #expect((1...3).contains(records.count), "\(records)")
      }
    }
  }

  @Test func anExportFromTheDatabaseIsRecordedToo() async throws {
    try await withInterface { interface in
      #expect(
        try await interface.append((1...12).map { Sample.event("e-\($0)", subject: "note/\($0)") }).status == 200)
      let head = try await interface.head()
      let folder = try Folder()
      let environment = ["DAYBOOK_DATABASE_URL": interface.settings.url, "DAYBOOK_DATA": folder.path + "/data"]
      let exported = try await Program.run(["export", "--after", "2", "--output", "-"], environment: environment)
      #expect(exported.status == 0, "\(exported.output)")
      let archived = try await Program.run(["archive", "--to", folder.path + "/archive"], environment: environment)
      #expect(archived.status == 0, "\(archived.output)")
      let settings = interface.settings
      let login = try await offTheCooperativePool {
        try Connection(settings).execute("SELECT session_user::text").string(0, 0)
      }
      let lines = Self.lines(try await Self.records(settings, of: "database:\(login)"))
      #expect(lines.map { $0["endpoint"]?.string } == ["archive", "export"])
      #expect(lines[0]["records"] == .integer(head) && lines[0]["last_position"] == .integer(head))
      #expect(lines[1]["records"] == .integer(head - 2) && lines[1]["first_position"] == .integer(3))
      // Whoever may only read is not kept from it, and told.
      let reader = try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        let name = "reader_\(UInt32.random(in: 0...UInt32.max))"
        try connection.script("CREATE ROLE \(name) LOGIN; GRANT daybook_auditor TO \(name)")
        return name
      }
      var own = environment
      own["PGUSER"] = reader
      own["PGOPTIONS"] = ""
      let url = Self.url(interface.settings.url, user: reader)
      let read = try await Program.run(["export", "--output", "-", "--database-url", url], environment: own)
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script("DROP ROLE \(reader)")
      }
      #expect(read.status == 0 && read.output.contains("not on record"), "\(read.output.suffix(300))")
      #expect(try await Self.records(settings, of: "database:\(reader)") == [])
    }
  }

  /// The same database for another login.
  private static func url(_ url: String, user: String) -> String {
    guard let start = url.range(of: "user=") else { return url + (url.contains("?") ? "&" : "?") + "user=\(user)" }
    let end = url[start.upperBound...].firstIndex { $0 == "&" || $0 == " " } ?? url.endIndex
    return url[..<start.upperBound] + user + url[end...]
  }
}
