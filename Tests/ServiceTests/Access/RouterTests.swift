import Testing

@testable import Service

@Suite("Routing")
struct RouterTests {
  private func route(_ method: String, _ path: String) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    switch Router().match(method: method, path: segments) {
    case .endpoint(let endpoint, let parameters):
      let values = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return ([endpoint.operationID] + values).joined(separator: " ")
    case .methodNotAllowed(let allow): return "405 " + allow.joined(separator: ",")
    case .notFound: return "404"
    }
  }

  @Test(
    "finds the endpoint and its parameters",
    arguments: [
      ("GET", "/v1/ledgers/main", "describeLedger ledger=main"),
      ("POST", "/v1/ledgers/main/events", "appendEvents ledger=main"),
      ("GET", "/v1/ledgers/main/events", "readEvents ledger=main"),
      ("GET", "/v1/ledgers/main/events/12", "readEvent ledger=main position=12"),
      ("GET", "/v1/ledgers/main/events/stream", "followEvents ledger=main"),
      ("GET", "/v1/ledgers/main/kill-switches/stream", "followKillSwitches ledger=main"),
      ("POST", "/v1/ledgers/main/approvals/a1/grant", "grantApproval approval=a1 ledger=main"),
      ("GET", "/v1/ledgers/main/books/daily_spend", "readBook ledger=main projection=daily_spend"),
      ("GET", "/v1/ledgers/main/books/b/by_day", "queryBook ledger=main projection=b query=by_day"),
      ("GET", "/v1/ledgers/main/books/b/skips", "queryBook ledger=main projection=b query=skips"),
      ("POST", "/v1/ledgers/main/books/b/skips", "skipEvent ledger=main projection=b"),
      ("POST", "/v1/keys/k1/revoke", "revokeKey key=k1"), ("GET", "/v1/ledgers", "listLedgers"),
      ("GET", "/openapi.json", "readOpenAPI"), ("GET", "/healthz", "readHealth"), ("GET", "/readyz", "readReadiness"),
      ("GET", "/v1/ledgers/a%2Fb", "describeLedger ledger=a%2Fb"),
      ("GET", "/v1/ledgers/main/tile/0/000", "readTile index=000 ledger=main level=0"),
      ("GET", "/v1/ledgers/main/tile/1/x001/x234/067.p/8", "readTile index=x001/x234/067.p/8 ledger=main level=1"),
      ("GET", "/v1/ledgers/main/tile/entries/x001/067", "readEntries index=x001/067 ledger=main"),
    ])
  func finds(method: String, path: String, expected: String) { #expect(route(method, path) == expected) }

  @Test(
    "tells a path that is not there from a method that it does not have",
    arguments: [
      ("GET", "/", "404"), ("GET", "", "404"), ("GET", "/v1", "404"), ("GET", "/v1/ledgers/", "404"),
      ("GET", "/v1/ledgers//events", "404"), ("GET", "/v1/ledgers/main/events/", "404"),
      ("GET", "/v2/ledgers", "404"), ("GET", "/V1/ledgers", "404"), ("GET", "/v1/ledgers/main/nothing", "404"),
      ("DELETE", "/v1/ledgers/main/events", "405 GET,HEAD,POST"), ("get", "/healthz", "405 GET,HEAD"),
      ("GET", "/v1/ledgers/main/approvals/a/grant", "405 POST"), ("GET", "/v1/ledgers/main/tile", "404"),
      ("GET", "/v1/ledgers/main/tile/0", "404"), ("POST", "/v1/ledgers/main/tile/0/x001/000", "405 GET,HEAD"),
      ("POST", "/v1/ledgers/main/books/b/q", "405 GET,HEAD"),
      ("PUT", "/v1/ledgers/main/events/stream", "405 GET,HEAD"), ("POST", "/metrics", "405 GET,HEAD"),
    ])
  func refuses(method: String, path: String, expected: String) { #expect(route(method, path) == expected) }

  @Test("leads to every row of the table")
  func reachesAll() {
    for row in AccessTable.endpoints {
      let path = row.path.split(separator: "/").map { $0.first == "{" ? "p" : String($0) }
      guard case .endpoint(let found, _) = Router().match(method: row.method, path: path) else {
        Issue.record("\(row.method) \(row.path) leads nowhere")
        continue
      }
      #expect(found === row)
    }
  }
}
