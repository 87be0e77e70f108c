/// Path and query of a request target, split while raw and decoded after (RFC 3986, section 2.4).
///
/// Decoding first would let `%2F` make segments and `%26` make query items.
struct RequestTarget: Sendable {
  var path: [String]
  var query: [(name: String, value: String)]

  /// Reads the origin form (`/path?query`) or the absolute form (`http://host/path?query`); nil when malformed.
  ///
  /// Refused are: bad escapes, `%00`, bytes that decode to invalid UTF-8, and raw control characters, spaces,
  /// non-ASCII bytes and `#`.
  init?(raw: some Sequence<UInt8>) {
    var bytes = Array(raw)[...]
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return nil }
    bytes = Self.droppingAuthority(bytes)
    guard bytes.first == UInt8(ascii: "/") else { return nil }

    let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
    let rawPath = bytes[bytes.startIndex + 1..<(mark ?? bytes.endIndex)]
    path = []
    if !rawPath.isEmpty {
      for segment in rawPath.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
        guard let text = Self.decoded(segment, plusIsSpace: false) else { return nil }
        path.append(text)
      }
    }
    query = []
    guard let mark else { return }
    for item in bytes[(mark + 1)...].split(separator: UInt8(ascii: "&")) {
      let equals = item.firstIndex(of: UInt8(ascii: "="))
      let value = equals.map { item[($0 + 1)...] } ?? []
      guard
        let name = Self.decoded(item[..<(equals ?? item.endIndex)], plusIsSpace: true),
        let value = Self.decoded(value, plusIsSpace: true)
      else { return nil }
      query.append((name, value))
    }
  }

  /// The absolute form, which proxies send (RFC 9112, section 3.2.2), without its scheme and authority.
  private static func droppingAuthority(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for scheme in ["http://", "https://"] where bytes.starts(with: scheme.utf8) {
      let rest = bytes.dropFirst(scheme.utf8.count)
      guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: "/")] }
      return rest[slash...]
    }
    return bytes
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        guard
          index + 2 < bytes.endIndex, let high = hexDigit(bytes[index + 1]),
          let low = hexDigit(bytes[index + 2]), high | low != 0
        else { return nil }
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return String(validating: result, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
