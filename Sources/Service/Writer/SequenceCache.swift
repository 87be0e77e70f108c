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

  private static let partCount = 256
  private var parts = [Part](repeating: Part(), count: partCount)
  private let partSize: Int

  /// - Parameter generationSize: Subjects that are known at least, once so many were written to; twice as many at most.
  init(generationSize: Int) { partSize = max(1, generationSize / Self.partCount) }

  subscript(subject: String) -> Int64? {
    get {
      let part = Self.part(of: subject)
      return parts[part].young[subject] ?? parts[part].old[subject]
    }
    set {
      let part = Self.part(of: subject)
      parts[part].young[subject] = newValue
      if parts[part].young.count >= partSize {
        parts[part].old = parts[part].young
        parts[part].young = [:]
      }
    }
  }

  private static func part(of subject: String) -> Int { subject.hashValue & (partCount - 1) }

  func removeAll() { parts = [Part](repeating: Part(), count: Self.partCount) }
}
