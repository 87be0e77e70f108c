public import Domain

/// The data of one type of event.
public protocol EventContent: Sendable {
  /// The catalogue's name, or `x.…`.
  var eventType: String { get }
  /// The version of the type, from 1.
  var eventTypeVersion: Int { get }
  /// Writes the data as one JSON object, its members in the order of their keys' UTF-16 code units (RFC 8785).
  func write(to writer: inout DataWriter)
}

extension EventContent {
  /// 1.
  public var eventTypeVersion: Int { 1 }
}

/// Writes the object of an event's data straight into bytes; nil members are left out.
public struct DataWriter: Sendable {
  /// What was written.
  public private(set) var bytes: [UInt8] = []
  private var isFirst = true

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Writes an object whose members `body` writes.
  public mutating func object(_ body: (inout DataWriter) -> Void) {
    bytes.append(0x7B)
    isFirst = true
    body(&self)
    bytes.append(0x7D)
    isFirst = false
  }

  /// Writes a member that is an object; its members must be in order too.
  public mutating func member(_ key: StaticString, _ body: (inout DataWriter) -> Void) {
    name(key)
    object(body)
  }

  /// Writes a text.
  public mutating func member(_ key: StaticString, _ text: String?) {
    guard let text else { return }
    name(key)
    JSONWriter.appendString(text, to: &bytes)
  }

  /// Writes a whole number, within ±(2^53−1).
  public mutating func member(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    name(key)
    JSONWriter.appendInteger(value, to: &bytes)
  }

  /// Writes an amount with its currency.
  public mutating func member(_ key: StaticString, _ money: Money?) {
    guard let money else { return }
    member(key) { writer in
      writer.member("amount", money.amount.description)
      writer.member("currency", money.currency.code)
    }
  }

  /// Writes an exact fraction as a decimal string.
  public mutating func member(_ key: StaticString, _ fraction: Amount?) {
    guard let fraction else { return }
    member(key, fraction.description)
  }

  /// Writes a moment, RFC 3339 in UTC.
  public mutating func member(_ key: StaticString, _ moment: Timestamp?) {
    guard let moment else { return }
    name(key)
    bytes.append(0x22)
    moment.append(to: &bytes)
    bytes.append(0x22)
  }

  /// Writes any value, in its canonical form.
  public mutating func member(_ key: StaticString, _ value: JSON?) {
    guard let value else { return }
    name(key)
    value.appendCanonical(to: &bytes)
  }

  /// Writes a whole value, where the content keeps one.
  public mutating func value(_ value: JSON) { value.appendCanonical(to: &bytes) }

  private mutating func name(_ key: StaticString) {
    if isFirst { isFirst = false } else { bytes.append(0x2C) }
    bytes.append(0x22)
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(0x22)
    bytes.append(0x3A)
  }
}
