internal import CMicrohttpd

/// libmicrohttpd's connection.
///
/// `@unchecked Sendable`: the pointer is used on the library's own thread inside its callbacks, and elsewhere only to
/// resume the connection, under the lock of the exchange that suspended it; the library never frees a suspended
/// connection.
struct ConnectionHandle: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  func suspend() {
    MHD_suspend_connection(pointer)
  }

  func resume() {
    MHD_resume_connection(pointer)
  }

  /// Header fields in order, as text: UTF-8 where it is, else Latin-1.
  func headers() -> [(name: String, value: String)] {
    var list = HeaderList()
    withUnsafeMutablePointer(to: &list) {
      _ = MHD_get_connection_values_n(pointer, .HEADER_KIND, collectHeader, UnsafeMutableRawPointer($0))
    }
    return list.fields
  }

  /// The peer's address in numeric form; empty when unknown.
  func peerAddress() -> String {
    PeerAddress.text(daybook_mhd_peer(pointer))
  }

  /// Hands an answer to the library; false when it refuses.
  func queue(status: Int, _ response: OpaquePointer) -> Bool {
    MHD_queue_response(pointer, UInt32(clamping: status), response) == .YES
  }
}

/// What `collectHeader` fills.
private struct HeaderList {
  var fields: [(name: String, value: String)] = []
}

/// A C callback: one header field.
private func collectHeader(
  _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameLength: Int,
  _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
  guard let context, let name else { return .NO }
  context.assumingMemoryBound(to: HeaderList.self).pointee.fields.append(
    (fieldText(name, nameLength), value.map { fieldText($0, valueLength) } ?? ""))
  return .YES
}

private func fieldText(_ start: UnsafePointer<CChar>, _ length: Int) -> String {
  let bytes = UnsafeRawBufferPointer(start: start, count: length)
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}
