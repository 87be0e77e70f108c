internal import Domain
internal import Foundation

/// A ledger of a Daybook deployment, as a program sees it: append, read, ask the books, give commands.
///
/// A value that may be copied and shared freely; all copies use the same connections. Every request that can be repeated
/// safely is repeated with the same ids when the ledger is busy, away, or out of reach, within `configuration.retry`.
public struct Daybook: Sendable {
  /// The deployment's address, without a trailing slash.
  public let url: String
  /// The ledger's name.
  public let ledger: String
  /// Settings.
  public let configuration: DaybookConfiguration
  /// What carries the requests.
  public let transport: any Transport

  private let key: String

  /// Makes a client.
  ///
  /// - Parameters:
  ///   - url: The deployment's address, such as `https://daybook.example` or `http://127.0.0.1:7450`.
  ///   - key: The key's whole text, `dbk_…`; kept in memory only and never printed.
  ///   - ledger: The ledger's name: `[a-z][a-z0-9_-]{0,62}`.
  ///   - configuration: Settings.
  ///   - transport: What carries the requests; ``SocketTransport`` for `http`, ``URLSessionTransport`` for `https` by default.
  /// - Throws: ``DaybookError`` with `configuration`, or `insecure` where the address is unencrypted and not of this
  ///   machine and `configuration.allowsUnencryptedRemote` is not set.
  public init(
    url: String, key: String, ledger: String = "main", configuration: DaybookConfiguration = .init(),
    transport: (any Transport)? = nil
  ) throws(DaybookError) {
    var address = url
    while address.hasSuffix("/") { address.removeLast() }
    guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty,
      parts.query == nil, parts.fragment == nil, parts.user == nil
    else { throw DaybookError(.configuration, "the address is not http(s)://host[:port]") }
    if scheme == "http", !Self.isLoopback(host), !configuration.allowsUnencryptedRemote {
      throw DaybookError(.insecure, "unencrypted http goes to this machine only, unless it is allowed explicitly")
    }
    guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !key.isEmpty else {
      throw DaybookError(.configuration, "the key is empty or has other characters than printable ASCII")
    }
    guard Self.isLedgerName(ledger) else {
      throw DaybookError(.configuration, "a ledger's name is [a-z][a-z0-9_-]{0,62}")
    }
    self.url = address
    self.key = key
    self.ledger = ledger
    self.configuration = configuration
    if let transport {
      self.transport = transport
    } else if scheme == "http" {
      self.transport = try SocketTransport(url: address, connections: configuration.connections)
    } else {
      self.transport = URLSessionTransport(connections: configuration.connections)
    }
  }

  /// The same deployment, key and connections, another ledger.
  public func ledger(_ name: String) throws(DaybookError) -> Daybook {
    try Daybook(url: url, key: key, ledger: name, configuration: configuration, transport: transport)
  }

  /// The header that proves who asks.
  var authorisation: (name: String, value: String) { (name: "Authorization", value: "Bearer \(key)") }

  private static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func isLedgerName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, bytes.count <= 63, (0x61...0x7A).contains(first) else { return false }
    return bytes.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
    }
  }
}

extension Daybook: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Address and ledger; never the key.
  public var description: String { "Daybook(\(url), ledger \(ledger))" }
  /// Address and ledger; never the key.
  public var debugDescription: String { description }
  /// Address and ledger, so that `dump` does not show the key either.
  public var customMirror: Mirror { Mirror(self, children: ["url": url, "ledger": ledger]) }
}
