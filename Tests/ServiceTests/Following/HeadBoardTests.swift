import Testing

@testable import Service

@Suite struct HeadBoardTests {
  /// A timer that rang while its wait was ending once left a note behind for ever.
  @Test func nothingIsKeptOfWaitsThatAreOver() async {
    let board = HeadBoard()
    await withTaskGroup { group in
      for turn in 0..<200 {
        group.addTask { await board.wait(for: "main", beyond: 1, limit: .microseconds(turn * 10)) }
      }
      let cancelled = Task { await board.wait(for: "main", beyond: 1, limit: .seconds(60)) }
      cancelled.cancel()
      await cancelled.value
      board.note(["main": 2], readAt: .now)
    }
    #expect(board.waiting == 0)
    await board.wait(for: "main", beyond: 1, limit: .seconds(60))
    #expect(board.waiting == 0)
  }
}
