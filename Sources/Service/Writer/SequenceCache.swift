/// Last sequences of subjects lately written to, bounded: two generations, the older one is forgotten whole.
struct SequenceCache {
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

  mutating func removeAll() {
    young = [:]
    old = [:]
  }
}
