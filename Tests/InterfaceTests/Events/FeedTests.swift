import Domain
import Testing

/// The live feed of the log: server-sent events with resumption and heartbeats.
@Suite struct FeedTests {
  @Test func aFeedBringsWhatIsThereAndThenWhatComes() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      try await interface.append((0..<450).map { Sample.event("a\($0)") })
      let feed = try Feed(interface, "/v1/ledgers/main/events/stream?after=\(before)")
      #expect(await eventually { feed.positions.count == 450 })
      for number in 0..<5 { try await interface.append([Sample.event("b\(number)")]) }
      #expect(await eventually { feed.positions.count == 455 })
      #expect(feed.positions == Array(before + 1...before + 455))
      let last = try #require(feed.messages.last { $0.event == "record" })
      let record = try JSON(parsing: Array(last.data.utf8))
      #expect(record["event"]?["id"] == .text("b4"))
      feed.close()
    }
  }

  @Test func aFeedResumesAfterTheLastEventID() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      try await interface.append((0..<20).map { Sample.event("\($0)", type: $0 % 2 == 0 ? "x.even" : "x.odd") })
      let path = "/v1/ledgers/main/events/stream"
      let after = "\(before + 7)"
      // What the browser says of itself counts more than what the address said when it first connected.
      let feed = try Feed(interface, "\(path)?after=0", headers: [("Last-Event-ID", after)])
      #expect(await eventually { feed.positions == Array(before + 8...before + 20) })
      let odd = try Feed(interface, "\(path)?type=x.odd", headers: [("Last-Event-ID", after)])
      #expect(await eventually { odd.positions.count == 7 })
      #expect(odd.positions.allSatisfy { ($0 - before) % 2 == 0 })
      // Without either it begins at the head.
      let fresh = try Feed(interface, path)
      #expect(await eventually { fresh.messages.contains { $0.event == "heartbeat" } })
      let next = try await interface.append([Sample.event("next")]).positions
      #expect(await eventually { fresh.positions == next })
      for feed in [feed, odd, fresh] { feed.close() }
    }
  }

  @Test func anIdleFeedHasAHeartbeatThatNamesTheHead() async throws {
    try await withInterface { interface in
      let head = try await interface.head()
      let feed = try Feed(interface, "/v1/ledgers/main/events/stream")
      // So often that who believes a second learns in time: four in a row, as soon as the machine lets it.
      func beats() -> [Feed.Message] { feed.messages.filter { $0.event == "heartbeat" } }
      func gaps() -> [Duration] { zip(beats(), beats().dropFirst()).map { $1.at - $0.at } }
      let isSteady = await eventually { gaps().suffix(4).count { $0 < .milliseconds(1_000) } == 4 }
      #expect(isSteady, "\(gaps())")
      for beat in beats() { #expect(try JSON(parsing: Array(beat.data.utf8))["position"] == .integer(head)) }
      feed.close()
    }
  }

  /// A feed was checked when it began; a key that is revoked later must not read on for ever.
  @Test func aFeedEndsWhenItsKeyIsRevoked() async throws {
    try await withInterface { interface in
      let key = try await interface.issueKey(kind: "service", roles: ["service"])
      let reader = Interface(settings: interface.settings, port: interface.port, admin: key.text)
      let feed = try Feed(reader, "/v1/ledgers/main/events/stream")
      #expect(await eventually { !feed.messages.isEmpty })
      let answer = try await interface.send(
        "POST", "/v1/keys/\(key.id)/revoke", .object(["reason": .text("left")]))
      #expect(answer.status == 200)
      #expect(await eventually { feed.isOver })
    }
  }
}
