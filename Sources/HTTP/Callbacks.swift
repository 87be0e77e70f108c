internal import CMicrohttpd

// What libmicrohttpd calls, on its own threads. Top-level functions: a closure formed in an isolated place would
// carry that isolation here and trap.

/// The request line was read: makes the exchange, which is released by `requestCompleted`.
func requestLine(
  _ context: UnsafeMutableRawPointer?, _ uri: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context, let uri, let connection else { return nil }
  let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
  let length = uri.withMemoryRebound(to: UInt8.self, capacity: 1) { start in
    var length = 0
    while start[length] != 0 { length += 1 }
    return length
  }
  let exchange = uri.withMemoryRebound(to: UInt8.self, capacity: length) {
    Exchange(
      core: core, connection: ConnectionHandle(connection),
      rawTarget: UnsafeBufferPointer(start: $0, count: length))
  }
  if core.exchanges.insert(exchange) == .closed { exchange.close() }
  return Unmanaged.passRetained(exchange).toOpaque()
}

/// Header read, piece of a body, end of the body, or awake again.
func requestAccess(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?,
  _ size: UnsafeMutablePointer<Int>?, _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let method, let size, let pointer = request?.pointee else { return .NO }
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  let piece = UnsafeRawBufferPointer(start: data, count: size.pointee)
  let step = exchange.access(method: String(cString: method), piece: piece)
  size.pointee = 0
  switch step {
  case .goOn: return .YES
  case .close: return .NO
  case .send(let response, let writer): return exchange.send(response, writer) ? .YES : .NO
  }
}

/// The request is over, however it ended.
func requestCompleted(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ how: MHD_RequestTerminationCode
) {
  guard let request, let pointer = request.pointee else { return }
  request.pointee = nil
  Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().finish()
}

/// A connection came or went.
func connectionChanged(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ socket: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ what: MHD_ConnectionNotificationCode
) {
  guard let context, what == .CONNECTION_NOTIFY_CLOSED else { return }
  Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue().connections.closed()
}

/// Leaves escapes alone: `RequestTarget` decodes, after splitting.
func leaveEscaped(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
  guard let text else { return 0 }
  var length = 0
  while text[length] != 0 { length += 1 }
  return length
}

/// The library wants more of a streamed body.
func readBody(
  _ source: UnsafeMutableRawPointer?, _ position: UInt64, _ target: UnsafeMutablePointer<CChar>?, _ length: Int
) -> Int {
  guard let source, let target else { return daybook_mhd_end_with_error }
  let body = Unmanaged<BodySource>.fromOpaque(source).takeUnretainedValue()
  let read = body.writer.read(
    into: UnsafeMutableRawBufferPointer(start: target, count: length), sleep: body.exchange.sleep)
  switch read {
  case .bytes(let count, _): return count
  case .complete: return daybook_mhd_end_of_stream
  case .cutOff: return daybook_mhd_end_with_error
  case .wait: return 0
  }
}

/// The library is done with a streamed body.
func freeBody(_ source: UnsafeMutableRawPointer?) {
  guard let source else { return }
  Unmanaged<BodySource>.fromOpaque(source).release()
}

/// The library says something.
func libraryLine(_ context: UnsafeMutableRawPointer?, _ line: UnsafePointer<CChar>?) {
  guard let context, let line else { return }
  Unmanaged<LibraryLog>.fromOpaque(context).takeUnretainedValue().add(String(cString: line))
}
