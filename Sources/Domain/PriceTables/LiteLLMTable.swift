/// Reads the model price table of the LiteLLM project: a JSON object with a member for each model.
///
/// The text is scanned by the ledger's own scanner, numbers in every form that JSON allows, and each price is exact from
/// the table's text. What cannot be read is told with its place and spoils nothing else; what no usage class covers is
/// counted and left out.
public struct LiteLLMTable {
  /// Longest table, in bytes: ten times today's.
  public static let mostBytes = 16 << 20

  private let lines: LineIndex
  private let currency: Currency
  private let validFrom: Timestamp
  private let providers: [String: String]
  private var table = PriceTable()

  /// The moment that the table says it was updated at; nil where it does not say.
  public static func updatedAt(_ root: JSONView) -> Timestamp? {
    root["last_updated"]?.string.flatMap { Timestamp(rfc3339: $0) }
  }

  /// Scans the text of a table.
  ///
  /// - Throws: where it is no JSON, or longer than `mostBytes`.
  public static func scan(_ bytes: [UInt8]) throws(JSONFaults) -> JSONView {
    try JSONDocument(
      bytes, limits: JSONLimits(depth: 16, bytes: mostBytes, values: mostBytes / 4, isForeign: true)
    ).root
  }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - root: what `scan` answered.
  ///   - validFrom: from when on the prices are to hold.
  ///   - currency: of every price; the table itself is in US dollars.
  ///   - providers: names of providers that the caller wants otherwise than `LiteLLMProviders` has them.
  public static func read(
    _ root: JSONView, validFrom: Timestamp, currency: Currency, providers: [String: String] = [:]
  ) -> PriceTable {
    var reader = LiteLLMTable(
      lines: LineIndex(root.document.bytes), currency: currency, validFrom: validFrom, providers: providers)
    guard root.kind == .object else {
      reader.fault(root, "", "the table is no JSON object")
      return reader.table
    }
    for (name, model) in root.members { reader.read(name.string, model) }
    return reader.table
  }

  private init(lines: LineIndex, currency: Currency, validFrom: Timestamp, providers: [String: String]) {
    self.lines = lines
    self.currency = currency
    self.validFrom = validFrom
    self.providers = providers
  }

  private mutating func fault(_ view: JSONView, _ pointer: String, _ detail: String) {
    table.faults.append(
      PriceTable.Fault(pointer: pointer, line: lines.line(of: view.source.startIndex), detail: detail))
  }

  /// Reads a model.
  private mutating func read(_ name: String, _ model: JSONView) {
    // One documents the fields, one dates the table, one has rules for names.
    if ["sample_spec", "last_updated", "fallback_generalizations"].contains(name) { return }
    let pointer = JSONPlaces.join("", name)
    guard model.kind == .object else { return fault(model, pointer, "a model is a JSON object") }
    guard Self.isName(name) else { return fault(model, pointer, "a model's name is 1 to 128 printable characters") }
    guard let family = model["litellm_provider"]?.string, Self.isName(family) else {
      return fault(model, pointer, "the model names no provider")
    }
    table.models += 1
    let provider = LiteLLMProviders.name(family, map: providers)
    var prices = LiteLLMModel(mode: model["mode"]?.string)
    for (field, value) in model.members where LiteLLMField.isAboutPrices(field.string) {
      let place = JSONPlaces.join(pointer, field.string)
      if field.string == "tiered_pricing" {
        prices.take(tiers: value, pointer: place)
      } else {
        prices.take(field.string, value, pointer: place)
      }
    }
    for (usage, number) in prices.settled() { append(usage, number, model: name, provider: provider) }
    for omitted in prices.omitted { table.omitted[omitted, default: 0] += 1 }
    for (view, pointer, detail) in prices.faults { fault(view, pointer, detail) }
    for prefix in [family + "/", provider + "/"] where name.hasPrefix(prefix) && name.utf8.count > prefix.utf8.count {
      table.names.append(
        PriceTable.Name(alias: String(name.dropFirst(prefix.count)), model: name, provider: provider))
      break
    }
  }

  private mutating func append(
    _ field: LiteLLMField, _ number: LiteLLMModel.Number, model: String, provider: String
  ) {
    guard !number.value.isNegative else { return fault(number.view, number.pointer, "a price is not below zero") }
    guard let (amount, per) = field.price(number.value), amount < Self.unlistable else {
      return fault(number.view, number.pointer, "a price has at most 12 digits before its point and 24 after it")
    }
    table.rows.append(
      PriceTable.Row(
        price: Price(
          id: 0, provider: provider, model: model, usageClass: field.usageClass.rawValue,
          serviceTier: field.serviceTier, contextAbove: field.contextAbove, price: Money(amount, currency), per: per,
          validFrom: validFrom),
        pointer: number.pointer, line: lines.line(of: number.view.source.startIndex)))
  }

  /// 10^12: the catalogue's prices have twelve digits before the point.
  private static let unlistable = Amount(units: 1_000_000_000_000_000_000_000_000)

  private static func isName(_ text: String) -> Bool { text.withUTF8Bytes { TextRules.isToken($0, 128) } }
}

/// Finds the line of a place in a text.
struct LineIndex {
  /// Offsets of the first byte of each line.
  private var starts: [Int] = [0]

  init(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      var offset = 0
      while offset < bytes.count {
        if bytes[offset] == 0x0A { starts.append(offset + 1) }
        offset += 1
      }
    }
  }

  /// From 1.
  func line(of offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
