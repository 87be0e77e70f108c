/// The prices of one model of the LiteLLM table, while its fields are read.
struct LiteLLMModel {
  /// A number with its place.
  struct Number {
    var value: ExactNumber
    var view: JSONView
    var pointer: String
  }

  /// What a price is of.
  private struct Kind: Hashable {
    var usageClass: UsageClass
    var serviceTier: ServiceTier
    var contextAbove: Int64
  }

  let mode: String?
  private var order: [Kind] = []
  private var found: [Kind: [(field: LiteLLMField, number: Number)]] = [:]
  private(set) var omitted: [String] = []
  private(set) var faults: [(view: JSONView, pointer: String, detail: String)] = []

  init(mode: String?) { self.mode = mode }

  /// Takes a field; `contextAbove` is that of the tier it stands in.
  mutating func take(_ name: String, _ value: JSONView, pointer: String, contextAbove: Int64 = 0) {
    guard var field = LiteLLMField(name, mode: mode) else {
      omitted.append(name)
      return
    }
    guard let number = value.numberText.flatMap({ ExactNumber($0) }) else {
      faults.append((value, pointer, "a price is a number of at most \(ExactNumber.mostDigits) digits"))
      return
    }
    field.contextAbove = max(field.contextAbove, contextAbove)
    let kind = Kind(
      usageClass: field.usageClass, serviceTier: field.serviceTier, contextAbove: field.contextAbove)
    if found[kind] == nil { order.append(kind) }
    found[kind, default: []].append((field, Number(value: number, view: value, pointer: pointer)))
  }

  /// Takes a list of context tiers: objects with a `range` of tokens and the prices that hold in it.
  mutating func take(tiers: JSONView, pointer: String) {
    let elements = tiers.elements
    let lows = elements.map { $0["range"]?.elements.first?.numberText.flatMap { ExactNumber($0) }?.integer }
    guard tiers.kind == .array, !elements.isEmpty, lows.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else {
      // Tiers of something else than tokens, such as results of a search.
      omitted.append("tiered_pricing")
      return
    }
    for (index, (tier, low)) in zip(elements, lows).enumerated() {
      let place = JSONPlaces.join(pointer, String(index))
      for (name, value) in tier.members where LiteLLMField.isAboutPrices(name.string) {
        take(name.string, value, pointer: JSONPlaces.join(place, name.string), contextAbove: low ?? 0)
      }
    }
  }

  /// One price of each kind, in the order of the table.
  ///
  /// Several fields may name one kind: an older and a newer name, or input and output of a class that does not tell them
  /// apart. Where they say the same, or one of two directions is free, that is the price; else none is.
  mutating func settled() -> [(LiteLLMField, Number)] {
    var settled: [(LiteLLMField, Number)] = []
    for kind in order {
      guard let candidates = found[kind], let first = candidates.first else { continue }
      let hasTwoDirections = LiteLLMField.hasTwoDirections(kind.usageClass)
      let paid = candidates.filter { $0.number.value.coefficient != 0 }
      let counted = hasTwoDirections && !paid.isEmpty ? paid : candidates
      if Set(counted.map(\.number.value)).count == 1 {
        settled.append(counted[0])
      } else if hasTwoDirections {
        omitted.append("\(kind.usageClass.rawValue): another price in than out")
      } else {
        faults.append((first.number.view, first.number.pointer, "two fields say two prices for the same thing"))
      }
    }
    return settled
  }
}
