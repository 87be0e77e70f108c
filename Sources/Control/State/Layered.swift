/// A dictionary with an overlay: what a batch changes is kept apart until the batch is committed.
///
/// Reading sees the overlay first. `merge` and `drop` cost as much as the overlay has changes, however large the
/// dictionary is, and whoever else holds a copy of it: while a copy is out (a snapshot that is being written), what is
/// committed gathers in a layer of its own, and sinks into the dictionary once the copy is gone. So a copy costs nothing,
/// and no batch ever pays for one.
struct Layered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// What is committed, but for `recent`. Changed only while nobody else holds it.
  private var base: LayeredBase<Key, Value>
  /// What was committed while somebody else held the base.
  private var recent: [Key: Value?] = [:]
  /// What the running batch changes: a value, or nil for what it removes.
  private var changes: [Key: Value?] = [:]
  /// Values that `recent` adds to the base; less those that it removes.
  private var recentGrowth = 0
  /// Grows with each merge that changed something.
  private(set) var version = 0

  /// Starts with these values, committed.
  init(_ merged: [Key: Value] = [:]) { base = LayeredBase(merged) }

  /// The value of a key, overlay first; writing goes to the overlay.
  subscript(key: Key) -> Value? {
    get {
      if !changes.isEmpty, let change = changes[key] { return change }
      return committed(key)
    }
    set { changes.updateValue(newValue, forKey: key) }
  }

  /// The committed value of a key.
  func committed(_ key: Key) -> Value? {
    if !recent.isEmpty, let change = recent[key] { return change }
    return base.table[key]
  }

  /// What is committed, as a dictionary: for tables that stay small.
  var merged: [Key: Value] { Dictionary(uniqueKeysWithValues: committedEntries.map { ($0.key, $0.value) }) }

  /// What is committed, in no particular order.
  var committedEntries: [(key: Key, value: Value)] {
    var entries: [(key: Key, value: Value)] = []
    entries.reserveCapacity(committedCount)
    for (key, value) in base.table.entries where recent[key] == nil { entries.append((key, value)) }
    for case (let key, let value?) in recent { entries.append((key, value)) }
    return entries
  }

  /// How many values are committed.
  var committedCount: Int { base.table.count + recentGrowth }

  /// Every value, overlay included, in no particular order.
  var values: [Value] {
    var values: [Value] = []
    for (key, value) in base.table.entries where changes[key] == nil && recent[key] == nil { values.append(value) }
    for (key, value) in recent where changes[key] == nil { if let value { values.append(value) } }
    return values + changes.values.compactMap { $0 }
  }

  /// Shows every key with its value, overlay included, in no particular order. Copies nothing.
  func forEach(_ body: (Key, Value) -> Void) {
    for (key, value) in base.table.entries where changes[key] == nil && recent[key] == nil { body(key, value) }
    for (key, value) in recent where changes[key] == nil { if let value { body(key, value) } }
    for case (let key, let value?) in changes { body(key, value) }
  }

  /// True where no value is left, overlay included.
  var isEmpty: Bool { changes.isEmpty && recent.isEmpty ? base.table.count == 0 : values.isEmpty }

  /// True where the overlay holds nothing.
  var isSettled: Bool { changes.isEmpty }

  /// Removes what fits a condition, in the overlay. Looks at every value.
  mutating func removeAll(where isRemoved: (Key, Value) -> Bool) {
    for (key, value) in committedEntries where changes[key] == nil && isRemoved(key, value) {
      changes.updateValue(nil, forKey: key)
    }
    for case (let key, let value?) in changes where isRemoved(key, value) { changes.updateValue(nil, forKey: key) }
  }

  /// Takes the overlay over.
  mutating func merge() {
    if changes.isEmpty && recent.isEmpty { return }
    let isOurs = isKnownUniquelyReferenced(&base)
    if isOurs && !recent.isEmpty {
      base.take(recent)
      (recent, recentGrowth) = ([:], 0)
    }
    if changes.isEmpty { return }
    if isOurs { base.take(changes) } else { setAside() }
    changes = [:]
    version += 1
  }

  private mutating func setAside() {
    for (key, value) in changes {
      recentGrowth += (value == nil ? 0 : 1) - (committed(key) == nil ? 0 : 1)
      recent.updateValue(value, forKey: key)
    }
  }

  /// Forgets the overlay.
  mutating func drop() { if !changes.isEmpty { changes = [:] } }
}

/// The large part of a layered dictionary, shared by its copies.
///
/// Unchecked Sendable: it is written to only through `Layered.merge`, by the one who holds the only reference to it.
private final class LayeredBase<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
  private(set) var table: PartedTable<Key, Value>

  init(_ values: [Key: Value]) { table = PartedTable(values) }

  func take(_ changes: [Key: Value?]) { for (key, value) in changes { table[key] = value } }
}
