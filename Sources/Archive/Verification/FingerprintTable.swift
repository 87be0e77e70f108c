/// Numbers by 64-bit fingerprints of texts: at least half of the table is empty, sixteen bytes a place.
///
/// The fingerprints are keyed by the process's own secret, so nobody can choose two texts that have one. Where chance does,
/// what is found is looked up before it is told.
struct FingerprintTable {
  /// A fingerprint beside its number, so that finding both costs one trip to memory.
  private struct Place {
    var key: UInt64 = 0
    var value: UInt32 = 0
  }
  private var places: [Place]
  private var count = 0

  /// Makes room for so many entries without growing.
  init(expecting entries: Int64) {
    places = Array(repeating: Place(), count: FingerprintSet.size(expecting: entries))
  }

  /// Puts the sequence of each event at its subject, and tells with each the one before; 0 where there was none.
  mutating func replace(_ events: [CheckedChunk.Event], _ body: (CheckedChunk.Event, UInt32) -> Void) {
    for event in events where event.subject != 0 {
      body(event, replace(event.subject, UInt32(clamping: max(1, event.sequence))))
    }
  }

  /// Puts a value, which is not 0, and answers the one before; 0 where there was none.
  private mutating func replace(_ key: UInt64, _ value: UInt32) -> UInt32 {
    if 2 * count >= places.count { grow() }
    let slot = slot(of: key)
    let before = places[slot].value
    if before == 0 { count += 1 }
    places[slot] = Place(key: key, value: value)
    return before
  }

  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: key) & (places.count - 1)
    while places[slot].key != 0 && places[slot].key != key { slot = (slot + 1) & (places.count - 1) }
    return slot
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: Place(), count: 2 * old.count)
    for place in old where place.key != 0 { places[slot(of: place.key)] = place }
  }
}

/// Which 64-bit fingerprints were seen: at least half of the set is empty, eight bytes a place.
struct FingerprintSet {
  private var keys: [UInt64]
  private var count = 0

  /// Makes room for so many entries without growing.
  init(expecting entries: Int64) { keys = Array(repeating: 0, count: Self.size(expecting: entries)) }

  /// Places for so many entries, up to four million: more are made when they are needed.
  static func size(expecting entries: Int64) -> Int {
    var size = 1 << 12
    while Int64(size) / 2 < entries && size < 1 << 22 { size *= 2 }
    return size
  }

  /// Puts the identity of each event, and tells those that were there.
  mutating func insert(_ events: [CheckedChunk.Event], _ body: (CheckedChunk.Event) -> Void) {
    for event in events where event.subject != 0 && !insert(event.identity) { body(event) }
  }

  /// Puts a fingerprint, which is not 0; false where it was there.
  private mutating func insert(_ key: UInt64) -> Bool {
    if 2 * count >= keys.count { grow() }
    let slot = slot(of: key)
    if keys[slot] == key { return false }
    keys[slot] = key
    count += 1
    return true
  }

  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: key) & (keys.count - 1)
    while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  private mutating func grow() {
    let old = keys
    keys = Array(repeating: 0, count: 2 * old.count)
    for key in old where key != 0 { keys[slot(of: key)] = key }
  }
}
