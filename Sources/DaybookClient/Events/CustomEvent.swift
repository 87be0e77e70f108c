public import Domain

/// An event of the user's own: a type that starts with `x.`, any object without floating-point numbers.
///
/// What stands under the member `personal` is kept apart as personal.
public struct CustomEvent: EventContent, Equatable {
  /// `x.…`
  public var eventType: String
  /// The version of the type, from 1.
  public var eventTypeVersion: Int
  /// The data: an object.
  public var data: JSON

  /// Makes an event of the user's own; the type is given with its `x.`.
  public init(_ type: String, version: Int = 1, data: JSON) {
    eventType = type
    eventTypeVersion = version
    self.data = data
  }

  /// Writes the object.
  public func write(to writer: inout DataWriter) { writer.value(data) }
}
