/// An event as its producer said it: validated against the catalogue, its personal part set apart, not yet in the log.
public struct EventDraft: Sendable {
  /// Producer's identity of the event: 1 to 128 printable ASCII characters, unique per `source` and ledger.
  public var id: String
  /// Producer: 1 to 256 printable ASCII characters.
  public var source: String
  /// Catalogue name or `x.…`.
  public var type: String
  /// From 1.
  public var typeVersion: Int
  /// What the event is about: 1 to 256 printable ASCII characters.
  public var subject: String
  /// The producer's time, where it gave one.
  public var time: Timestamp?
  /// The optimistic lock: the subject's last sequence that the producer knows (0: the subject is new).
  public var expectedSequence: Int64?
  /// What belongs together, by the producer's word: 1 to 128 printable ASCII characters.
  public var correlationID: String?
  /// What caused it, by the producer's word: 1 to 128 printable ASCII characters.
  public var causationID: String?
  /// W3C trace context.
  public var traceparent: String?
  /// The producer's whole data as it was scanned (personal members included).
  public var body: JSONView
  /// Canonical bytes of the data without the personal members.
  public var data: [UInt8]
  /// Canonical bytes of the personal part (`{"/user":"alice"}`: JSON Pointer into data → value), nil where there is none.
  public var personal: [UInt8]?
  /// The persons mentioned: their values become tokens.
  public var persons: [PersonMention]
  /// Makes a draft.
  public init(
    id: String, source: String, type: String, typeVersion: Int = 1, subject: String, time: Timestamp? = nil,
    expectedSequence: Int64? = nil, correlationID: String? = nil, causationID: String? = nil,
    traceparent: String? = nil,
    body: JSONView, data: [UInt8], personal: [UInt8]?, persons: [PersonMention]
  ) {
    self.id = id
    self.source = source
    self.type = type
    self.typeVersion = typeVersion
    self.subject = subject
    self.time = time
    self.expectedSequence = expectedSequence
    self.correlationID = correlationID
    self.causationID = causationID
    self.traceparent = traceparent
    self.body = body
    self.data = data
    self.personal = personal
    self.persons = persons
  }
}

/// A member that names a person: `user`, `session` or `customer`.
public struct PersonMention: Sendable, Hashable {
  /// `user`, `session` or `customer`.
  public var kind: String
  /// Its place in data, such as `/user`.
  public var pointer: String
  /// What the producer called the person.
  public var value: ExactText
  /// Makes a mention.
  public init(kind: String, pointer: String, value: ExactText) {
    self.kind = kind
    self.pointer = pointer
    self.value = value
  }
}

/// One error of validation.
public struct ValidationFault: Sendable, Equatable {
  /// Which event of a batch, from 0; nil where the body is no list.
  public var index: Int?
  /// RFC 6901 pointer into the event (`/data/usage/input_tokens`).
  public var pointer: String
  /// Stable name: a `JSONFault` code, or `required`, `unknown-field`, `type`, `range`, `length`, `pattern`, `enum`, …
  public var code: String
  /// For people; never holds the offending value.
  public var detail: String
  /// Makes a fault.
  public init(index: Int? = nil, pointer: String, code: String, detail: String) {
    self.index = index
    self.pointer = pointer
    self.code = code
    self.detail = detail
  }
}
