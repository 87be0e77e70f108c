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
      let unknown = try await interface.send("GET", "/v1/ledgers/main/books/weekly_spend?min_position=1")
      #expect(unknown.problem == "unknown-book")
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
