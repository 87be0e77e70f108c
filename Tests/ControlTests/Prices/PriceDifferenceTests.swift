import Control
import Domain
import Testing

/// What an import would do: the five snapshots in the order of their dates.
@Suite struct PriceDifferenceTests {
  /// Lists what passes, as an import does; held prices wait for somebody who never comes.
  private static func importAll() throws -> [String: PriceDifference] {
    var differences: [String: PriceDifference] = [:]
    var present: [PriceKey: Price] = [:]
    var id: Int64 = 0
    for day in LiteLLMSnapshots.days {
      let difference = PriceDifference(try LiteLLMSnapshots.table(day), present: Array(present.values))
      differences[day] = difference
      for price in difference.passing {
        id += 1
        var listed = price
        listed.id = id
        present[PriceKey(price)] = listed
      }
    }
    return differences
  }

  private struct PriceKey: Hashable {
    var texts: [String]
    init(_ price: Price) {
      texts = [
        price.model, price.provider ?? "", price.usageClass, price.serviceTier.rawValue, String(price.contextAbove),
      ]
    }
  }

  @Test("the real errors of the five snapshots are held, and the real cut passes")
  func snapshots() throws {
    let differences = try Self.importAll()
    let counts = LiteLLMSnapshots.days.map { day in
      PriceDifference.Fate.allCases.map { differences[day]?.lines($0).count ?? -1 }
    }
    // new, unchanged, raised, cut, held, removed
    #expect(
      counts == [
        [2_430, 0, 0, 0, 0, 0], [62, 2_424, 0, 6, 0, 0], [3_090, 2_338, 20, 20, 211, 110],
        [208, 5_434, 1, 31, 34, 110], [2_826, 4_960, 30, 23, 46, 752],
      ])
    let june = try #require(differences["2025-06-12"])
    let o3 = try #require(june.lines.first { $0.price.model == "o3" && $0.price.usageClass == "input_tokens" })
    #expect(o3.fate == .cut)
    #expect("\(o3.before?.price.amount, default: "") -> \(o3.price.price.amount)" == "10 -> 2")

    // Novita enters ten thousand times too dear: nothing of its own to compare with, and held all the same.
    let january = try #require(differences["2026-01-12"])
    let novita = january.lines.filter { $0.price.provider == "novita" }
    #expect(novita.count == 179)
    #expect(novita.allSatisfy { $0.fate == .held && $0.before == nil })
    #expect(
      novita.first?.why == "new, and 49 of 49 models of novita that others serve too are 10 times dearer or more")
    let repaired = try #require(differences["2026-01-14"]).lines.filter { $0.price.provider == "novita" }
    #expect(repaired.allSatisfy { $0.fate == .new })
    let v32 = repaired.first { $0.price.model.hasSuffix("v3.2") && $0.price.usageClass == "input_tokens" }
    #expect(v32?.price.price.amount == Amount("0.269"))

    // What else is held: one provider more with errors of units, and changes of 10 times or more.
    let others = january.lines(.held).filter { $0.price.provider != "novita" }
    #expect(Set(others.filter { $0.before == nil }.compactMap(\.price.provider)) == ["wandb"])
    #expect(
      others.filter { $0.before != nil }.map { "\($0.price.model) \($0.why ?? "")" } == [
        "mistral/magistral-small-2506 raised_tenfold", "mistral/magistral-small-2506 raised_tenfold",
        "watsonx/ibm/granite-3-8b-instruct cut_tenfold", "watsonx/ibm/granite-3-8b-instruct cut_tenfold",
      ])
  }

  private func table(_ prices: [Price]) -> PriceTable {
    var table = PriceTable()
    table.rows = prices.map { PriceTable.Row(price: $0, pointer: "/\($0.model)", line: 1) }
    return table
  }

  private func price(
    _ model: String, _ amount: String, provider: String = "p", per: Int64 = 1_000_000, id: Int64 = 0,
    above: Int64 = 0, currency: String = "USD", usageClass: String = "input_tokens"
  ) -> Price {
    Price(
      id: id, provider: provider, model: model, usageClass: usageClass, contextAbove: above,
      price: Money(Amount(amount)!, Currency(currency)!), per: per, validFrom: Timestamp(microseconds: 0))
  }

  @Test("a price is compared by what a unit costs, however it is written")
  func fates() {
    let present = [
      price("same", "1.5", id: 1), price("raised", "1", id: 2), price("cut", "1", id: 3), price("ten", "1", id: 4),
      price("tenth", "1", id: 5), price("free", "0", id: 6), price("tofree", "1", id: 7),
      price("euro", "1", id: 8), price("gone", "1", id: 9), price("kept", "1", provider: "other", id: 10),
    ]
    let listed = [
      price("same", "0.0015", per: 1_000), price("raised", "9.999999999999"), price("cut", "0.100000000001"),
      price("ten", "10"), price("tenth", "0.1"), price("free", "0.000000000001"), price("tofree", "0"),
      price("euro", "1", currency: "EUR"), price("new", "1000000"), price("new", "0", usageClass: "output_tokens"),
    ]
    let difference = PriceDifference(table(listed), present: present)
    #expect(
      difference.lines.map { "\($0.price.model) \($0.fate)\($0.why.map { " " + $0 } ?? "")" } == [
        "same unchanged", "raised raised", "cut cut", "ten held raised_tenfold", "tenth held cut_tenfold",
        "free held raised_tenfold", "tofree held cut_tenfold", "euro held other_currency", "new new", "new new",
        "gone removed",
      ])
  }

  @Test("a new context tier is compared with the price that held in it")
  func tiers() {
    let present = [price("m", "1", id: 1)]
    let difference = PriceDifference(
      table([price("m", "1"), price("m", "2", above: 200_000), price("m", "10", above: 500_000)]), present: present)
    #expect(difference.lines.map(\.fate) == [.unchanged, .new, .held])
  }

  @Test("a provider whose models cost ten times as much as everywhere else is doubted as a whole")
  func doubts() {
    func providers(_ amounts: [String: String], _ models: [String]) -> [Price] {
      models.flatMap { model in
        amounts.sorted { $0.key < $1.key }.map { price("\($0.key)/\(model)", $0.value, provider: $0.key) }
      }
    }
    let three = providers(["a": "1", "b": "2", "wrong": "20"], ["x-1", "y:2", "z@3"])
    let alone = price("wrong/unheard-of", "20", provider: "wrong")
    let held = PriceDifference(table(three + [alone]), present: []).lines(.held)
    #expect(Set(held.map(\.price.provider)) == ["wrong"])
    #expect(held.count == 4)
    // Two models are too few to say so, and what is listed already is no news.
    #expect(
      PriceDifference(table(providers(["a": "1", "wrong": "20"], ["x", "y"])), present: []).lines(.held).isEmpty)
    let known = three.enumerated().map { index, price in
      var price = price
      price.id = Int64(index + 1)
      return price
    }
    #expect(PriceDifference(table(three), present: known).lines(.held).isEmpty)
  }
}
