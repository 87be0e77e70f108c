import Domain
import Foundation
import Glibc

/// One request and its answer over a plain socket, byte for byte: no library between the test and the wire.
enum Exchange {
  /// The bytes of a request that ends its connection; `path` goes out as it is.
  static func request(
    _ method: String, _ path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) -> [UInt8] {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }

  /// Sends a request and reads until the other side closes.
  ///
  /// A service that was kept from reading who may for more than a second, as on a busy machine, looks at nothing and says so; it is
  /// asked again for a while. So is a book that the service did wait for, and whose projector took longer.
  static func answer(to request: [UInt8], port: Int) async throws -> Answer {
    try await patiently { try await once(request, port: port) }
  }

  /// Repeats what says nothing but that the machine is busy, for a minute at most.
  static func patiently(_ ask: () async throws -> Answer) async throws -> Answer {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let asked = ContinuousClock.now
      let answer = try await ask()
      let isPassing =
        switch answer.problem {
        case "authorisation-stale": true
        case "not-yet-posted": ContinuousClock.now - asked > .seconds(5)
        default: false
        }
      guard isPassing, ContinuousClock.now < deadline else { return answer }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Sends a request once.
  static func once(_ request: [UInt8], port: Int) async throws -> Answer {
    try await offTheCooperativePool {
      let socket = try ClientSocket(port: port)
      // A server that refuses early may close before it has read everything; its answer is what counts.
      try? socket.send(request)
      var bytes: [UInt8] = []
      while let piece = try? socket.receive(), !piece.isEmpty { bytes += piece }
      guard let answer = Answer(bytes) else { throw Failure(description: "no answer but \(bytes.count) bytes") }
      return answer
    }
  }
}

/// A connected socket; closed when it goes away.
final class ClientSocket: Sendable {
  private let descriptor: Int32

  init(port: Int, timeoutSeconds: Int = 60) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(description: "no connection: \(errno)") }
  }

  deinit { close(descriptor) }

  /// Lets a blocked `receive` return at once.
  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(description: "sending failed: \(errno)") }
      sent += count
    }
  }

  /// Some bytes; empty at the end.
  func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else { throw Failure(description: "receiving failed: \(errno)") }
    return Array(buffer[..<count])
  }
}

/// An answer as it came over the wire.
struct Answer: Sendable {
  let head: String
  let body: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let rest = Array(bytes[end.upperBound...])
    body = head.lowercased().contains("\r\ntransfer-encoding: chunked") ? Self.joined(rest) : rest
  }

  private static func joined(_ chunks: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var rest = chunks[...]
    while let end = rest.firstRange(of: [13, 10]),
      let length = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), length > 0
    {
      body += rest[end.upperBound...].prefix(length)
      rest = rest[end.upperBound...].dropFirst(length + 2)
    }
    return body
  }

  /// True once the body has the length that the head promises.
  var isWhole: Bool { header("Content-Length").flatMap { Int($0) }.map { body.count >= $0 } ?? true }

  var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
  var text: String { String(decoding: body, as: UTF8.self) }
  /// The body; null where it is no JSON.
  var json: JSON { (try? JSON(parsing: body, limits: JSONLimits(depth: 64, bytes: 64 << 20))) ?? .null }
  /// The last part of the problem's type.
  var problem: String? {
    json["type"]?.string.flatMap { $0.hasPrefix("/problems/") ? String($0.dropFirst(10)) : nil }
  }
  /// The rows of a book.
  var rows: [JSON] { json["rows"]?.elements ?? [] }
  /// The positions of an append's receipts.
  var positions: [Int64] { (json["events"]?.elements ?? []).compactMap { $0["position"]?.integer } }

  func header(_ name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts[0].lowercased() == name.lowercased() { return String(parts[1].drop { $0 == " " }) }
    }
    return nil
  }
}
