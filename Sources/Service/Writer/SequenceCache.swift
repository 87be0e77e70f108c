/// Last sequences of subjects lately written to, bounded: in two generations, the older one is forgotten whole.
///
/// In many small parts that grow and forget each by itself: one large dictionary would hold a batch up for tens of
/// milliseconds whenever it grows or is forgotten.
///
/// A class, as a plan looks into it while the writer owns it: a copy of a value would cost as much as the cache is large.
final class SequenceCache {
  private struct Part {
    var young: [String: Int64] = [:]
    var old: [String: Int64] = [:]
  }

  private var parts: [Part]
  private let partSize: Int

  /// - Parameter generationSize: Subjects of all parts after which they forget, about: each counts its own.
  init(generationSize: Int) {
    let count = max(1, min(256, generationSize / 256))
    parts = [Part](repeating: Part(), count: count)
    partSize = generationSize / count
  }

  subscript(subject: String) -> Int64? {
    get {
      let part = part(of: subject)
      return parts[part].young[subject] ?? parts[part].old[subject]
    }
    set {
      let part = part(of: subject)
      parts[part].young[subject] = newValue
      if parts[part].young.count >= partSize {
        parts[part].old = parts[part].young
        parts[part].young = [:]
      }
    }
  }

  private func part(of subject: String) -> Int {
    Int(UInt(bitPattern: subject.hashValue) % UInt(parts.count))
  }

  func removeAll() { parts = [Part](repeating: Part(), count: parts.count) }
}
