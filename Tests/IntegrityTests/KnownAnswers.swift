import Crypto
import Foundation

/// The known answers of `Fixtures/rfc6962.json`.
struct KnownAnswers: Decodable {
  struct Inclusion: Decodable {
    var index: Int
    var size: Int
    var path: [String]
  }
  struct Consistency: Decodable {
    var old: Int
    var new: Int
    var path: [String]
  }
  var leaves: [String]
  var leafHashes: [String]
  var roots: [String: String]
  var inclusion: [Inclusion]
  var consistency: [Consistency]

  enum CodingKeys: String, CodingKey {
    case leaves, roots, inclusion, consistency
    case leafHashes = "leaf_hashes"
  }

  static func load() throws -> KnownAnswers {
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/rfc6962.json")
    return try JSONDecoder().decode(KnownAnswers.self, from: Data(contentsOf: url))
  }

  var hashes: [[UInt8]] { leafHashes.map { Hex.bytes($0)! } }
  func root(_ size: Int) -> [UInt8] { Hex.bytes(roots[String(size)]!)! }
}
