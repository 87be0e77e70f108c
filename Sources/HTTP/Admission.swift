/// Whether a request may send its body, decided on its header alone: nothing of a refused body is ever kept.
struct Admission: Equatable {
  /// Bytes that the body announces; nil when it comes in chunks.
  var length: Int?
  /// The client waits for `100 Continue` before it sends its body.
  var expectsContinue: Bool
  /// Why the request is refused.
  var refusal: HTTPServer.RejectionReason?

  /// There is no body to wait for.
  var hasNoBody: Bool { length == 0 }

  /// Judges header fields; `targetIsSound` says that path and query could be read.
  init(
    headers: [(name: String, value: String)], targetBytes: Int, targetIsSound: Bool,
    configuration: HTTPServer.Configuration
  ) {
    var lengths: [String] = []
    var isChunked = false
    var encodings = 0
    var bytes = targetBytes
    expectsContinue = false
    for (name, value) in headers {
      bytes += name.utf8.count + value.utf8.count + 4
      if ASCIICase.isSame(name, "Content-Length") { lengths.append(value) }
      if ASCIICase.isSame(name, "Expect") { expectsContinue = ASCIICase.isSame(value, "100-continue") }
      if ASCIICase.isSame(name, "Transfer-Encoding") {
        encodings += 1
        isChunked = ASCIICase.isSame(value, "chunked")
      }
    }
    if isChunked || encodings > 0 {
      length = nil
    } else {
      length = lengths.isEmpty ? 0 : lengths.first.flatMap(Self.number)
    }

    // Two framings are how requests are smuggled past proxies (RFC 9112, section 6.3).
    let framingIsSound =
      encodings > 0 ? (encodings == 1 && isChunked && lengths.isEmpty) : (lengths.count <= 1 && length != nil)
    if !framingIsSound {
      refusal = .malformedFraming
    } else if !targetIsSound {
      refusal = .malformedPath
    } else if bytes > configuration.maxHeaderBytes {
      refusal = .headersTooLarge
    } else if let length, length > configuration.maxBodyBytes {
      refusal = .bodyTooLarge
    }
  }

  /// Plain digits; a number beyond `Int` is just very large.
  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text) ?? .max
  }
}
