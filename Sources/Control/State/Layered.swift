/// A dictionary with an overlay: what a batch changes is kept apart until the batch is committed.
///
/// Reading sees the overlay first. `merge` and `drop` cost as much as the overlay has changes, however large the
/// dictionary is.
struct Layered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// What is committed.
  private(set) var merged: [Key: Value] = [:]
  /// What the running batch changes: a value, or nil for what it removes.
  private var changes: [Key: Value?] = [:]

  /// Starts with these values, committed.
  init(_ merged: [Key: Value] = [:]) { self.merged = merged }

  /// The value of a key, overlay first; writing goes to the overlay.
  subscript(key: Key) -> Value? {
    get {
      if !changes.isEmpty, let change = changes[key] { return change }
      return merged[key]
    }
    set { changes.updateValue(newValue, forKey: key) }
  }

  /// Every value, overlay included, in no particular order.
  var values: [Value] {
    if changes.isEmpty { return Array(merged.values) }
    return merged.compactMap { changes.keys.contains($0.key) ? nil : $0.value } + changes.values.compactMap { $0 }
  }

  /// True where no value is left, overlay included.
  var isEmpty: Bool { changes.isEmpty ? merged.isEmpty : values.isEmpty }

  /// True where the overlay holds nothing.
  var isSettled: Bool { changes.isEmpty }

  /// Takes the overlay over.
  mutating func merge() {
    guard !changes.isEmpty else { return }
    let committed = changes
    changes = [:]
    for (key, value) in committed { merged[key] = value }
  }

  /// Forgets the overlay.
  mutating func drop() { if !changes.isEmpty { changes = [:] } }
}
