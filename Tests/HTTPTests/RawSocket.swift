import Glibc

/// A plain TCP client: what a test needs to misbehave on the wire.
final class RawSocket {
  struct Failure: Error {
    var what: String
    var code: Int32
  }

  private let descriptor: Int32
  private var pending: [UInt8] = []

  init(port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil, timeoutSeconds: Int = 60) throws {
    descriptor = socket(host.contains(":") ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    let result = Self.connect(descriptor, host, port)
    guard result == 0 else {
      let code = errno
      Glibc.close(descriptor)
      throw Failure(what: "connect", code: code)
    }
  }

  private static func connect(_ descriptor: Int32, _ host: String, _ port: Int) -> Int32 {
    var v4 = sockaddr_in()
    v4.sin_family = sa_family_t(AF_INET)
    v4.sin_port = in_port_t(port).bigEndian
    var v6 = sockaddr_in6()
    v6.sin6_family = sa_family_t(AF_INET6)
    v6.sin6_port = in_port_t(port).bigEndian
    if inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
      return withUnsafePointer(to: &v4) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    guard inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 else { return -1 }
    return withUnsafePointer(to: &v6) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  deinit {
    Glibc.close(descriptor)
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(what: "send", code: errno) }
      sent += count
    }
  }

  /// Some bytes; empty at the end.
  func receive(max: Int = 65536) throws -> [UInt8] {
    if !pending.isEmpty {
      defer { pending = [] }
      return pending
    }
    var buffer = [UInt8](repeating: 0, count: max)
    let count = recv(descriptor, &buffer, max, 0)
    guard count >= 0 else { throw Failure(what: "receive", code: errno) }
    return Array(buffer[..<count])
  }

  /// Everything until the peer closes; a reset counts as the end.
  func receiveAll() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      do {
        let piece = try receive()
        if piece.isEmpty { return all }
        all += piece
      } catch let failure as Failure where failure.code == ECONNRESET {
        return all
      }
    }
  }

  /// One answer: its head and its body by `Content-Length` or chunks.
  func response(toHead: Bool = false) throws -> Answer {
    var bytes: [UInt8] = []
    var head: String?
    while head == nil {
      let piece = try receive()
      if piece.isEmpty { throw Failure(what: "end before the head", code: 0) }
      bytes += piece
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        bytes.removeFirst(end.upperBound)
      }
    }
    var answer = Answer(head: head!)
    if answer.status == 100 {
      pending = bytes
      return answer
    }
    if toHead || answer.status == 204 || answer.status == 304 {
      pending = bytes
    } else if answer.header("transfer-encoding") == "chunked" {
      answer.body = try chunked(&bytes)
      pending = bytes
    } else {
      let length = Int(answer.header("content-length") ?? "0") ?? 0
      while bytes.count < length {
        let piece = try receive()
        if piece.isEmpty { throw Failure(what: "end within the body", code: 0) }
        bytes += piece
      }
      answer.body = Array(bytes[..<length])
      pending = Array(bytes[length...])
    }
    return answer
  }

  private func chunked(_ bytes: inout [UInt8]) throws -> [UInt8] {
    var body: [UInt8] = []
    func line() throws -> String {
      while true {
        if let end = bytes.firstRange(of: [13, 10]) {
          defer { bytes.removeFirst(end.upperBound) }
          return String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        }
        let piece = try receive()
        if piece.isEmpty { throw Failure(what: "end within chunks", code: 0) }
        bytes += piece
      }
    }
    while true {
      guard let length = Int(try line(), radix: 16) else { throw Failure(what: "chunk length", code: 0) }
      while bytes.count < length + 2 {
        let piece = try receive()
        if piece.isEmpty { throw Failure(what: "end within a chunk", code: 0) }
        bytes += piece
      }
      body += bytes[..<length]
      bytes.removeFirst(length + 2)
      if length == 0 { return body }
    }
  }
}

/// An answer as it came over the wire.
struct Answer {
  var head: String
  var body: [UInt8] = []

  var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts[0].lowercased() == name.lowercased() {
        return String(parts[1].drop { $0 == " " })
      }
    }
    return nil
  }
}
