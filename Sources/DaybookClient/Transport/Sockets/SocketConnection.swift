#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One TCP connection, used by one thread at a time; waits by `poll`, so that every wait has a deadline.
final class SocketConnection {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)
  /// True after a first request.
  private(set) var isReused = false

  /// Connects to one of the host's addresses.
  ///
  /// - Throws: ``DaybookError`` with `connection` or `timeout`; nothing was sent then.
  init(host: String, port: String, job: SocketJob) throws(DaybookError) {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &list) == 0 else {
      throw DaybookError(.connection, "the host has no address")
    }
    defer { freeaddrinfo(list) }
    var address = list
    var connected: Int32 = -1
    while let info = address?.pointee, connected < 0 {
      connected = try Self.connect(info, job)
      address = info.ai_next
    }
    guard connected >= 0 else { throw DaybookError(.connection, "nobody listens at the address") }
    descriptor = connected
  }

  deinit { close(descriptor) }

  /// A socket that is connected; -1 where this address does not answer.
  private static func connect(_ info: addrinfo, _ job: SocketJob) throws(DaybookError) -> Int32 {
    let made = socket(info.ai_family, info.ai_socktype, info.ai_protocol)
    guard made >= 0 else { return -1 }
    _ = fcntl(made, F_SETFD, FD_CLOEXEC)
    _ = fcntl(made, F_SETFL, fcntl(made, F_GETFL) | O_NONBLOCK)
    var yes: Int32 = 1
    setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      setsockopt(made, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
    #if canImport(Darwin)
      let result = Darwin.connect(made, info.ai_addr, info.ai_addrlen)
    #elseif canImport(Glibc)
      let result = Glibc.connect(made, info.ai_addr, info.ai_addrlen)
    #elseif canImport(Musl)
      let result = Musl.connect(made, info.ai_addr, info.ai_addrlen)
    #endif
    if result != 0 {
      var failure: Int32 = errno
      if failure == EINPROGRESS {
        do {
          try wait(made, Int16(POLLOUT), job.deadline, isSent: false)
        } catch {
          close(made)
          throw error
        }
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(made, SOL_SOCKET, SO_ERROR, &failure, &size)
      }
      if failure != 0 {
        close(made)
        return -1
      }
    }
    return made
  }

  /// True where the server has not closed the connection meanwhile, nor said anything unasked.
  var isQuiet: Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) == 0
  }

  /// Sends the request and tells the exchange what comes.
  ///
  /// - Returns: True where the connection may be used again.
  /// - Throws: ``DaybookError``; `hasAnswer` tells whether anything had come.
  func perform(_ job: SocketJob, hasAnswer: inout Bool) throws(DaybookError) -> Bool {
    defer {
      isReused = true
      job.lets()
    }
    guard job.uses(descriptor) else { throw DaybookError(.connection, "the request was given up") }
    try send(job)
    var parser = AnswerParser()
    while !parser.isDone {
      let isHeadSeen = parser.head.status >= 200
      try Self.wait(descriptor, Int16(POLLIN), job.isStream && isHeadSeen ? nil : job.deadline, isSent: true)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw DaybookError(.connection, "the connection was lost", outcomeIsUnknown: true)
      }
      if count == 0 {
        try parser.finish()
        break
      }
      hasAnswer = true
      for part in try parser.feed(buffer[..<count]) {
        switch part {
        case .head: job.exchange.received(parser.head)
        case .body(let piece): guard job.exchange.received(piece) else { return false }
        }
      }
    }
    return parser.keepsAlive
  }

  private func send(_ job: SocketJob) throws(DaybookError) {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    var sent = 0
    while sent < job.bytes.count {
      let count = job.bytes.withUnsafeBytes { bytes in
        #if canImport(Darwin)
          Darwin.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, flags)
        #elseif canImport(Glibc)
          Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, flags)
        #elseif canImport(Musl)
          Musl.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, flags)
        #endif
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        try Self.wait(descriptor, Int16(POLLOUT), job.deadline, isSent: true)
      } else if errno == EPIPE || errno == ECONNRESET {
        // The server may have refused early and closed: its answer may be there to be read.
        return
      } else if errno != EINTR {
        throw DaybookError(.connection, "the connection was lost", outcomeIsUnknown: true)
      }
    }
  }

  private static func wait(
    _ descriptor: Int32, _ events: Int16, _ deadline: ContinuousClock.Instant?, isSent: Bool
  ) throws(DaybookError) {
    var state = pollfd(fd: descriptor, events: events, revents: 0)
    while true {
      var milliseconds: Int32 = -1
      if let deadline {
        let left = (deadline - .now).seconds * 1000
        guard left > 0 else {
          throw DaybookError(.timeout, "no answer within the bound", outcomeIsUnknown: isSent)
        }
        milliseconds = Int32(min(left.rounded(.up), 1e9))
      }
      let ready = poll(&state, 1, milliseconds)
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw DaybookError(.connection, "the connection cannot be watched") }
    }
  }
}
