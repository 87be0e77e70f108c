import Foundation
import Synchronization
import Testing

@testable import DaybookClient

@Suite(.timeLimit(.minutes(5)))
struct SpoolKillTests {
  @Test("After SIGKILL at any moment, every acknowledged event is delivered once, each adder's in order")
  func killed() async throws {
    let folder = SpoolFolder()
    let path = folder.path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for round in 0..<4 {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
        // Nobody listens on port 9, so everything waits in the spool.
        let appender = try await BufferedAppender(
          Daybook(url: "http://127.0.0.1:9", key: "k"), .init(durability: .disk(folder: path)))
        let journal = Journal(path + "/acknowledged")
        await withThrowingTaskGroup(of: Void.self) { group in
          for adder in 0..<4 {
            group.addTask {
              for number in 0..<100_000 {
                let id = "\(round).\(adder).\(number)"
                try await appender.add(note(number, id: id))
                journal.write(id)
              }
            }
          }
          group.addTask {
            while journal.count < 40 { try await Task.sleep(for: .milliseconds(1)) }
            try await Task.sleep(for: .microseconds(.random(in: 0...20_000)))
            kill(getpid(), SIGKILL)
          }
        }
      }
    }
    let acknowledged = String(decoding: folder.read("acknowledged"), as: UTF8.self).split(separator: "\n")
    #expect(acknowledged.count >= 160)
    let ledger = FakeLedger()
    let appender = try await BufferedAppender(ledger.client(), .init(durability: .disk(folder: path)))
    try await appender.flush()
    try await appender.close()
    let taken = ledger.taken.map(\.id)
    #expect(Set(taken).count == taken.count)
    #expect(Set(taken).isSuperset(of: acknowledged.map(String.init)))
    for round in 0..<4 {
      for adder in 0..<4 {
        let numbers = taken.filter { $0.hasPrefix("\(round).\(adder).") }.compactMap { id in
          id.split(separator: ".").last.flatMap { Int($0) }
        }
        #expect(numbers == Array(0..<numbers.count), "an event was acknowledged before an earlier one was kept")
      }
    }
  }
}

/// A test's own record of what was acknowledged, which survives the process.
private final class Journal: Sendable {
  private let file: Mutex<(handle: FileHandle, count: Int)>

  var count: Int { file.withLock { $0.count } }

  init(_ path: String) {
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: path) else { preconditionFailure("a journal") }
    handle.seekToEndOfFile()
    file = Mutex((handle, 0))
  }

  func write(_ line: String) {
    file.withLock { file in
      file.handle.write(Data((line + "\n").utf8))
      file.count += 1
    }
  }
}
