/// What was lately used, bounded: in two generations, the older one is forgotten whole.
///
/// In many small parts that grow and forget each by itself: one large dictionary would hold a batch up for tens of
/// milliseconds whenever it grows or is forgotten.
///
/// A class, as a plan looks into it while the writer owns it: a copy of a value would cost as much as the cache is large.
final class RecentCache<Key: Hashable, Value> {
  private struct Part {
    var young: [Key: Value] = [:]
    var old: [Key: Value] = [:]
  }

  private var parts: [Part]
  private let partSize: Int

  /// - Parameter generationSize: Entries of all parts after which they forget, about: each counts its own.
  init(generationSize: Int) {
    let count = max(1, min(256, generationSize / 256))
    parts = [Part](repeating: Part(), count: count)
    partSize = generationSize / count
  }

  subscript(key: Key) -> Value? {
    get {
      let part = part(of: key)
      return parts[part].young[key] ?? parts[part].old[key]
    }
    set {
      let part = part(of: key)
      parts[part].young[key] = newValue
      if parts[part].young.count >= partSize {
        parts[part].old = parts[part].young
        parts[part].young = [:]
      }
    }
  }

  /// Takes these over.
  func merge(_ entries: [Key: Value]) { for (key, value) in entries { self[key] = value } }

  private func part(of key: Key) -> Int {
    Int(UInt(bitPattern: key.hashValue) % UInt(parts.count))
  }

  func removeAll() { parts = [Part](repeating: Part(), count: parts.count) }
}
