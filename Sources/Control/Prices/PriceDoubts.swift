import Domain

/// Providers whose new prices look like errors of units.
///
/// What is new cannot be compared with itself: a whole provider that enters a table ten thousand times too dear would
/// pass. But its models are mostly ones that others serve too. Where most of them, three at least, cost 10 times as much or
/// as little as everywhere else, all that is new from that provider is held.
struct PriceDoubts {
  /// Models of a provider that must be comparable.
  static let fewestModels = 3

  private var reasons: [String: String] = [:]

  /// Why a new price is doubted; nil where it is not.
  func doubt(_ price: Price) -> String? { price.provider.flatMap { reasons[$0] } }

  init(_ table: PriceTable, _ book: PriceBook) {
    let new = table.rows.map(\.price).filter { Self.isCompared($0) && book.predecessor(of: $0) == nil }
    var peers = Peers()
    for price in book.all where Self.isCompared(price) { peers.add(price) }
    for price in new { peers.add(price) }
    let byProvider = Dictionary(grouping: new) { $0.provider ?? "" }
    // First whoever stands apart from all; then without them, so that two in error do not vouch for each other, and one
    // does not make its neighbours look wrong.
    let suspects = byProvider.filter { Count($0.value, peers, without: []).isDoubtful }.keys
    for provider in suspects.sorted() {
      let count = Count(byProvider[provider] ?? [], peers, without: Set(suspects))
      if count.isDoubtful { reasons[provider] = count.reason(provider) }
    }
  }

  /// Plain prices of tokens: what every provider of a model names.
  private static func isCompared(_ price: Price) -> Bool {
    price.provider != nil && price.serviceTier == .standard && price.contextAbove == 0
      && [UsageClass.inputTokens.rawValue, UsageClass.outputTokens.rawValue].contains(price.usageClass)
      && !price.price.amount.isZero
  }
}

/// The prices of each model from every provider.
private struct Peers {
  private var prices: [String: [Price]] = [:]

  mutating func add(_ price: Price) { prices[Self.family(price), default: []].append(price) }

  /// What others take for the same class of the same model.
  func others(_ price: Price, without suspects: Set<String>) -> [Price] {
    (prices[Self.family(price)] ?? []).filter { other in
      other.provider != price.provider && !suspects.contains(other.provider ?? "")
        && other.price.currency == price.price.currency
    }
  }

  /// The last part of the model's name, in lower case, its marks made one: providers spell `-`, `.`, `:` and `@` as they
  /// like.
  private static func family(_ price: Price) -> String {
    let last = price.model.split(separator: "/").last.map(String.init) ?? price.model
    var family = price.usageClass + " "
    for byte in last.lowercased().utf8 {
      let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
      family.unicodeScalars.append(isPlain ? Unicode.Scalar(byte) : "-")
    }
    return family
  }
}

/// How many of a provider's new models stand apart from what others take.
private struct Count {
  private var comparable = 0
  private var dearer = 0
  private var cheaper = 0

  init(_ prices: [Price], _ peers: Peers, without suspects: Set<String>) {
    for (_, prices) in Dictionary(grouping: prices, by: \.model) {
      var isComparable = false
      var (isDearer, isCheaper) = (false, false)
      for price in prices {
        let steps = peers.others(price, without: suspects).map { PriceStep(price, after: $0) }
        guard !steps.isEmpty else { continue }
        isComparable = true
        isDearer = isDearer || steps.allSatisfy { $0 == .raisedTenfold }
        isCheaper = isCheaper || steps.allSatisfy { $0 == .cutTenfold }
      }
      comparable += isComparable ? 1 : 0
      dearer += isDearer ? 1 : 0
      cheaper += isCheaper ? 1 : 0
    }
  }

  var isDoubtful: Bool { comparable >= PriceDoubts.fewestModels && 2 * max(dearer, cheaper) >= comparable }

  func reason(_ provider: String) -> String {
    let (count, side) = dearer >= cheaper ? (dearer, "dearer") : (cheaper, "cheaper")
    return
      "new, and \(count) of \(comparable) models of \(provider) that others serve too are 10 times \(side) or more"
  }
}
