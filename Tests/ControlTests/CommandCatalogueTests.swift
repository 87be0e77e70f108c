import Control
import Domain
import Testing

@Suite("Bodies of commands")
struct CommandCatalogueTests {
  private func faults(_ operation: String, _ text: String) throws -> [String] {
    let body = try JSONDocument(Array(text.utf8)).root
    do throws(EventFaults) {
      try read(operation, body)
      return []
    } catch {
      return error.faults.map { "\($0.pointer) \($0.code)" }.sorted()
    }
  }

  private func read(_ operation: String, _ body: JSONView) throws(EventFaults) {
    let digest = String(repeating: "0", count: 64)
    switch operation {
    case "requestApproval": _ = try CommandCatalogue.requestApproval(body)
    case "activateKillSwitch": _ = try CommandCatalogue.activateKillSwitch(body)
    case "addPrices": _ = try CommandCatalogue.change(.listPrices, body)
    case "reverseEntry": _ = try CommandCatalogue.reverseEntry(body)
    case "skipEvent": _ = try CommandCatalogue.skipEvent(body, projection: "b")
    case "addOwner": _ = try CommandCatalogue.change(.addOwner, body)
    case "issueKey":
      _ = try CommandCatalogue.change(.issueKey, body, made: ["key": "abcdefghijkl", "secret_sha256": digest])
    case "openLedger": _ = try CommandCatalogue.openLedger(body)
    default: _ = try CommandCatalogue.reason(body)
    }
  }

  private static let price =
    #"{"model":"m","usage_class":"input_tokens","price":{"amount":"1","currency":"USD"},"per":1,"valid_from":"2026-01-01T00:00:00Z"}"#

