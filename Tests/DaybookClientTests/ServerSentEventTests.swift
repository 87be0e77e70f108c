import Testing

@testable import DaybookClient

@Suite
struct ServerSentEventTests {
  static let text =
    "\u{FEFF}: comment\n\nid: 7\nevent: record\ndata: {\"a\":\ndata:  1}\n\r\ndata\n\nevent: heartbeat\r\ndata:x\r\r"
    + "id\ndata: ünï\n\nretry: 10\n\nevent: lost\n\ndata: unfinished"
  static let events = [
    ServerSentEvent(name: "record", data: Array("{\"a\":\n 1}".utf8), id: "7"),
    ServerSentEvent(name: "message", data: [], id: "7"),
    ServerSentEvent(name: "heartbeat", data: Array("x".utf8), id: "7"),
    ServerSentEvent(name: "message", data: Array("ünï".utf8), id: ""),
  ]

  @Test("A stream cut into two pieces at any byte, or into single bytes, gives the same events")
  func pieces() throws {
    let bytes = Array(Self.text.utf8)
    for cut in 0...bytes.count {
      var parser = ServerSentEventParser()
      var events = try parser.feed(bytes[..<cut])
      events += try parser.feed(bytes[cut...])
      #expect(events == Self.events, "cut at \(cut)")
    }
    var parser = ServerSentEventParser()
    #expect(try bytes.flatMap { try parser.feed([$0]) } == Self.events)
  }

  @Test("An event beyond the bound ends the stream instead of filling memory")
  func bound() throws {
    var parser = ServerSentEventParser(bound: 100)
    #expect(throws: DaybookError.self) {
      for _ in 0..<10 { _ = try parser.feed(Array("data: 0123456789\n".utf8)) }
    }
  }
}
