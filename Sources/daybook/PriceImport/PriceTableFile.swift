import Compression
import Control
import Crypto
import Domain
import Foundation

/// A public table of prices in a file, plain or compressed with zstd.
struct PriceTableFile: Sendable {
  /// The file's own name, without its folder.
  let name: String
  /// Lower-case hex SHA-256 of the file as it is.
  let sha256: String
  /// The moment that its prices hold from.
  let validFrom: Timestamp
  let currency: Currency
  let table: PriceTable

  private static let zstandard: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Reads a file, as the options say.
  ///
  /// - Throws: `UsageError` where there is no such file, it is no JSON, or nothing dates it.
  init(_ invocation: Invocation) throws {
    let command = invocation.command
    let path = invocation.operand(0) ?? ""
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError("cannot read \(path)", command)
    }
    let bytes = Array(data)
    guard bytes.count <= LiteLLMTable.mostBytes else { throw UsageError("\(path) is longer than 16 MiB", command) }
    name = path.split(separator: "/").last.map(String.init) ?? path
    sha256 = Hex.string(SHA256Digest.hash(bytes))
    let root: JSONView
    do {
      let text =
        bytes.starts(with: Self.zstandard)
        ? try Zstandard.decompress(bytes, limit: LiteLLMTable.mostBytes) : bytes
      root = try LiteLLMTable.scan(text)
    } catch let faults as JSONFaults {
      throw UsageError("\(path) is no JSON: \(faults)", command)
    }
    guard let currency = Currency(invocation["--currency"] ?? "USD") else {
      throw UsageError("--currency takes a code of ISO 4217", command)
    }
    self.currency = currency
    validFrom = try Self.date(invocation, root)
    table = LiteLLMTable.read(
      root, validFrom: validFrom, currency: currency, providers: try Self.providers(invocation))
  }

  /// When the prices hold from: as given, else from the day that the table says it was updated on.
  private static func date(_ invocation: Invocation, _ root: JSONView) throws -> Timestamp {
    if let text = invocation["--valid-from"] {
      guard let moment = Timestamp(rfc3339: text) else {
        throw UsageError("--valid-from takes a moment as RFC 3339 writes it", invocation.command)
      }
      return moment
    }
    guard let updated = LiteLLMTable.updatedAt(root) else {
      throw UsageError("the table does not say when it was updated: give --valid-from", invocation.command)
    }
    return CivilDate(utcDayOf: updated).startInUTC
  }

  private static func providers(_ invocation: Invocation) throws -> [String: String] {
    var map: [String: String] = [:]
    for text in invocation.all("--provider-map") {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw UsageError("--provider-map takes TABLE=NAME, such as bedrock_converse=aws", invocation.command)
      }
      map[parts[0]] = parts[1]
    }
    return map
  }
}
