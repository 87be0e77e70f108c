import Testing

@testable import DaybookClient

@Suite
struct AnswerParserTests {
  static let answers: [(text: String, status: Int, body: String, keepsAlive: Bool)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
    ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", 200, "", false),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
    (
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 409 X\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5;ext=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 409, "hello0123456789", true
    ),
    ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false),
    ("HTTP/1.1 200\nContent-Length: 2\n\nok", 200, "ok", true),
    ("HTTP/1.1 503 X\r\nRetry-After:  7\r\n\r\nuntil the end", 503, "until the end", false),
  ]

  @Test("An answer cut into two pieces at any byte reads the same", arguments: answers.indices)
  func pieces(_ index: Int) throws {
    let answer = Self.answers[index]
    let bytes = Array(answer.text.utf8)
    for cut in 0...bytes.count {
      var parser = AnswerParser()
      let parts = try parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...])
      if !parser.isDone { try parser.finish() }
      let body = parts.flatMap { part in if case .body(let piece) = part { piece } else { [UInt8]() } }
      #expect(parts.first == .head(status: answer.status))
      #expect(String(decoding: body, as: UTF8.self) == answer.body, "cut at \(cut)")
      #expect(parser.isDone && parser.keepsAlive == answer.keepsAlive)
    }
  }

  @Test("An answer whose end is missing is a lost connection, wherever it was cut")
  func cut() throws {
    for answer in Self.answers.dropLast() {
      let bytes = Array(answer.text.utf8)
      for end in 0..<bytes.count {
        var parser = AnswerParser()
        _ = try parser.feed(bytes[..<end])
        let error = #expect(throws: DaybookError.self) { try parser.finish() }
        #expect(error?.code == .connection)
      }
    }
  }

  @Test(
    "What is no answer is refused",
    arguments: [
      "<html>\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ])
  func garbage(_ text: String) {
    #expect(throws: DaybookError.self) {
      var parser = AnswerParser()
      _ = try parser.feed(Array(text.utf8)[...])
    }
  }
}
