import Foundation
import Testing

@testable import daybook

@Suite struct EventFileReaderTests {
  private func batches(_ text: String, size: Int) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    var reader = try EventFileReader(path: file.path, command: CommandTable.all[0])
    var batches: [String] = []
    while let batch = try reader.next(size) { batches.append(String(decoding: batch, as: UTF8.self)) }
    return batches
  }

  @Test(arguments: [
    ("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", ["[{\"a\":1},{\"a\":2}]", "[{\"a\":3}]"]),
    ("{\"a\":1}\n\n  \n{\"a\":2}", ["[{\"a\":1},{\"a\":2}]"]),
    ("{\"a\":1}", ["[{\"a\":1}]"]),
    ("{\n \"a\": 1\n}\n", ["[{\n \"a\": 1\n}]"]),
    ("[{\"a\":1},\n{\"a\":2},{\"a\":3}]", ["[{\"a\":1},{\"a\":2}]", "[{\"a\":3}]"]),
    ("[]", []), ("", []), ("\n \n", []),
  ])
  func oneObjectAnArrayAndAnObjectALineAreRead(text: String, expected: [String]) throws {
    #expect(try batches(text, size: 2) == expected)
  }

  @Test func aLineThatIsLongerThanTheBufferIsOneEvent() throws {
    let long = "{\"a\":\"\(String(repeating: "x", count: 700_000))\"}"
    #expect(try batches("\(long)\n\(long)\n", size: 10) == ["[\(long),\(long)]"])
  }

  @Test func aBrokenLineIsNamed() {
    let error = #expect(throws: CheckFailure.self) { _ = try batches("{\"a\":1}\n{\"a\":1.5}\n", size: 10) }
    #expect(error?.message.contains("line 2") == true)
    #expect(error?.message.contains("float") == true)
  }

  @Test func aFileThatIsNotThereIsAUsageError() {
    #expect(throws: UsageError.self) { _ = try EventFileReader(path: "/nowhere/x", command: CommandTable.all[0]) }
  }
}
