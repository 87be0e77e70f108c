internal import Domain

extension Event {
  /// Refuses what no ledger would take, before it is sent or spooled.
  ///
  /// - Throws: ``DaybookError`` with `invalidEvent` and one fault for each member.
  func validate(source: String) throws(DaybookError) {
    if Self.isName(id, Limits.idLength), Self.isName(source, Limits.nameLength),
      Self.isName(subject, Limits.nameLength), Self.isName(type, Limits.idLength), typeVersion >= 1,
      data.count <= Limits.dataBytes, data.first == 0x7B
    {
      return
    }
    var faults: [ValidationFault] = []
    func check(_ holds: Bool, _ pointer: String, _ code: String, _ detail: String) {
      if !holds { faults.append(ValidationFault(pointer: pointer, code: code, detail: detail)) }
    }
    check(Self.isName(id, Limits.idLength), "/id", "pattern", "1 to 128 printable ASCII characters")
    check(Self.isName(source, Limits.nameLength), "/source", "pattern", "1 to 256 printable ASCII characters")
    check(Self.isName(subject, Limits.nameLength), "/subject", "pattern", "1 to 256 printable ASCII characters")
    check(Self.isName(type, Limits.idLength), "/type", "pattern", "1 to 128 printable ASCII characters")
    check(typeVersion >= 1, "/typeversion", "range", "from 1")
    check(data.count <= Limits.dataBytes, "/data", "length", "at most 48 KiB")
    check(data.first == 0x7B, "/data", "type", "an object")
    throw DaybookError(.invalidEvent, "no ledger would take this event", faults: faults)
  }

  /// Printable ASCII without spaces at its ends being questioned: the ledger decides on the rest.
  private static func isName(_ text: String, _ longest: Int) -> Bool {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= longest else { return false }
    for byte in bytes where byte < 0x20 || byte > 0x7E { return false }
    return true
  }

  /// Appends the structured CloudEvent, its members in canonical order.
  func appendCloudEvent(to bytes: inout [UInt8], source: String) {
    bytes.append(0x7B)
    Self.member("\"causationid\":", causationID, &bytes)
    Self.member("\"correlationid\":", correlationID, &bytes)
    Self.raw("\"data\":", &bytes)
    bytes.append(contentsOf: data)
    Self.raw(",\"datacontenttype\":\"application/json\",", &bytes)
    if let expectedSequence {
      // CloudEvents integers have 32 bits, so the ledger's are decimal strings there.
      Self.raw("\"expectedsequence\":\"", &bytes)
      JSONWriter.appendInteger(expectedSequence, to: &bytes)
      Self.raw("\",", &bytes)
    }
    Self.member("\"id\":", id, &bytes)
    Self.member("\"source\":", source, &bytes)
    Self.raw("\"specversion\":\"1.0\",", &bytes)
    Self.member("\"subject\":", subject, &bytes)
    if let time {
      Self.raw("\"time\":\"", &bytes)
      time.append(to: &bytes)
      Self.raw("\",", &bytes)
    }
    Self.member("\"traceparent\":", traceparent, &bytes)
    Self.raw("\"type\":", &bytes)
    JSONWriter.appendString(type, to: &bytes)
    if typeVersion != 1 {
      Self.raw(",\"typeversion\":", &bytes)
      JSONWriter.appendInteger(Int64(typeVersion), to: &bytes)
    }
    bytes.append(0x7D)
  }

  private static func member(_ name: StaticString, _ text: String?, _ bytes: inout [UInt8]) {
    guard let text else { return }
    raw(name, &bytes)
    JSONWriter.appendString(text, to: &bytes)
    bytes.append(0x2C)
  }

  private static func raw(_ text: StaticString, _ bytes: inout [UInt8]) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
}
