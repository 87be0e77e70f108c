/// A number of things as a sentence tells it: `1 event`, `2 events`, `0 events`.
public struct Count: CustomStringConvertible, Sendable {
  private let number: Int64
  private let noun: String

  /// A number of what the noun names, in the singular; the plural is the noun with an s.
  public init(_ number: some BinaryInteger, _ noun: String) {
    self.number = Int64(number)
    self.noun = noun
  }

  /// Number and noun.
  public var description: String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}
