import Domain
import Testing

@testable import Service

/// Who may, asked over HTTP: every endpoint of the table, with a key of every role.
@Suite struct AccessTests {
  @Test func everyEndpointLetsInWhomTheTableNamesAndNobodyElse() async throws {
    try await withInterface { interface in
      var keys: [Role: String] = [:]
      for role in Role.allCases {
        let kind = role == .agent ? "agent" : "human"
        keys[role] = try await interface.issueKey(kind: kind, roles: [role.rawValue]).text
      }
      let service = try await interface.issueKey(
        kind: "service", roles: ["service", "finance", "auditor", "operator"])
      for endpoint in AccessTable.endpoints {
        #expect(try await Self.status(endpoint, interface, key: nil) == (endpoint.reach == .open ? 200 : 401))
        guard endpoint.reach != .open else { continue }
        for (role, key) in keys {
          let isAllowed = endpoint.roles.contains(role) && endpoint.kinds.contains(role == .agent ? .agent : .human)
          let status = try await Self.status(endpoint, interface, key: key)
          #expect((status != 403) == isAllowed, "\(endpoint.operationID) as \(role.rawValue): \(status)")
          #expect(status != 401 && status < 500 || status == 503, "\(endpoint.operationID): \(status)")
        }
        // Roles do not help where a person is asked for.
        if !endpoint.kinds.contains(.service) {
          #expect(try await Self.status(endpoint, interface, key: service.text) == 403, "\(endpoint.operationID)")
        }
      }
    }
  }

  /// The status alone: feeds have no end. Bodies are empty objects, which no command takes, so nothing is done.
  private static func status(_ endpoint: EndpointAccess, _ interface: Interface, key: String?) async throws -> Int {
    let fillings = [
      "ledger": "main", "position": "1", "approval": "nothing", "projection": "daily_spend", "query": "by_key",
      "key": "aaaaaaaaaaaa",
    ]
    let path = endpoint.segments.map { segment in
      switch segment {
      case .literal(let text): text
      case .parameter(let name): fillings[name] ?? name
      }
    }
    var headers = key.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
    if let media = endpoint.request.first { headers.append(("Content-Type", media.rawValue)) }
    let body = endpoint.request.isEmpty ? [] : Array("{}".utf8)
    let request = Exchange.request(
      endpoint.method, "/" + path.joined(separator: "/"), headers: headers, body: body)
    let answer = try await Exchange.patiently {
      try await offTheCooperativePool {
        let socket = try ClientSocket(port: interface.port)
        try socket.send(request)
        var bytes: [UInt8] = []
        while true {
          if let answer = Answer(bytes), answer.status == 200 || answer.isWhole { return answer }
          let piece = try socket.receive()
          if piece.isEmpty { throw Failure(description: "no answer to \(endpoint.operationID)") }
          bytes += piece
        }
      }
    }
    return answer.status
  }

  @Test func aKeyReachesItsLedgersAndNoOthers() async throws {
    try await withInterface { interface in
      for name in ["one", "two"] {
        let answer = try await interface.send("POST", "/v1/ledgers", .object(["name": .text(name)]))
        #expect(answer.status == 200, "\(answer.text)")
      }
      let key = try await interface.issueKey(kind: "human", roles: ["service", "auditor"], ledgers: ["one"]).text
      #expect(try await interface.append([Sample.event("a")], key: key, ledger: "one").status == 200)
      #expect(
        try await interface.append([Sample.event("a")], key: key, ledger: "two").problem == "ledger-not-in-scope")
      // Whether a ledger that a key does not reach exists is not said.
      #expect(
        try await interface.append([Sample.event("a")], key: key, ledger: "no").problem == "ledger-not-in-scope")
      let ledgers = try await interface.send("GET", "/v1/ledgers", key: key).json["ledgers"]?.elements ?? []
      #expect(ledgers.map { $0["ledger"]?.string } == ["one"])
      // Each ledger counts by itself.
      #expect(try await interface.append([Sample.event("a")], ledger: "two").positions == [2])
    }
  }
}
