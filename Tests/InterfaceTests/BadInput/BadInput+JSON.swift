extension BadInput {
  /// What is no JSON, and what is JSON that the ledger does not take: each by name, with its place.
  static let json: [BadInput] = [
    malformed("nothing", [], "", "syntax"),
    malformed("half an object", Array(#"{"specversion":"1.0","#.utf8), "", "syntax"),
    malformed("a comma too many", Array(text(data: ["attempt": "1,"]).utf8), "/data", "syntax"),
    malformed("single quotes", Array("{'a':1}".utf8), "", "syntax"),
    malformed("a comment", Array((text() + "// done").utf8), "", "trailing-bytes"),
    malformed("two events in a row", Array((text() + text()).utf8), "", "trailing-bytes"),
    malformed("a byte order mark", [0xEF, 0xBB, 0xBF] + Array(text().utf8), "", "byte-order-mark"),
    malformed("bytes that are no UTF-8", latin1, "/data/team", "utf8"),
    malformed("NaN", Array(text(data: ["attempt": "NaN"]).utf8), "/data/attempt", "syntax"),
    malformed("a plus sign", Array(text(data: ["attempt": "+1"]).utf8), "/data/attempt", "syntax"),
    malformed("too deep", Array(text(data: ["raw_usage": deep(20)]).utf8), deepPlace, "depth"),
    event("1.0", data: ["attempt": "1.0"], "/data/attempt", "float"),
    event("1e2", data: ["latency_ms": "1e2"], "/data/latency_ms", "float"),
    event("0.5 as a score", data: ["quality_score": "0.5"], "/data/quality_score", "float"),
    event("-0", data: ["latency_ms": "-0"], "/data/latency_ms", "negative-zero"),
    event("2^53", data: ["latency_ms": "9007199254740992"], "/data/latency_ms", "integer-range"),
    event("-2^53", data: ["latency_ms": "-9007199254740992"], "/data/latency_ms", "integer-range"),
    event("2^64 + 1", data: ["latency_ms": "18446744073709551617"], "/data/latency_ms", "integer-range"),
    event("a leading zero", data: ["attempt": "01"], "/data/attempt", "leading-zero"),
    event("an escaped NUL", data: ["team": #""a\u0000b""#], "/data/team", "nul"),
    event("a raw control character", data: ["team": "\"a\u{1}b\""], "/data/team", "control-character"),
    event("a high surrogate alone", data: ["team": #""\ud83d""#], "/data/team", "lone-surrogate"),
    event("a low surrogate alone", data: ["team": #""\ude00x""#], "/data/team", "lone-surrogate"),
    event("surrogates the wrong way round", data: ["team": #""\ude00\ud83d""#], "/data/team", "lone-surrogate"),
    event("a key twice in data", data: ["team": #""a","team":"b""#], "/data/team", "duplicate-key"),
    event("a key twice, once escaped", data: ["team": #""a","te\u0061m":"b""#], "/data/team", "duplicate-key"),
    event("an id twice", ["id": #""a","id":"a""#], "/id", "duplicate-key"),
    event("a NUL in a key", data: ["tags": #"{"a\u0000":"b"}"#], "/data/tags", "nul"),
  ]

  private static let latin1 = Array(text(data: ["team": "\"caf?\""]).utf8).map { $0 == UInt8(ascii: "?") ? 0xE9 : $0 }

  private static func deep(_ levels: Int) -> String {
    String(repeating: #"{"a":"#, count: levels) + "1" + String(repeating: "}", count: levels)
  }
  /// The event and its data are two levels of the sixteen.
  private static let deepPlace = "/data/raw_usage" + String(repeating: "/a", count: 14)
}
