internal import CMicrohttpd

/// An answer in the library's form.
struct ResponseMessage: ~Copyable {
  private let pointer: OpaquePointer
  let status: Int

  /// Makes it; nil when a status or header field cannot be sent.
  init?(_ response: HTTPResponse, writer: BodyWriter?, exchange: Exchange, closing: Bool) {
    guard (200...599).contains(response.status), let made = Self.body(response, writer, exchange) else { return nil }
    guard Self.add(response.headers, to: made) else {
      MHD_destroy_response(made)
      return nil
    }
    if closing { MHD_add_response_header(made, "Connection", "close") }
    pointer = made
    status = response.status
  }

  deinit {
    // The library counts references: a queued response lives on until it was sent.
    MHD_destroy_response(pointer)
  }

  /// Hands it to the connection.
  func queue(on connection: ConnectionHandle) -> Bool {
    connection.queue(status: status, pointer)
  }

  private static func body(
    _ response: HTTPResponse, _ writer: BodyWriter?, _ exchange: Exchange
  ) -> OpaquePointer? {
    switch response.body {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes {
        MHD_create_response_from_buffer(
          $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .stream:
      let source = writer.map { Unmanaged.passRetained(BodySource(writer: $0, exchange: exchange)) }
      let message = MHD_create_response_from_callback(
        daybook_mhd_size_unknown, 32 << 10, readBody, source?.toOpaque(), source == nil ? nil : freeBody)
      // Without a writer (HEAD) the reader is never asked, but 0.9.75 sends the last chunk all the same, which the
      // peer would take for the next answer.
      if let message, source == nil { daybook_mhd_end_by_closing(message) }
      return message
    }
  }

  private static func add(_ headers: [(name: String, value: String)], to message: OpaquePointer) -> Bool {
    headers.allSatisfy { name, value in
      if isOwn(name) || value.isEmpty { return true }
      let isSound = !name.utf8.contains(0) && !value.utf8.contains(0)
      return isSound && MHD_add_response_header(message, name, value) == .YES
    }
  }

  /// Fields that the library sets itself.
  private static func isOwn(_ name: String) -> Bool {
    ["Content-Length", "Transfer-Encoding", "Date"].contains { ASCIICase.isSame($0, name) }
  }
}
