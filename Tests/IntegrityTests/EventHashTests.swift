import Crypto
import Domain
import Integrity
import Testing

/// Golden values from Python: `json.dumps(…, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` and `hashlib`.
@Suite struct EventHashTests {
  private let data = Array(#"{"model":"m","status":"ok"}"#.utf8)
  private let derived = Array(#"{"posting_date":"2023-11-16"}"#.utf8)
  private let personalHash = Hex.bytes("a24f4e02a30b38093d0aa6c1f26c86922b71ed581821e15e1c3edf4787681937")!
  private let payloadHash = "aeb0dbb6209bc483cd31e61c00e20b6c69a3b26ca2a9aec882a71a0dbf3dc8be"

  @Test("the personal part is hashed with its salt before it")
  func personal() {
    let salt = (0..<16).map { UInt8($0) }
    #expect(EventHash.personal(salt: salt, personal: Array(#"{"/user":"alice"}"#.utf8)) == personalHash)
  }

  @Test("the payload binds data, conclusions and personal hash, and leaves out what is not there")
  func payload() {
    func hex(_ derived: [UInt8]?, _ personal: [UInt8]?) -> String {
      Hex.string(EventHash.payload(data: data, derived: derived, personalHash: personal))
    }
    #expect(hex(nil, nil) == "6b83dc12e773a093c2a9bde45bf46d707b3725543d938dab572f8c8740230824")
    #expect(hex(derived, nil) == "0e6f1bd0239dd86c9c4e090b468af10c78a91f9c76d0321c473e75658aa92f97")
    #expect(hex(derived, personalHash) == payloadHash)
    #expect(hex(nil, personalHash) == "9660d34f7a27757f4f4892afa038468da960aa03842792e60188da87711ecf35")
  }

  private func event() throws -> RecordedEvent {
    RecordedEvent(
      ledger: "main", position: 9_007_199_254_740_991, id: #"a"\b"#, source: "/gw", type: "completion.recorded",
      typeVersion: 1, subject: "call/1", sequence: 3,
      occurredAt: try #require(Timestamp(rfc3339: "2023-11-16T18:15:46.68059Z")),
      recordedAt: try #require(Timestamp(rfc3339: "2026-11-20T09:00:00.000001+01:00")), actor: "key1",
      actorKind: .service, data: data, payloadHash: try #require(Hex.bytes(payloadHash)))
  }

  @Test("the entry is the canonical envelope")
  func entry() throws {
    var event = try event()
    let entry = EventHash.entry(event)
    #expect(
      String(decoding: entry, as: UTF8.self)
        == #"{"actor":"key1","actorkind":"service","id":"a\"\\b","ledger":"main","payloadhash":"\#(payloadHash)","#
        + #""position":9007199254740991,"recordedtime":"2026-11-20T08:00:00.000001Z","sequence":3,"source":"/gw","#
        + #""subject":"call/1","time":"2023-11-16T18:15:46.680590Z","type":"completion.recorded","typeversion":1}"#)
    #expect(
      Hex.string(EventHash.leaf(entry: entry)) == "5b7e71967086816b360b07e0bb4d232c9c08181e52d3341f98f43c1975b1c62d")

    event.causationID = "cause é"
    event.correlationID = "corr\n"
    event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    #expect(
      Hex.string(EventHash.leaf(entry: EventHash.entry(event)))
        == "61300b893e8219c458b9031537ba48eddda88c1083708ef0678c3516dead3beb")
    // Canonical means canonical: reading and writing again changes nothing.
    let bytes = EventHash.entry(event)
    #expect(try JSON(parsing: bytes).canonical == bytes)
  }

  @Test("the longest members keep an entry well within its bound")
  func longest() throws {
    var event = try event()
    let quote = String(repeating: "\"", count: 256)
    event.id = quote
    event.source = quote
    event.subject = quote
    event.type = quote
    event.correlationID = String(repeating: "\u{1}", count: 256)
    event.causationID = event.correlationID
    event.actor = quote
    #expect(EventHash.entry(event).count < 10_000)
  }
}