  @Test(
    "that are right pass",
    arguments: [
      ("grantApproval", #"{"reason":"seen"}"#),
      ("requestApproval", #"{"kind":"action","change":{},"reason_code":"r"}"#),
      (
        "requestApproval",
        #"{"kind":"loosening","change":{"a":[1]},"reason_code":"r","risk":"high","estimated_impact":"much","#
          + #""required_by":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00Z","#
          + #""evidence":[{"kind":"note","title":"t","text":"x"}]}"#
      ),
      ("activateKillSwitch", #"{"scope":"global","reason":"r"}"#),
      ("activateKillSwitch", #"{"scope":"team/Zoë","reason":"r","triggered_by":"cli"}"#),
      // A user whose percent-encoded name is longer than a subject could once not be stopped: a token takes its place.
      ("activateKillSwitch", #"{"scope":"user/Александра Константинопольская-Вознесенская","reason":"r"}"#),
      ("addPrices", #"{"prices":["# + price + "]}"), ("reverseEntry", #"{"position":1,"reason":"r"}"#),
      ("skipEvent", #"{"position":1,"version":1,"reason":"r"}"#),
      ("addOwner", #"{"owner":"ann","name":"Ann","email":"ann@example.com"}"#),
      ("issueKey", #"{"kind":"agent","owner":"ann","roles":["agent"],"ledgers":["main"]}"#),
      ("openLedger", #"{"name":"main"}"#),
      ("openLedger", #"{"name":"main","time_zone":"UTC","reporting_currency":"EUR","prices":["# + price + "]}"),
    ])
  func right(operation: String, body: String) throws { #expect(try faults(operation, body) == []) }

  @Test(
    "that are wrong are told all that is wrong, with its place",
    arguments: [
      ("grantApproval", "[]", [" type"]), ("grantApproval", "{}", ["/reason required"]),
      ("grantApproval", #"{"reason":"","more":1}"#, ["/more unknown-field", "/reason length"]),
      (
        "requestApproval", #"{"kind":"other","change":[],"risk":"none","change_digest":"00"}"#,
        [
          "/change type", "/change_digest unknown-field", "/kind enum", "/reason_code required", "/risk enum",
        ]
      ),
      (
        "requestApproval",
        #"{"kind":"action","change":{},"reason_code":"a b","evidence":[{"kind":"k"},{"kind":"k","title":"t","more":1}]}"#,
        ["/evidence/0/title required", "/evidence/1/more unknown-field", "/reason_code pattern"]
      ),
      ("activateKillSwitch", #"{"scope":"planet/earth","reason":"r"}"#, ["/scope pattern"]),
      ("activateKillSwitch", #"{"scope":"user/","reason":"r"}"#, ["/scope pattern"]),
      // Budgets count `user/*`; a switch on it was taken, and stopped nobody but a user who is called `*`.
      ("activateKillSwitch", #"{"scope":"user/*","reason":"r"}"#, ["/scope pattern"]),
      ("activateKillSwitch", #"{"scope":"model/*","reason":"r"}"#, ["/scope pattern"]),
      (
        "activateKillSwitch", #"{"scope":1,"reason":null,"triggered_by":"me"}"#,
        ["/reason type", "/scope type", "/triggered_by enum"]
      ),
      ("addPrices", #"{"hold":"no"}"#, ["/hold type"]), ("addPrices", #"{"prices":[]}"#, ["/prices length"]),
      (
        "addPrices",
        #"{"prices":["# + price
          + #",{"model":"m","usage_class":"tokens","price":{"amount":"1.0","currency":"usd"},"per":0,"valid_from":"now"}]}"#,
        [
          "/prices/1/per range", "/prices/1/price/amount amount", "/prices/1/price/currency currency",
          "/prices/1/usage_class enum", "/prices/1/valid_from timestamp",
        ]
      ),
      ("reverseEntry", #"{"position":0,"reason":"r"}"#, ["/position range"]),
      ("reverseEntry", #"{"position":"1"}"#, ["/position type", "/reason required"]),
      ("skipEvent", #"{"projection":"b","position":1,"version":1,"reason":"r"}"#, ["/projection unknown-field"]),
      ("addOwner", #"{"owner":"a b"}"#, ["/name required", "/owner pattern"]),
      (
        "issueKey", #"{"key":"k","kind":"system","owner":"o","roles":["king"],"ledgers":[],"secret_sha256":"00"}"#,
        [
          "/key unknown-field", "/kind enum", "/ledgers length", "/roles/0 enum", "/secret_sha256 unknown-field",
        ]
      ),
      ("openLedger", #"{"rules_version":1}"#, ["/name required", "/rules_version unknown-field"]),
    ] as [(String, String, [String])])
  func wrong(operation: String, body: String, expected: [String]) throws {
    #expect(try faults(operation, body) == expected)
  }

  @Test("that would not fit an event are refused")
  func size() throws {
    let evidence = #"{"kind":"log","title":"t","text":""# + String(repeating: "a", count: 15_000) + #""}"#
    let body: (Int) -> String = { count in
      let items = Array(repeating: evidence, count: count).joined(separator: ",")
      return #"{"kind":"action","change":{},"reason_code":"r","evidence":["# + items + "]}"
    }
    #expect(try faults("requestApproval", body(3)) == [])
    #expect(try faults("requestApproval", body(4)) == [" data-size"])
  }

  @Test("say what they hold for every command")
  func fields() {
    #expect(CommandCatalogue.fields(of: "grantApproval")?.map(\.name) == ["reason"])
    #expect(CommandCatalogue.fields(of: "issueKey")?.contains { $0.name == "secret_sha256" } == false)
    #expect(CommandCatalogue.fields(of: "readEvents") == nil)
  }

  @Test("fill in what a ledger is opened with where they do not say")
  func defaults() throws {
    let body = try JSONDocument(Array(#"{"name":"main"}"#.utf8)).root
    let (name, command) = try CommandCatalogue.openLedger(body)
    #expect(name == "main")
    guard case .openLedger(let data, let prices, _) = command else { throw Refusal(code: "", status: 0, detail: "") }
    #expect(data["time_zone"]?.string == "UTC" && data["reporting_currency"]?.string == "USD" && prices.isEmpty)
  }
}
