/// Last sequences of subjects lately written to, bounded: two generations, the older one is forgotten whole.
///
/// A class, as a plan looks into it while the writer owns it: a copy of a value would cost as much as the cache is large.
final class SequenceCache {
  private var young: [String: Int64] = [:]
  private var old: [String: Int64] = [:]
  private let generationSize: Int

  init(generationSize: Int) { self.generationSize = generationSize }

  subscript(subject: String) -> Int64? {
    get { young[subject] ?? old[subject] }
    set {
      young[subject] = newValue
      if young.count >= generationSize {
        old = young
        young = [:]
      }
    }
  }

  func removeAll() {
    young = [:]
    old = [:]
  }
}
