import Domain
import TestKit
import Testing

@testable import DaybookClient

@Suite struct RouteMachineTests {
  private func machine() throws -> RouteMachine {
    let answer = FakeLedger.allow(
      .object(["id": .text("c")]),
      [("a", "x"), ("b", "x"), ("a", "x"), ("a", "y"), ("c", "y")])
    guard case .answer(_, _, let body) = answer else { throw DaybookError.malformed("no answer") }
    return RouteMachine(
      try Decision(Answer(status: 200, headers: [], body: Array(body.utf8), attempts: 1)))
  }

  private func walk(_ error: AIProviderError?) throws -> [String] {
    var machine = try machine()
    var names: [String] = []
    var last: AIProviderError?
    while let target = machine.next(after: last) {
      names.append("\(target.model)@\(target.provider)")
      machine.began(target)
      last = error
    }
    return names
  }

  @Test("every allowed target comes once, in order, as far as the error says that it may help")
  func order() throws {
    #expect(try walk(.away) == ["a@x", "b@x", "a@y", "c@y"])
    #expect(try walk(AIProviderError(.invalidRequest, "")) == ["a@x"])
    #expect(try walk(AIProviderError(.paymentRequired, "")) == ["a@x", "a@y"])
  }

  @Test("after a part of the answer no other target comes")
  func committed() throws {
    var machine = try machine()
    if let first = machine.next(after: nil) { machine.began(first) }
    machine.commit()
    #expect(machine.next(after: .lost) == nil)
  }
}
