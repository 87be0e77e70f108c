import Crypto
import Domain
import Testing

/// Appending over HTTP: receipts, identities, sequences, roots, and what comes back out.
@Suite struct AppendTests {
  @Test func aSingleEventAndABatchAreAnsweredWithTheirPlaces() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      let single = try await interface.send(
        "POST", "/v1/ledgers/main/events", bytes: Sample.event("a", subject: "thing/1").canonical,
        headers: [("Content-Type", "application/cloudevents+json; charset=utf-8")])
      #expect(single.status == 200)
      #expect(single.json["ledger"] == .text("main"))
      #expect(single.positions == [before + 1])
      let batch = try await interface.append([
        Sample.event("b", subject: "thing/1"), Sample.event("c", subject: "thing/2"),
        Sample.event("d", subject: "thing/1"), Sample.event("a", subject: "thing/1"),
      ])
      let receipts = batch.json["events"]?.elements ?? []
      #expect(receipts.map { $0["id"]?.string } == ["b", "c", "d", "a"])
      #expect(receipts.map { $0["position"]?.integer } == [before + 2, before + 3, before + 4, before + 1])
      #expect(receipts.map { $0["sequence"]?.integer } == [2, 1, 3, 1])
      #expect(receipts.map { $0["duplicate"]?.boolean } == [false, false, false, true])
      #expect(receipts[3]["recordedtime"] == single.json["events"]?.elements?[0]["recordedtime"])
      #expect(batch.json["head"]?["position"] == .integer(before + 4))
    }
  }

  @Test func anIdentityIsTakenForGood() async throws {
    try await withInterface { interface in
      let first = try await interface.append([Sample.completion("a", data: ["user": .text("ann")])])
      let again = try await interface.append([Sample.completion("a", data: ["user": .text("ann")])])
      #expect(again.status == 200)
      #expect(again.positions == first.positions)
      let other = try await interface.append([
        Sample.completion("z"), Sample.completion("a", output: 7, data: ["user": .text("bob")]),
      ])
      #expect(other.problem == "identity-conflict")
      #expect(other.json["index"] == .integer(1))
      #expect(other.json["fields"]?.elements?.contains(.text("data")) == true, "\(other.text)")
      // All or nothing: the good one before it is not there.
      #expect(try await interface.head() == first.positions[0])
      let moved = try await interface.append([Sample.completion("a", time: "2026-01-05T10:00:01Z")])
      #expect(moved.json["fields"]?.elements?.contains(.text("time")) == true, "\(moved.text)")
      // Another source is another identity.
      let elsewhere = try await interface.append([
        Sample.event("a", type: "x.test", extra: ["source": .text("/elsewhere")])
      ])
      #expect(elsewhere.status == 200)
    }
  }

  @Test func anExpectedSequenceIsTheOptimisticLock() async throws {
    try await withInterface { interface in
      func append(_ id: String, expecting sequence: JSON) async throws -> Answer {
        try await interface.append([Sample.event(id, subject: "thing/1", extra: ["expectedsequence": sequence])])
      }
      #expect(try await append("a", expecting: .integer(0)).status == 200)
      let late = try await append("b", expecting: .integer(0))
      #expect(late.problem == "sequence-conflict")
      #expect(late.json["sequence"] == .integer(1))
      #expect(try await append("b", expecting: .text("1")).status == 200)
      // Identity is looked at first: a repetition is the same answer, though the subject has moved on.
      #expect(try await append("a", expecting: .integer(0)).status == 200)
    }
  }

  @Test func everyRootIsThatOfTheRowsBeforeIt() async throws {
    try await withInterface(Setup(prices: [Sample.price("deepseek", "input_tokens", "0.5")])) { interface in
      var roots: [(position: Int64, root: String)] = []
      for round in 0..<12 {
        var events: [JSON] = []
        for number in 0...round * 3 {
          let id = "\(round)-\(number)"
          events += [
            Sample.completion(
              id, time: number % 3 == 0 ? nil : "2026-01-05T10:00:00.123456789+05:30",
              data: [
                "user": number % 2 == 0 ? .text("Zoë \(number)") : nil,
                "tags": number % 5 == 0 ? .object(["café": .text("\u{1F600}\u{7}\"\\")]) : nil,
              ]),
            Sample.event(
              "x-\(id)", data: .object(["é": .integer(-1), "e\u{301}": .array([.null, .boolean(true)])]),
              extra: [
                "correlationid": .text("c"), "causationid": .text("a b"),
                "traceparent": .text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
              ]),
          ]
        }
        let answer = try await interface.append(events)
        #expect(answer.status == 200, "\(answer.text)")
        let head = answer.json["head"]
        roots.append((head?["position"]?.integer ?? 0, head?["root"]?.string ?? ""))
      }
      let described = try await interface.send("GET", "/v1/ledgers/main")
      #expect(described.json["head"]?["root"]?.string == roots.last?.root)
      let leaves = try await LogOracle.leaves(interface.settings)
      for (position, root) in roots {
        #expect(Hex.string(LogOracle.root(leaves.prefix(Int(position)))) == root, "at \(position)")
      }
    }
  }

  @Test func whatWasSaidComesBackWithWhatTheLedgerAdds() async throws {
    try await withInterface { interface in
      let sent = Sample.completion(
        "a", time: "2026-01-05T12:00:00.5+02:00",
        data: ["user": .text("ann"), "session": .text("s"), "tags": .object(["k": .text("v")])])
      var dressed = sent
      dressed["tracestate"] = .text("a=b")
      dressed["correlationid"] = .text("c-1")
      let position = try await interface.append([dressed]).positions[0]
      let record = try await interface.send("GET", "/v1/ledgers/main/events/\(position)").json
      let event = try #require(record["event"])
      for name in ["specversion", "id", "source", "type", "subject", "data"] {
        #expect(event[name] == sent[name], "\(name)")
      }
      #expect(event["time"] == .text("2026-01-05T10:00:00.500000Z"))
      #expect(event["correlationid"] == .text("c-1"))
      #expect(event["tracestate"] == nil)
      #expect(event["ledger"] == .text("main"))
      // CloudEvents integers have 32 bits, so positions are texts there.
      #expect(event["position"] == .text("\(position)"))
      #expect(event["subjectsequence"] == .text("1"))
      #expect(event["actorkind"] == .text("human"))
      #expect(record["derived"]?["persons"]?["/user"]?.string?.hasPrefix("p_") == true)
      let alone = try await interface.send(
        "GET", "/v1/ledgers/main/events/\(position)", headers: [("Accept", "application/cloudevents+json")])
      #expect(alone.json == event)
      #expect(alone.header("Content-Type") == "application/cloudevents+json")
      // It can be appended as it is elsewhere once what the ledger added is taken off; here it is the same event.
      let page = try await interface.send(
        "GET", "/v1/ledgers/main/events?after=\(position - 1)",
        headers: [("Accept", "application/cloudevents-batch+json")])
      #expect(page.json.elements == [event])
    }
  }
}
