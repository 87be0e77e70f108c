import Domain
import Foundation

@testable import daybook

extension Program {
  /// Waits until every book of a ledger reflects what was appended.
  func untilPosted(_ ledger: String = "main") async throws {
    for _ in 0..<600 {
      let status = try await run("status", "--ledger", ledger, "--format", "json")
      let root = try JSON(parsing: Array(status.output.utf8), limits: JSONLimits(depth: 64))
      let books = root["books"]?.elements ?? []
      if let head = root["position"]?.integer, !books.isEmpty,
        books.allSatisfy({ $0["position"]?.integer == head })
      {
        return
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw CheckFailure("the books of \(ledger) do not come after")
  }
}
