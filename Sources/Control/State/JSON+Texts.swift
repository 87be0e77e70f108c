import Domain

extension JSON {
  /// The texts of a list that the catalogue checked; an absent list is empty.
  func texts(_ member: String) -> [String] { (self[member]?.elements ?? []).compactMap(\.string) }
}
