import Compression
import Domain
import Foundation

/// The shipped snapshots of a public price table (`tools/prices`).
enum LiteLLMSnapshots {
  static let days = ["2025-06-09", "2025-06-12", "2026-01-12", "2026-01-14", "2026-07-24"]

  static func bytes(_ day: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("tools/prices/litellm-\(day).json.zst")
    return try Zstandard.decompress(Array(Data(contentsOf: file)), limit: 16 << 20)
  }

  static func table(_ day: String) throws -> PriceTable {
    LiteLLMTable.read(
      try LiteLLMTable.scan(bytes(day)), validFrom: Timestamp(rfc3339: "\(day)T00:00:00Z")!,
      currency: Currency("USD")!)
  }
}
