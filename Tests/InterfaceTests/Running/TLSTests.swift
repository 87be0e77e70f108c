import Domain
import Foundation
import Service
import Testing

/// Encryption end to end, and where a service may listen without it.
@Suite struct TLSTests {
  /// A certificate for 127.0.0.1 that signs itself.
  private static func makePair() async throws -> (folder: Folder, certificate: String, key: String) {
    let folder = try Folder()
    let (status, output) = try await Program.run(
      "/usr/bin/env",
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
        "2",
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(folder.path)/key.pem",
        "-out",
        "\(folder.path)/cert.pem",
      ])
    guard status == 0 else { throw Failure(description: output) }
    return (
      folder, try String(contentsOfFile: folder.path + "/cert.pem", encoding: .utf8),
      try String(contentsOfFile: folder.path + "/key.pem", encoding: .utf8)
    )
  }

  @Test func everythingIsServedOverTLS() async throws {
    let pair = try await Self.makePair()
    try await withInterface { interface in
      try await withService(
        interface.settings,
        configure: {
          $0.tlsCertificate = pair.certificate
          $0.tlsKey = pair.key
        }
      ) { port in
        func curl(_ path: String, _ more: [String] = []) async throws -> (status: Int32, output: String) {
          let words = [
            "curl", "-s", "--cacert", pair.folder.path + "/cert.pem", "-H",
            "Authorization: Bearer \(interface.admin)", "https://127.0.0.1:\(port)\(path)",
          ]
          // A busy service is asked again, as everywhere.
          for _ in 0..<60 {
            let answer = try await Program.run("/usr/bin/env", words + more)
            guard answer.output.contains("/problems/authorisation-stale") else { return answer }
            try await Task.sleep(for: .milliseconds(200))
          }
          throw Failure(description: "too busy to answer \(path)")
        }
        let event = String(decoding: Sample.event("over-tls").canonical, as: UTF8.self)
        let appended = try await curl(
          "/v1/ledgers/main/events", ["-H", "Content-Type: application/cloudevents+json", "-d", event])
        let position = try #require(
          try JSON(parsing: Array(appended.output.utf8))["events"]?.elements?.first?["position"]?.integer)
        let read = try await curl(
          "/v1/ledgers/main/events?after=\(position - 1)", ["-H", "Accept: application/x-ndjson"])
        #expect(read.output.contains("over-tls"))
        // Who does not know the certificate does not send its key.
        let stranger = try await Program.run("/usr/bin/env", ["curl", "-s", "https://127.0.0.1:\(port)/healthz"])
        #expect(stranger.status == 60)
        let plain = try? await Exchange.answer(to: Exchange.request("GET", "/healthz"), port: port)
        #expect(plain == nil || plain?.status != 200)
        // Nor does our own program.
        let (status, output) = try await Program.run(
          ["events", "--format", "ndjson"],
          environment: ["DAYBOOK_URL": "https://127.0.0.1:\(port)", "DAYBOOK_KEY": interface.admin])
        #expect(status == 3 && !output.contains("over-tls"), "\(status): \(output)")
      }
    }
  }

  @Test func withoutTLSItListensToThisMachineAlone() async throws {
    let pair = try await Self.makePair()
    let url = ["DAYBOOK_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"]
    let refused = [
      ["--host", "0.0.0.0"], ["--host", "::"], ["--host", "192.0.2.1"],
      ["--tls-cert", pair.folder.path + "/cert.pem"], ["--tls-key", pair.folder.path + "/key.pem"],
      ["--tls-cert", "/nowhere", "--tls-key", "/nowhere"],
    ]
    for options in refused {
      let (status, output) = try await Program.run(["serve", "--port", "0"] + options, environment: url)
      #expect(status == 2, "\(options): \(output)")
      #expect(!output.contains("PRIVATE KEY"))
    }
    // With TLS, or told so explicitly, it goes on, to find that this database is not there.
    let allowed = [
      ["--host", "0.0.0.0", "--insecure-bind"],
      [
        "--host", "0.0.0.0", "--tls-cert", pair.folder.path + "/cert.pem", "--tls-key", pair.folder.path + "/key.pem",
      ],
    ]
    for options in allowed {
      let (status, output) = try await Program.run(["serve", "--port", "0"] + options, environment: url)
      #expect(status != 2 && status != 0, "\(options): \(status) \(output)")
    }
  }
}
