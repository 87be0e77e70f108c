import Crypto
import Domain
import HTTP

extension API {
  /// `time` may be this far ahead of our clock.
  static let timeAhead: Int64 = 10 * 60 * 1_000_000

  /// Appends CloudEvents, one or a batch, all or nothing.
  func appendEvents(_ call: Call) async throws -> HTTPResponse {
    let isBatch = try call.isBatch()
    let drafts =
      try isBatch ? CloudEvents.read(batch: call.request.body) : [CloudEvents.read(event: call.request.body)]
    let latest = Timestamp.now.microseconds + Self.timeAhead
    var faults: [ValidationFault] = []
    for (index, draft) in drafts.enumerated() {
      try call.key.checkAppend(type: draft.type, source: draft.source, index: isBatch ? index : nil)
      if let time = draft.time, time.microseconds > latest {
        faults.append(
          ValidationFault(
            index: isBatch ? index : nil, pointer: "/time", code: "time-ahead",
            detail: "is more than ten minutes ahead of the ledger's clock"))
      }
    }
    guard faults.isEmpty else { throw RequestFault(.invalidEvent, faults) }
    let writer = try registry.writer(call.ledger)
    let answer = try await measured(call.ledger) {
      try await writer.append(drafts, by: call.key.principal, bytes: call.request.body.count)
    }
    return .json(200, Self.body(of: answer, ledger: call.ledger))
  }

  /// `{"events":[…],"head":{…},"ledger":…}`, written straight to bytes as it is on every append's path.
  static func body(of answer: AppendAnswer, ledger: String, extra: [(name: String, value: JSON)] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 + answer.receipts.count * 160)
    bytes += "{".utf8
    for (name, value) in extra {
      JSONWriter.appendString(name, to: &bytes)
      bytes += ":".utf8
      value.appendCanonical(to: &bytes)
      bytes += ",".utf8
    }
    bytes += "\"events\":[".utf8
    for (index, receipt) in answer.receipts.enumerated() {
      bytes += (index == 0 ? "{\"duplicate\":" : ",{\"duplicate\":").utf8
      bytes += (receipt.duplicate ? "true" : "false").utf8
      bytes += ",\"id\":".utf8
      JSONWriter.appendString(receipt.id, to: &bytes)
      bytes += ",\"position\":".utf8
      JSONWriter.appendInteger(receipt.position, to: &bytes)
      bytes += ",\"recordedtime\":\"".utf8
      receipt.recordedAt.append(to: &bytes)
      bytes += "\",\"sequence\":".utf8
      JSONWriter.appendInteger(receipt.sequence, to: &bytes)
      bytes += "}".utf8
    }
    bytes += "],\"head\":{\"position\":".utf8
    JSONWriter.appendInteger(answer.position, to: &bytes)
    bytes += ",\"root\":\"\(Hex.string(answer.root))\"},\"ledger\":".utf8
    JSONWriter.appendString(ledger, to: &bytes)
    bytes += "}".utf8
    return bytes
  }
}

extension Call {
  /// True for a batch, by the media type; plain JSON decides by its first byte.
  func isBatch() throws(RequestFault) -> Bool {
    let type = (request.header("Content-Type") ?? "").split(separator: ";").first.map(String.init) ?? ""
    switch type.lowercased().trimmingSpaces {
    case "application/cloudevents+json": return false
    case "application/cloudevents-batch+json": return true
    case "application/json":
      return request.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
    default: throw RequestFault(.unsupportedMediaType)
    }
  }
}
