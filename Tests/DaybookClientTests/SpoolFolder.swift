import Foundation

@testable import DaybookClient

/// A folder of a test's own, removed with it.
final class SpoolFolder: Sendable {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/daybook-spool-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var segments: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".segment") }.sorted()
  }

  func read(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path + "/" + name).map { Array($0) } ?? []
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func spool(ledger: String = "main", segmentBytes: Int = 8 << 20) throws -> Spool {
    try Spool(folder: path, ledger: ledger, segmentBytes: segmentBytes, isSynchronised: false)
  }
}

/// The bytes of a numbered text.
func text(_ number: Int) -> [UInt8] { Array("event \(number)".utf8) }
