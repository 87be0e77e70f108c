import Lifecycle

/// Where the API listens, as the options say.
struct Listening: Sendable {
  var host: String
  var port: Int
  /// PEM texts.
  var tls: (certificate: String, key: String)?

  /// - Throws: ``UsageError``, also for an address that others can reach without TLS and without `--insecure-bind`.
  init(_ invocation: Invocation) throws {
    host = invocation["--host"] ?? "127.0.0.1"
    port = Int(try invocation.integer("--port", in: 0...65_535) ?? 7450)
    switch (invocation["--tls-cert"], invocation["--tls-key"]) {
    case (nil, nil): tls = nil
    case (let certificate?, let key?):
      tls = (
        try TextFile.read(certificate, invocation.command), try TextFile.read(key, invocation.command)
      )
    default: throw UsageError("--tls-cert and --tls-key go together", invocation.command)
    }
    if tls == nil && !Self.isLoopback(host) && !invocation.has("--insecure-bind") {
      throw UsageError(
        """
        \(host) can be reached by others, and keys would travel unencrypted: give --tls-cert and --tls-key, or \
        --insecure-bind where something else encrypts
        """, invocation.command)
    }
  }

  /// The address that clients on this machine use.
  func url(port: Int) -> String {
    let reached = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
    return "\(tls == nil ? "http" : "https")://\(reached.contains(":") ? "[\(reached)]" : reached):\(port)"
  }

  /// `127.0.0.0/8`, `::1` and the name that stands for them.
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
