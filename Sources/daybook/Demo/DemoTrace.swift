import Compression
import Domain
import Foundation

/// The demo's input: requests of two language-model services in Azure on 16 November 2023.
///
/// Azure LLM inference trace 2023, CC-BY 4.0; see `tools/demo/azure-llm-2023/README.md`.
struct DemoTrace: Sendable {
  /// One of the two files.
  struct File: Sendable {
    /// `conv` or `code`: part of every id.
    var name: String
    var operation: String
    var requests: [Request]
  }
  /// A line of a file.
  struct Request: Sendable, Equatable {
    /// From 1.
    var row: Int
    var time: Timestamp
    var inputTokens: Int64
    var outputTokens: Int64
  }
  /// What a file may hold once it is decompressed.
  private static let limit = 64 << 20

  let files: [File]

  /// Reads both files.
  /// - Throws: ``UsageError`` where the folder is not given or files are not there or not what they should be.
  init(_ invocation: Invocation) throws {
    guard let folder = invocation["--demo-data"] else {
      throw UsageError("--demo needs --demo-data; tools/up gives it", invocation.command)
    }
    files = try [("conv", "chat_message"), ("code", "agent_execution")].map { name, operation in
      let path = "\(folder)/\(name).csv.zst"
      guard let compressed = FileManager.default.contents(atPath: path) else {
        throw UsageError("cannot read \(path)", invocation.command)
      }
      let text = try Zstandard.decompress(Array(compressed), limit: Self.limit)
      guard let requests = Self.parse(text) else { throw UsageError("\(path) is not the trace", invocation.command) }
      return File(name: name, operation: operation, requests: requests)
    }
  }

  /// Events in all: a decision and a completion a request.
  var events: Int64 { Int64(files.reduce(0) { $0 + 2 * $1.requests.count }) }

  /// Reads `TIMESTAMP,ContextTokens,GeneratedTokens`; nil where a line is anything else.
  static func parse(_ text: [UInt8]) -> [Request]? {
    var lines = text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })[...]
    guard let heading = lines.popFirst(), heading.elementsEqual("TIMESTAMP,ContextTokens,GeneratedTokens".utf8) else {
      return nil
    }
    var requests: [Request] = []
    requests.reserveCapacity(lines.count)
    for line in lines {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      // `2023-11-16 18:15:46.6805900`: UTC, ten millionths of a second, cut to microseconds.
      guard fields.count == 3, fields[0].utf8.count == 27,
        let time = Timestamp(rfc3339: fields[0].dropLast().replacing(" ", with: "T") + "Z"),
        let input = Int64(fields[1]), let output = Int64(fields[2]), input >= 0, output >= 0
      else { return nil }
      requests.append(Request(row: requests.count + 1, time: time, inputTokens: input, outputTokens: output))
    }
    return requests
  }
}
