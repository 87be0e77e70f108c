import Domain
import Foundation
import Postgres
import Testing

/// The service's own words: never a secret, never what somebody sent.
@Suite struct SecrecyTests {
  private static let marker = "marker-7f3a9c51"

  @Test func neitherSecretsNorPayloadsAreInWhatTheServiceSays() async throws {
    try await withInterface { interface in
      let folder = try Folder()
      // It ends with its standard input, so that it does not outlive a test that is killed.
      let script = "exec 3<&0; exec \"$0\" serve --port 0 --ready-file \"$1\" --parent-fd 3"
      let lifeline = Pipe()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script, Program.daybook, folder.path + "/ready"]
      process.environment = [
        "DAYBOOK_DATABASE_URL": interface.settings.url, "HOME": folder.path, "PATH": "/usr/bin:/bin",
      ]
      try folder.write("", to: "output")
      let output = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/output"))
      process.standardOutput = output
      process.standardError = output
      process.standardInput = lifeline
      try process.run()
      defer { process.terminate() }
      var port: Int?
      _ = await eventually {
        let file = FileManager.default.contents(atPath: folder.path + "/ready")
        port = file.flatMap { try? JSON(parsing: Array($0))["port"]?.integer }.map(Int.init)
        return port != nil
      }
      let spawned = Interface(settings: interface.settings, port: try #require(port), admin: interface.admin)
      let secrets = try await Self.provoke(spawned)
      process.terminate()
      await Program.end(of: process)
      let said = try String(contentsOfFile: folder.path + "/output", encoding: .utf8)
      #expect(process.terminationStatus == 0, "\(said)")
      for secret in secrets + [Self.marker, interface.admin, String(interface.admin.suffix(20))] {
        #expect(!said.contains(secret), "\(said)")
      }
    }
  }

  /// Sends the marker wherever something can be sent, well and badly; answers the secrets that were used.
  private static func provoke(_ interface: Interface) async throws -> [String] {
    let forged = "dbk_aaaaaaaaaaaa_" + String(repeating: "Z", count: 43)
    let content = JSON.object(["text": .text(marker), "personal": .object(["name": .text(marker)])])
    let good = Sample.event("\(marker)-1", subject: "s/\(marker)", data: content)
    #expect(try await interface.append([good]).status == 200)
    #expect(try await interface.append([good], key: forged).status == 401)
    var other = good
    other["data"] = .object(["text": .text("\(marker) too")])
    #expect(try await interface.append([other]).status == 409)
    let bad = Sample.completion("\(marker)-2", data: ["status": .text(marker), "user": .text(marker)])
    let refused = try await interface.append([bad])
    #expect(refused.status == 422)
    // Nor does a problem repeat what was sent.
    #expect(!refused.text.contains(marker))
    for path in [
      "books/\(marker)", "events?\(marker)=1", "events/\(marker)", "approvals/\(marker)",
      "books/daily_spend?from=\(marker)",
    ] {
      let answer = try await interface.send("GET", "/v1/ledgers/main/\(path)")
      #expect(answer.status >= 400)
    }
    let reason = JSON.object(["scope": .text("user/\(marker)"), "reason": .text(marker)])
    #expect(try await interface.send("POST", "/v1/ledgers/main/kill-switches/activate", reason).status == 200)
    let issued = try await interface.issueKey(kind: "agent", roles: ["agent"])
    #expect(try await interface.send("GET", "/v1/keys?\(marker)", key: issued.text).status == 403)
    return [forged, issued.text, String(issued.text.suffix(20))]
  }
}
