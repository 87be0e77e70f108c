import Foundation
import Synchronization

/// A live feed of server-sent events, read by a thread of its own as a browser would.
final class Feed: Sendable {
  /// One message, with when it arrived.
  struct Message: Sendable {
    var id: String?
    var event: String?
    var data = ""
    var at = ContinuousClock.now
  }

  private let socket: ClientSocket
  private let received = Mutex<(messages: [Message], head: String, isOver: Bool)>(([], "", false))

  /// Asks for a feed; what comes is kept until it is looked at.
  init(_ interface: Interface, _ path: String, headers: [(name: String, value: String)] = []) throws {
    socket = try ClientSocket(port: interface.port)
    let authorisation = [(name: "Authorization", value: "Bearer \(interface.admin)")]
    try socket.send(Exchange.request("GET", path, headers: authorisation + headers))
    Thread.detachNewThread { [self] in read() }
  }

  /// Leaves.
  func close() { socket.hangUp() }

  /// What came so far.
  var messages: [Message] { received.withLock { $0.messages } }
  /// The positions of the records that came so far.
  var positions: [Int64] { messages.filter { $0.event == "record" }.compactMap { $0.id.flatMap { Int64($0) } } }
  /// True once the other side has closed.
  var isOver: Bool { received.withLock { $0.isOver } }

  private func read() {
    var reader = FeedReader()
    while let piece = try? socket.receive(), !piece.isEmpty {
      let messages = reader.take(piece)
      received.withLock { $0.messages += messages }
    }
    received.withLock { $0.isOver = true }
  }
}

/// Takes the chunks of an answer apart into lines, and the lines into messages.
private struct FeedReader {
  private var buffer: [UInt8] = []
  private var isPastHead = false
  private var text: [UInt8] = []
  private var message = Feed.Message()

  mutating func take(_ piece: [UInt8]) -> [Feed.Message] {
    buffer += piece
    if !isPastHead {
      guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
      buffer.removeFirst(end.upperBound)
      isPastHead = true
    }
    while let end = buffer.firstRange(of: [13, 10]),
      let length = Int(String(decoding: buffer[..<end.lowerBound], as: UTF8.self), radix: 16),
      buffer.count >= end.upperBound + length + 2
    {
      text += buffer[end.upperBound..<end.upperBound + length]
      buffer.removeFirst(end.upperBound + length + 2)
    }
    return lines()
  }

  private mutating func lines() -> [Feed.Message] {
    var messages: [Feed.Message] = []
    while let end = text.firstIndex(of: 10) {
      let line = String(decoding: text[..<end], as: UTF8.self)
      text.removeFirst(end + 1)
      if line.isEmpty {
        message.at = .now
        messages.append(message)
        message = Feed.Message()
      } else if line.hasPrefix("id: ") {
        message.id = String(line.dropFirst(4))
      } else if line.hasPrefix("event: ") {
        message.event = String(line.dropFirst(7))
      } else if line.hasPrefix("data: ") {
        message.data += line.dropFirst(6)
      }
    }
    return messages
  }
}
