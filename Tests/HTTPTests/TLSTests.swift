import Foundation
import HTTP
import Testing

@Suite struct TLSTests {
  /// A self-signed certificate for 127.0.0.1 and its key, made by openssl.
  private static func makePair() throws -> (certificate: String, key: String, folder: URL) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("http-tls-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
    ]
    _ = try run("openssl", arguments, in: folder)
    return (
      try String(contentsOf: folder.appendingPathComponent("cert.pem"), encoding: .utf8),
      try String(contentsOf: folder.appendingPathComponent("key.pem"), encoding: .utf8), folder
    )
  }

  private static func run(_ program: String, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test func servesOverTLSToWhoTrustsTheCertificate() async throws {
    let pair = try Self.makePair()
    defer { try? FileManager.default.removeItem(at: pair.folder) }
    try await withServerAndSockets({
      $0.tlsCertificate = pair.certificate
      $0.tlsKey = pair.key
    }) { _, port in
      let arguments = ["-s", "--cacert", "cert.pem", "https://127.0.0.1:\(port)/a%2Fb?x=1", "-d", "body"]
      let text = try Self.run("curl", arguments, in: pair.folder)
      #expect(text == "POST [a/b] {x=1} 4")
      let old = ["-s", "--tls-max", "1.1", "-k", "-w", "%{http_code}", "https://127.0.0.1:\(port)/"]
      #expect(try Self.run("curl", old, in: pair.folder) == "000")
    }
  }

  @Test func unusablePairsAreNamed() throws {
    let pair = try Self.makePair()
    let other = try Self.makePair()
    defer {
      try? FileManager.default.removeItem(at: pair.folder)
      try? FileManager.default.removeItem(at: other.folder)
    }
    let cases: [(String?, String?)] = [
      (pair.certificate, nil), (nil, pair.key), ("nonsense", pair.key), (pair.certificate, "nonsense"),
      (pair.certificate, other.key), (pair.key, pair.certificate),
      (pair.certificate.replacingOccurrences(of: "M", with: "?"), pair.key),
    ]
    for (certificate, key) in cases {
      var configuration = HTTPServer.Configuration()
      configuration.port = 0
      configuration.tlsCertificate = certificate
      configuration.tlsKey = key
      let server = HTTPServer(configuration, rejection: rejection, handler: describe)
      let error = #expect(throws: HTTPError.self) { try server.start() }
      #expect(error?.code == .tls)
      #expect(error?.detail.contains("PRIVATE KEY-----\n") == false)
    }
  }
}
