internal import Dispatch
internal import Glibc
internal import Synchronization

/// A request as the local server read it.
public struct ServedRequest: Sendable {
  /// The method.
  public var method: String
  /// Path and query as they came.
  public var target: String
  /// Header fields by lower-case name.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]

  /// The path without its query.
  public var path: String { String(target.prefix { $0 != "?" }) }

  /// The parameters of the query, as they came.
  public var query: [String: String] {
    guard let mark = target.firstIndex(of: "?") else { return [:] }
    var query: [String: String] = [:]
    for pair in target[target.index(after: mark)...].split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      query[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return query
  }
}

/// What the local server does with a request.
public enum ServedReply: Sendable {
  /// A whole answer.
  case answer(Int, headers: [String: String] = [:], body: String)
  /// Bytes as they are, and then the end of the connection.
  case raw(String)
  /// The end of the connection without a word.
  case cut
  /// Nothing for so many milliseconds, and then something else.
  indirect case late(Int, ServedReply)
  /// Chunks that a function writes; the connection ends when it returns.
  case stream(@Sendable (ServedStream) -> Void)
}

/// A connection on which chunks are written.
public struct ServedStream: Sendable {
  let descriptor: Int32

  /// False where the client has left.
  @discardableResult
  public func write(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return LocalServer.send(descriptor, Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
  }

  /// Ends the body properly.
  public func end() { _ = LocalServer.send(descriptor, Array("0\r\n\r\n".utf8)) }

  /// True as long as the client has not left; waits a moment for that.
  public var isOpen: Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, 50) > 0 else { return true }
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) > 0
  }
}

/// A real HTTP server on a loopback port, which answers as a test says and misbehaves as it says.
public final class LocalServer: Sendable {
  /// What to do with a request.
  public typealias Handler = @Sendable (ServedRequest) -> ServedReply

  /// The port that it took.
  public let port: Int
  private let listener: Int32
  private let handler: Handler
  private let log = Mutex<[ServedRequest]>([])
  private let connections = Mutex<Set<Int32>>([])
  private let isStopped = Mutex(false)
  private let isPaused = Mutex(false)

  /// The address.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// The requests so far.
  public var requests: [ServedRequest] { log.withLock { $0 } }

  /// Takes a free port and answers from then on.
  public init(_ handler: @escaping Handler) {
    self.handler = handler
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listener = listening
    var yes: Int32 = 1
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listening, address, size) == 0 && listen(listening, 64) == 0
          && getsockname(listening, address, &size) == 0
      }
    }
    precondition(isBound, "cannot listen on loopback")
    self.port = Int(in_port_t(bigEndian: address.sin_port))
    Self.thread { [weak self] in
      while true {
        let connection = accept(listening, nil, nil)
        guard connection >= 0 else { return }
        guard let self else { return _ = close(connection) }
        self.connections.withLock { _ = $0.insert(connection) }
        Self.thread { self.serve(connection) }
      }
    }
  }

  deinit { stop() }

  /// Cuts every connection, also those that come, until `resume`; the port stays taken, or another test would get it.
  public func pause() {
    isPaused.withLock { $0 = true }
    cutAll()
  }

  /// Answers again.
  public func resume() { isPaused.withLock { $0 = false } }

  /// Closes the port and every connection.
  public func stop() {
    // Closing a descriptor twice would close somebody else's.
    let wasStopped = isStopped.withLock { stopped in
      defer { stopped = true }
      return stopped
    }
    guard !wasStopped else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    cutAll()
  }

  /// Cuts every connection that is open.
  public func cutAll() {
    connections.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "local-server").async(execute: body)
  }

  private func serve(_ connection: Int32) {
    defer {
      connections.withLock { connections in
        connections.remove(connection)
        close(connection)
      }
    }
    var buffer: [UInt8] = []
    while let request = Self.read(connection, &buffer), !isPaused.withLock({ $0 }) {
      log.withLock { $0.append(request) }
      guard reply(handler(request), connection) else { return }
    }
  }

  /// True where the connection goes on.
  private func reply(_ reply: ServedReply, _ connection: Int32) -> Bool {
    switch reply {
    case .answer(let status, let headers, let body):
      var head = "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n"
      for (name, value) in headers { head += "\(name): \(value)\r\n" }
      return Self.send(connection, Array((head + "\r\n" + body).utf8))
    case .raw(let text):
      _ = Self.send(connection, Array(text.utf8))
      return false
    case .cut: return false
    case .late(let milliseconds, let next):
      usleep(UInt32(milliseconds) * 1000)
      return self.reply(next, connection)
    case .stream(let body):
      let head = "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
      if Self.send(connection, Array(head.utf8)) { body(ServedStream(descriptor: connection)) }
      return false
    }
  }

  static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func read(_ connection: Int32, _ buffer: inout [UInt8]) -> ServedRequest? {
    while true {
      if let end = headEnd(buffer) {
        let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        if buffer.count >= end + 4 + length {
          let body = Array(buffer[(end + 4)..<(end + 4 + length)])
          buffer.removeFirst(end + 4 + length)
          return ServedRequest(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
        }
      }
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }

  private static func headEnd(_ buffer: [UInt8]) -> Int? {
    guard buffer.count >= 4 else { return nil }
    for place in 0...(buffer.count - 4) where buffer[place] == 13 && buffer[place + 1] == 10 {
      if buffer[place + 2] == 13, buffer[place + 3] == 10 { return place }
    }
    return nil
  }
}
