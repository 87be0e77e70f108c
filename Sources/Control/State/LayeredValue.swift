/// One value with an overlay, as `Layered` is for many.
struct LayeredValue<Value: Sendable>: Sendable {
  /// What is committed.
  private(set) var merged: Value
  /// What holds, the running batch included.
  var current: Value

  init(_ merged: Value) {
    self.merged = merged
    current = merged
  }

  mutating func merge() { merged = current }
  mutating func drop() { current = merged }
}
