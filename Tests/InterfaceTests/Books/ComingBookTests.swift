import Domain
import Postgres
import Projections
import Testing

/// The books were listed and described before a projector had made them, but asking one then was `404 unknown-book`: who had
/// just started a deployment and waited for its own event by `min_position` was told that there is no such book.
@Suite struct ComingBookTests {
  @Test func aBookThatNoProjectorHasMadeYetIsComing() async throws {
    try await withInterface { interface in
      let listed = try await interface.send("GET", "/v1/ledgers/main/books")
      #expect(listed.json["books"]?.elements?.contains { $0["projection"] == .text("daily_spend") } == true)
      for question in ["daily_spend", "daily_spend?as_of=0"] {
        let answer = try await interface.send("GET", "/v1/ledgers/main/books/\(question)")
        #expect(answer.status == 503)
        #expect(answer.problem == "not-yet-posted")
        #expect(answer.header("Retry-After") != nil)
      }
      // What needs the book for something else says the same: a closing was answered that there is no such book.
      let (key, diff) = ("books/daily_spend/explain?day=2026-01-01", "books/daily_spend/diff?from=0")
      for question in [key, diff] {
        let answer = try await interface.send("GET", "/v1/ledgers/main/\(question)")
        #expect(answer.status == 503 && answer.problem == "not-yet-posted", "\(answer.text)")
      }
      let closing = try await interface.command("periods/2026-01/close", .object([:]))
      #expect(closing.status == 503 && closing.problem == "not-yet-posted", "\(closing.text)")
      #expect(closing.json["detail"]?.string?.hasPrefix("no projector has posted ") == true, "\(closing.text)")
      for question in ["weekly_spend?min_position=1", "weekly_spend/diff?from=0"] {
        let unknown = try await interface.send("GET", "/v1/ledgers/main/books/\(question)")
        #expect(unknown.problem == "unknown-book", "\(unknown.text)")
      }
    }
  }

  @Test func whoWaitsForAPositionWaitsForTheFirstProjectorToo() async throws {
    try await withInterface { interface in
      let position = try await interface.append([Sample.completion("a")]).positions[0]
      async let waiting = interface.send("GET", "/v1/ledgers/main/books/daily_spend?min_position=\(position)")
      try await Task.sleep(for: .milliseconds(200))
      var settings = interface.settings
      settings.role = "daybook_projector"
      let runner = ProjectorRunner(settings, catalogue: try ProjectionCatalogue.load())
      let posting = Task { try await runner.run() }
      let answer = try await waiting
      posting.cancel()
      _ = await posting.result
      #expect(answer.status == 200, "\(answer.text)")
      #expect(answer.rows.first?["calls"] == .integer(1))
    }
  }
}
