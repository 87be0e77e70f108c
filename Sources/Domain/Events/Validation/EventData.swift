/// An event's data after validation: the personal part set apart, both in RFC 8785 form.
public struct EventData: Sendable {
  /// The data without the personal members.
  public var data: [UInt8]
  /// JSON Pointer into data → value; nil where there is none.
  public var personal: [UInt8]?
  /// The persons mentioned.
  public var persons: [PersonMention]
}

/// What is wrong with events.
public struct EventFaults: Error, Sendable, Equatable, CustomStringConvertible {
  /// At least one and at most `JSONLimits.faults`.
  public var faults: [ValidationFault]
  /// Makes an error of faults.
  public init(_ faults: [ValidationFault]) { self.faults = faults }
  /// True where an event of a type that only the ledger writes was among them.
  public var includesCommandOnly: Bool { faults.contains { $0.code == "command-only" } }
  /// The codes and places; never the values.
  public var description: String {
    faults.map { "\($0.code) at \($0.index.map { "event \($0) " } ?? "")\($0.pointer)" }.joined(separator: ", ")
  }
}

extension Catalogue {
  /// The most that an event's data may take in RFC 8785 form, personal members included: 48 KiB.
  public static let dataBytes = 48 << 10

  /// Checks data against a type and sets its personal part apart.
  ///
  /// - Throws: all faults, with pointers below `/data`.
  public func validate(_ data: JSONView, as type: EventType) throws(EventFaults) -> EventData {
    var faults: [ValidationFault] = []
    let result = data.document.withTape { type.read($0, data.index, index: nil, &faults) }
    guard let result else { throw EventFaults(faults) }
    return result
  }
}

extension EventType {
  /// Checks the value at `root`; appends to `faults` and answers nil where something is wrong.
  func read(_ tape: JSONTape, _ root: Int, index: Int?, _ faults: inout [ValidationFault]) -> EventData? {
    schema.withReader(tape) { reader in
      reader.check(root, 0)
      if fields == nil, let value = tape.member(root, "personal") {
        reader.personal.append(SchemaReader.PersonalMember(key: value - 1, rule: 0))
      }
      guard reader.marks.isEmpty else {
        faults += reader.faults(schema, root: root, at: "/data", index: index)
        return nil
      }
      if let fault = periodFault(tape, root, index) {
        faults.append(fault)
        return nil
      }
      let data = PersonalPart.separate(tape, root, reader.personal, schema)
      if data.data.count + (data.personal?.count ?? 0) > Catalogue.dataBytes {
        faults.append(
          ValidationFault(
            index: index, pointer: "/data", code: "data-size",
            detail: "data takes at most \(Catalogue.dataBytes) bytes"))
        return nil
      }
      return data
    }
  }

  private func periodFault(_ tape: JSONTape, _ root: Int, _ index: Int?) -> ValidationFault? {
    guard let period, let start = moment(tape, root, period.start), let end = moment(tape, root, period.end) else {
      return nil
    }
    let pointer = "/data/" + period.end
    if start >= end {
      return ValidationFault(
        index: index, pointer: pointer, code: "period", detail: "the period is half-open: it must end after it starts"
      )
    }
    if end - start > period.longestDays * 86_400_000_000 {
      return ValidationFault(
        index: index, pointer: pointer, code: "period", detail: "a period takes at most \(period.longestDays) days")
    }
    return nil
  }

  private func moment(_ tape: JSONTape, _ root: Int, _ name: String) -> Int64? {
    guard let value = name.withUTF8Bytes({ tape.member(root, $0) }), tape[value].kind == .string else { return nil }
    return tape.withText(value) { TimestampScanner.microseconds(of: $0) }
  }
}

extension JSONTape {
  /// The value node of a member.
  func member(_ index: Int, _ key: StaticString) -> Int? {
    member(index, UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
  }
}
