import Testing

@testable import daybook

@Suite struct ListeningTests {
  private func listening(_ options: String) throws -> Listening {
    let arguments = ["serve"] + options.split(separator: " ").map(String.init)
    let request = try ArgumentParser(commands: CommandTable.all).parse(arguments, environment: [:])
    guard case .run(let invocation) = request else { throw CheckFailure("not run") }
    return try Listening(invocation)
  }

  @Test(arguments: ["", "--host 127.0.0.1", "--host 127.8.9.1", "--host ::1", "--host localhost"])
  func thisMachineNeedsNoTLS(options: String) throws {
    _ = try listening(options)
  }

  @Test(arguments: [
    "--host 0.0.0.0", "--host ::", "--host 10.0.0.1", "--host 127.0.0.1.example", "--host daybook.example",
  ])
  func othersNeedTLSOrAnExplicitWord(options: String) throws {
    let error = #expect(throws: UsageError.self) { _ = try listening(options) }
    #expect(error?.message.contains("--insecure-bind") == true)
    _ = try listening(options + " --insecure-bind")
  }

  @Test(arguments: [
    ("--host 0.0.0.0 --insecure-bind", "http://127.0.0.1:99"), ("--host ::1", "http://[::1]:99"),
    ("", "http://127.0.0.1:99"),
  ])
  func theAddressIsOneThatClientsCanUse(options: String, url: String) throws {
    #expect(try listening(options).url(port: 99) == url)
  }

  @Test func aCertificateWithoutItsKeyIsRefused() {
    #expect(throws: UsageError.self) { _ = try listening("--tls-cert /etc/hostname") }
  }

  @Test func aFreePortIsFree() {
    #expect((FreePort.find() ?? 0) > 1023)
  }
}
